"""A newer version of an assessment's template: what it changes, taking it on, and going back."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from assessments.errors import WorkbenchError
from assessments.questionnaire import Assessment
from assessments.questionnaire.upgrade import (
    last_upgrade,
    left_answers,
    newer_template,
    undo_upgrade,
    upgrade,
)
from assessments.questionnaire.versions import Kind, compare_versions
from dashboard import identity, state
from dashboard.components.boxes import error_box
from dashboard.components.markup import Tag
from dashboard.components.tables import table
from dashboard.reading import facts
from dashboard.text import say, words

KINDS = {
    Kind.NEW: Tag("New", "info"),
    Kind.GONE: Tag("Gone", "warn"),
    Kind.RENAMED: Tag("Renamed"),
    Kind.RETYPED: Tag("Asked differently", "warn"),
    Kind.REWORDED: Tag("Other words"),
}


def newer_version(found: Assessment) -> None:
    """Nothing is shown while the assessment is on the newest version and nothing was left behind."""
    can_write = found.can_write(identity.current_person().id)
    if can_write:
        _offer(found)
    with state.records().read() as connection:
        left = left_answers(connection, found.id)
        last = last_upgrade(connection, found.id)
    if left:
        st.header(say("Set aside by a new version of the questions"), anchor=False)
        table(
            say("Answers that could not be carried over"),
            [say("Question"), say("Answer"), say("Why")],
            [[item.title, item.text or None, item.reason] for item in left],
            key="left-answers",
        )
    if can_write and last is not None and last.is_undoable:
        back = say("Go back to version {version}", version=last.from_version)
        if st.button(back, key="undo-upgrade"):
            _act(lambda: undo_upgrade(state.records(), identity.current_actor(), found.id))


def _offer(found: Assessment) -> None:
    newest = newer_template(found)
    if newest is None:
        return
    st.header(say("A newer version of the questions"), anchor=False)
    st.write(
        say(
            "This assessment is on version {old}; version {new} is there. Answers move with their "
            "questions; what does not fit is kept beside them with the reason. You can go back "
            "until you change an answer.",
            old=found.template.version,
            new=newest.version,
        )
    )
    table(
        say("What the new version changes"),
        [say("Question"), say("Change"), say("In detail")],
        [
            [change.title, Tag(say(KINDS[change.kind].text), KINDS[change.kind].tone),
             ", ".join(words(part) for part in change.parts) or None]
            for change in compare_versions(found.template, newest)
        ],
        key="versions",
    )  # fmt: skip
    if st.button(say("Take the new version on"), key="upgrade"):
        _act(lambda: upgrade(state.records(), identity.current_actor(), found.id, facts()))


def _act(act: Callable[[], object]) -> None:
    try:
        act()
    except WorkbenchError as error:
        error_box(error, key="upgrade-error")
        return
    st.rerun()
