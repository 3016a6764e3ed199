"""A table answer: its rows as a readable table, and one plain form to add, change or remove a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import streamlit as st

from assessments import questionnaire
from assessments.errors import WorkbenchError
from assessments.evidence.media import EXTENSIONS
from assessments.questionnaire import Assessment, Column, Question, Type
from dashboard.components.boxes import field_error
from dashboard.components.fields import Choices, answer_field, searched
from dashboard.components.files import keep_files, leave_problems, show_problems
from dashboard.components.tables import table
from dashboard.reading import names_of, naming
from dashboard.text import counted, say

_NEW = ""
Cells = dict[str, Any]
Rows = list[Cells]
Save = Callable[[Rows], None]


def rows_editor(
    found: Assessment,
    question: Question,
    rows: Rows,
    *,
    save: Save,
    problem: WorkbenchError | None = None,
    disabled: bool = False,
) -> None:
    """Rows, then the form; ``save`` gets all rows. After each change the form is empty again.

    problem: why the last change was not saved; it is said under the cell that it names.
    """
    _rows(found, question, len(rows))
    if disabled:
        return
    labels = {
        row["id"]: f"{number}. {questionnaire.row_label(question, row)}"
        for number, row in enumerate(rows, 1)
    }
    version = found.versions.get(question.id, 0)
    chosen = st.selectbox(
        say("Choose a row to change, or add one"), [_NEW, *labels], key=f"row:{found.id}:{question.id}:{version}",
        format_func=lambda i: labels[i] if i else say("Add a row"),
    )  # fmt: skip
    current = next((row for row in rows if row["id"] == chosen), {})
    _form(found, question, rows, current, save, problem)
    show_problems()


def _rows(found: Assessment, question: Question, count: int) -> None:
    st.caption(counted(count, "row", "rows"))
    if count:
        texts = questionnaire.table_texts(found.template, found.answers, question.id, naming())
        titles = [column.title for column in question.columns]
        cells = [[cell or None for cell in row] for row in texts]
        table(question.title, titles, cells, key=f"rows-{question.id}")


def _form(
    found: Assessment,
    question: Question,
    rows: Rows,
    current: Cells,
    save: Save,
    problem: WorkbenchError | None,
) -> None:
    row_id = current.get("id")
    place = f"{found.id}:{question.id}:{row_id or len(rows)}"
    number = next((n for n, row in enumerate(rows, 1) if row["id"] == row_id), len(rows) + 1)
    choices = _all_choices(found, question, current, place)
    keys = {column.id: f"cell:{place}:{column.id}" for column in question.columns}

    def act(pressed: str) -> None:
        """Before the next run, on the rows that were shown: what somebody else did is a conflict."""
        cells = {name: st.session_state.get(key) for name, key in keys.items()}
        if pressed == "keep":
            _keep_uploads(found, question, cells, keys)
        save(_changed(rows, {"id": row_id} | cells, number - 1, pressed))

    with st.form(f"form:{place}"):
        for column in question.columns:
            _cell(column, current.get(column.id), keys[column.id], choices[column.id], problem)
        _buttons(row_id, number, len(rows), act)
    if problem is not None and "column" not in problem.where:
        field_error(problem, key="wrong-row")


def _all_choices(
    found: Assessment, question: Question, current: Cells, place: str
) -> dict[str, Choices]:
    """What each cell may name; a search stands above the form where there is much to choose from."""
    return {
        column.id: searched(
            _choices(found, column), current.get(column.id), key=f"search:{place}:{column.id}",
            what=column.title,
        )
        for column in question.columns
    }  # fmt: skip


def _cell(
    column: Column, value: Any, key: str, choices: Choices, problem: WorkbenchError | None
) -> None:
    """One input, and under it what is wrong with it."""
    answer_field(column.shape, column.title, value, key=key, choices=choices, hint=column.hint,
                 show_label=True)  # fmt: skip
    if column.type is Type.FILE:
        _uploader(column, key)
    if problem is not None and problem.where.get("column") == column.title:
        field_error(problem, key=f"wrong-{column.id}")


def _uploader(column: Column, key: str) -> None:
    st.file_uploader(
        say("Add files to {column}", column=column.title),
        type=[extension.removeprefix(".") for extension in EXTENSIONS],
        accept_multiple_files=True,
        key=f"upload-{key}",
    )


def _keep_uploads(
    found: Assessment, question: Question, cells: Cells, keys: Mapping[str, str]
) -> None:
    """Files of a cell are kept when the row is; one that is refused keeps nothing else back."""
    for column in question.columns:
        uploaded = st.session_state.get(f"upload-{keys[column.id]}") or []
        if column.type is Type.FILE and uploaded:
            added, problems = keep_files(found, uploaded)
            leave_problems(problems)
            cells[column.id] = list(dict.fromkeys([*(cells[column.id] or []), *added]))


def _buttons(row_id: str | None, number: int, count: int, act: Callable[[str], None]) -> None:
    offered = {"keep": say("Save this row") if row_id else say("Add this row")}
    if row_id is not None:
        offered |= {"up": say("Move up")} if number > 1 else {}
        offered |= {"down": say("Move down")} if number < count else {}
        offered |= {"remove": say("Remove this row")}
    with st.container(horizontal=True):
        for name, words in offered.items():
            kind: Literal["secondary", "tertiary"] = "secondary" if name == "keep" else "tertiary"
            st.form_submit_button(words, type=kind, on_click=act, args=(name,))


def _changed(rows: Rows, row: Cells, at: int, pressed: str) -> Rows:
    """All rows after one act on the row at this place."""
    others = [*rows[:at], *rows[at + 1 :]]
    if pressed == "remove":
        return others
    if pressed in ("up", "down"):
        to = at - 1 if pressed == "up" else at + 1
        return [*others[:to], rows[at], *others[to:]]
    return [*rows[:at], row, *rows[at + 1 :]]


def _choices(found: Assessment, column: Column) -> dict[str, str]:
    if column.shape.references:
        return questionnaire.reference_choices(
            found.template, found.answers, column.shape.references
        )
    if column.type in (Type.PERSON, Type.FILE):
        return dict(names_of("person" if column.type is Type.PERSON else "evidence"))
    return dict(names_of(column.shape.inventory)) if column.shape.inventory else {}
