"""A table answer: its rows as a readable table, and one plain form to add, change or remove a row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from assessments import questionnaire
from assessments.questionnaire import Assessment, Column, Question, Type
from dashboard.components.fields import answer_field
from dashboard.components.tables import table
from dashboard.reading import names_of, naming
from dashboard.text import counted, say

_NEW = ""


def rows_editor(
    found: Assessment,
    question: Question,
    rows: list[dict[str, Any]],
    *,
    save: Callable[[list[dict[str, Any]]], None],
    disabled: bool = False,
) -> None:
    """Rows, then the form; ``save`` gets all rows. After each change the form is empty again."""
    st.caption(counted(len(rows), "row", "rows"))
    if rows:
        texts = questionnaire.table_texts(found.template, found.answers, question.id, naming())
        table(
            question.title,
            [column.title for column in question.columns],
            [[cell or None for cell in row] for row in texts],
            key=f"rows-{question.id}",
        )
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
    _form(found, question, rows, current, save)


def _form(
    found: Assessment,
    question: Question,
    rows: list[dict[str, Any]],
    current: dict[str, Any],
    save: Callable[[list[dict[str, Any]]], None],
) -> None:
    row_id = current.get("id")
    place = f"{found.id}:{question.id}:{row_id or len(rows)}"
    with st.form(f"form:{place}"):
        cells = {
            column.id: answer_field(
                column.shape, column.title, current.get(column.id), key=f"cell:{place}:{column.id}",
                choices=_choices(found, column), hint=column.hint, show_label=True,
            )
            for column in question.columns
        }  # fmt: skip
        with st.container(horizontal=True):
            kept = st.form_submit_button(say("Save this row") if row_id else say("Add this row"))
            gone = (
                st.form_submit_button(say("Remove this row"), type="tertiary") if row_id else False
            )
    if kept:
        changed = {"id": row_id} | cells
        save(
            [changed if row["id"] == row_id else row for row in rows]
            if row_id
            else [*rows, changed]
        )
        st.rerun()
    if gone:
        save([row for row in rows if row["id"] != row_id])
        st.rerun()


def _choices(found: Assessment, column: Column) -> dict[str, str]:
    if column.shape.references:
        return questionnaire.reference_choices(
            found.template, found.answers, column.shape.references
        )
    if column.type is Type.PERSON:
        return dict(names_of("person"))
    return dict(names_of(column.shape.inventory)) if column.shape.inventory else {}
