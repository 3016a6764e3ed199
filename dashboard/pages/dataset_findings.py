"""What a dataset's class needs and has, and what was found in its fields: as tables, and to be closed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta

import streamlit as st
from duckdb import DuckDBPyConnection

from assessments.actions import Action, about_fields, dismiss_field, promise_field
from assessments.errors import WorkbenchError
from assessments.records.permissions import EVERYWHERE, has_permission
from dashboard import identity, state
from dashboard.components import Columns, Link, Tag, announce, empty, error_box, go, table
from dashboard.components.markup import Cell
from dashboard.inventory.findings import NAME, FieldFinding, open_findings
from dashboard.inventory.query import Row
from dashboard.reading import names_of
from dashboard.text import counted, day, number, period, say, words

DUE = 30


def controls(found: list[Row]) -> None:
    """Each control that the class needs, those that are missing first."""
    st.header(say("Controls of its class"), anchor=False)
    if not found:
        empty(say("Nothing needed"), say("The policy asks no control of this class."), key="no-controls")  # fmt: skip
        return
    columns: Columns = [say("Control"), say("What the class needs"), say("What is there"), say("State")]  # fmt: skip
    lines: list[list[Cell]] = [
        [words(row["control"]), _needed(row), _present(row), _state(row)] for row in found
    ]  # fmt: skip
    table(say("Controls, those that are missing first"), columns, lines, key="controls")


def _needed(row: Row) -> str:
    return {
        "encryption": say("Stored data is encrypted"),
        "masking": say("Identities are hidden"),
        "enclave": say("Work inside an enclave"),
    }.get(row["control"]) or say("Kept for at most {period}", period=period(row["longest"]))


def _present(row: Row) -> str:
    if row["control"] == "retention":
        return period(row["present"])
    known = {
        "encrypted": say("Encrypted"),
        "not encrypted": say("Not encrypted"),
        "enclave": say("Enclave"),
        "open system": say("Open system"),
        "not stated": say("Not stated"),
        "the system is not in the inventory": say("The system is not in the inventory"),
    }
    return known.get(row["present"]) or words(row["present"])


def _state(row: Row) -> Tag:
    if row["is_met"]:
        return Tag(say("In place"), "good")
    return Tag(say("Missing since {day}", day=day(row["since"])), "bad")


def findings(cursor: DuckDBPyConnection, dataset: Row) -> None:
    """Undeclared personal data, and two ways to close each finding."""
    with state.records().read() as connection:
        actions = about_fields(connection)
    found = open_findings(cursor, actions, dataset["dataset_id"])
    if not found:
        return
    st.header(say("Undeclared personal data"), anchor=False)
    columns: Columns = [
        say("Field"), say("Declared as"), say("Looks like"), say("Found by"), say("Share of values"),
        say("Shape"), say("Action"),
    ]  # fmt: skip
    caption = counted(len(found), "open finding", "open findings")
    table(caption, columns, [_line(each) for each in found], key="field-findings")
    _forms(dataset, found)


def _line(each: FieldFinding) -> list[Cell]:
    action = Link(each.action_id, "action", {"id": each.action_id}) if each.action_id else None
    return [
        each.field,
        words(each.declared or ""),
        Tag(words(each.category), "warn" if each.found_by == NAME else "bad"),
        _found_by(each.found_by),
        _share(each),
        each.masked,
        action,
    ]


def _found_by(name: str) -> str:
    known = {NAME: say("Its name"), "inventory": say("The scan of the inventory")}
    return known.get(name, name)


def _share(each: FieldFinding) -> str | None:
    if each.share is None:
        return None
    if each.low is None or each.high is None:
        return f"{number(100 * each.share)} %"
    return say(
        "{share} % (95 %: {low} to {high})",
        share=number(100 * each.share, 1),
        low=number(100 * each.low, 1),
        high=number(100 * each.high, 1),
    )


def _forms(dataset: Row, found: list[FieldFinding]) -> None:
    project = next(iter(dataset["project_ids"] or []), EVERYWHERE)
    actor = identity.current_actor()
    with state.records().read() as connection:
        may_add = has_permission(connection, actor, "action.add", project)
        may_drop = has_permission(connection, actor, "action.drop", project)
    people = names_of("person")
    if may_add:
        _promise(project, [each for each in found if not each.action_id], people, dataset)
    if may_add and may_drop:
        _dismiss(project, found, people, dataset)


def _promise(
    project: str, found: list[FieldFinding], people: Mapping[str, str], dataset: Row
) -> None:
    if not found:
        return
    today = datetime.now(UTC).date()
    with st.expander(say("Have it put right")), st.form("promise-field", border=False):
        chosen = _choose(found, "promise-which")
        owner = _owner(people, dataset, say("Who puts it right"), "promise-owner")
        due = st.date_input(
            say("Due"), today + timedelta(days=DUE), min_value=today, format="YYYY-MM-DD"
        )
        if st.form_submit_button(say("Make it an action")):
            by = due if isinstance(due, date) else today
            _act(dataset, lambda: promise_field(
                state.records(), identity.current_actor(), chosen, owner, by, project))  # fmt: skip


def _dismiss(
    project: str, found: list[FieldFinding], people: Mapping[str, str], dataset: Row
) -> None:
    with st.expander(say("It is not personal data")), st.form("dismiss-field", border=False):
        st.write(
            say(
                "The reason is kept with your name and closes this finding. Whoever answers for the "
                "dataset cannot give it."
            )
        )
        chosen = _choose(found, "dismiss-which")
        owner = _owner(people, dataset, say("Who answers for the dataset"), "dismiss-owner")
        reason = st.text_area(say("It is not personal data, because"), height=100)
        if st.form_submit_button(say("Close the finding")):
            _act(dataset, lambda: dismiss_field(
                state.records(), identity.current_actor(), chosen, owner, reason, project))  # fmt: skip


def _choose(found: list[FieldFinding], key: str) -> str:
    names = {each.ref: f"{each.field}: {words(each.category)}" for each in found}
    chosen = st.selectbox(say("Finding"), list(names), format_func=lambda ref: names[ref], key=key)
    return str(chosen)


def _owner(people: Mapping[str, str], dataset: Row, label: str, key: str) -> str:
    known = list(people)
    index = known.index(dataset["owner_id"]) if dataset["owner_id"] in people else None
    chosen = st.selectbox(
        label, known, index, format_func=lambda i: people[i], placeholder=say("Choose a person"),
        key=key,
    )  # fmt: skip
    return chosen or ""


def _act(dataset: Row, act: Callable[[], Action]) -> None:
    try:
        act()
    except WorkbenchError as error:
        error_box(error, key="finding-error")
        return
    announce(say("It is kept."))
    go("dataset", id=dataset["dataset_id"])
