"""One assessment: its task list for the author, and the next step for everybody else."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from sqlalchemy import RowMapping

from assessments import questionnaire
from assessments.evidence import list_uses
from assessments.questionnaire import Assessment, TaskStatus
from assessments.records.people import Person
from assessments.review import rounds
from assessments.review.decisions import list_conditions
from assessments.review.lifecycle import DECIDED, WAITS_FOR, State
from assessments.review.moves import trail
from assessments.review.parts import can_play
from assessments.views import forms_for
from dashboard import identity, state
from dashboard.components import Item, Link, Tag, link_list, notice, page_head, table, tags
from dashboard.pages.assessments import state_tag
from dashboard.pages.handing_back import offer_withdrawal
from dashboard.reading import find_readable, names_of
from dashboard.text import counted, day, moment, say

PARTS = {
    "author": "author",
    "reviewer": "reviewer",
    "dpo": "data protection officer",
    "approver": "approver",
    "supervisory authority": "supervisory authority",
}
_TURNS = {
    State.SUBMITTED: ("reviewer", "Review this assessment", "review"),
    State.IN_REVIEW: ("reviewer", "Review this assessment", "review"),
    State.OPINION: ("dpo", "Give your advice", "decision"),
    State.DECISION_PENDING: ("approver", "Decide", "decision"),
}
_TAGS = {
    TaskStatus.NOT_STARTED: Tag("Not yet started", "info"),
    TaskStatus.IN_PROGRESS: Tag("In progress", "info"),
    TaskStatus.COMPLETED: Tag("Completed"),
    TaskStatus.CANNOT_START: Tag("Cannot start yet"),
    TaskStatus.CHANGES_REQUESTED: Tag("Changes requested", "warn"),
}


def render() -> None:
    """Head, next step, tasks, conditions, trail."""
    found = find_readable()
    person = identity.current_person()
    with state.records().read() as connection:
        verdicts = rounds.section_verdicts(connection, found.id, found.template)
        conditions = list_conditions(connection, found.id)
        steps = trail(connection, found.id)
    page_head(found.title, found.template.title, [Link(say("Assessments"), "assessments")])
    tags([state_tag(found.state)])
    tasks = questionnaire.tasks(found.template, found.answers, verdicts)
    _next_step(found, person)
    done = sum(task.status is TaskStatus.COMPLETED for task in tasks)
    st.header(say("Tasks"), anchor=False)
    st.write(say("{done} of {all} tasks are complete.", done=done, all=len(tasks)))
    can_write = found.can_write(person.id)
    link_list([("", [_item(found.id, task, can_write) for task in tasks])])
    _more(found, bool(verdicts))
    if conditions:
        _conditions(conditions)
    offer_withdrawal(found, person)
    if steps:
        _trail(steps)


def _more(found: Assessment, is_reviewed: bool) -> None:
    here = {"assessment": found.id}
    pages = [Item("", Link(say("All answers on one page"), "check_answers", here))]
    if is_reviewed:
        pages.append(Item("", Link(say("Verdicts and comments of the review"), "review", here)))
        pages.append(Item("", Link(say("Risks, advice and decision"), "decision", here)))
    if found.template.record.inherent:
        pages.append(Item("", Link(say("Risks on their map, and safer options"), "risks", here)))
    pages.append(Item("", Link(say("What changed in the sources"), "changes", here)))
    pages.append(Item("", Link(say("Actions and conditions"), "actions", here)))
    pages.append(Item("", Link(say("Two states of it side by side"), "compare", here)))
    with state.records().read() as connection:
        if list_uses(connection, found.id):
            pages.append(
                Item("", Link(say("Evidence, and until when it is good"), "evidence", here))
            )
    if forms_for(found.template.id):
        pages.append(Item("", Link(say("Laid out for an authority or a standard"), "view", here)))
    pages.append(Item("", Link(say("For Word, a spreadsheet or another tool"), "take_out", here)))
    link_list([(say("Read more"), pages)], key="more")


def _item(assessment_id: str, task: questionnaire.Task, can_write: bool) -> Item:
    params = {"assessment": assessment_id}
    page = "check_answers"
    if can_write and task.first_open is not None:
        page, params = "question", params | {"q": task.first_open}
    is_closed = task.status is TaskStatus.CANNOT_START
    link = None if is_closed else Link(task.title, page, params)
    hint = task.reason or say("{done} of {all} answered", done=task.answered, all=task.asked)
    tag = _TAGS[task.status]
    return Item(task.title, link, hint, Tag(say(tag.text), tag.tone))


def _next_step(found: Assessment, person: Person) -> None:
    text, page = _step(found, person)
    if page:
        link = Link(text, page, {"assessment": found.id})
        link_list([("", [Item("", link)])], key="next")
    else:
        notice(text, key="next")


def _step(found: Assessment, person: Person) -> tuple[str, str]:
    """What this person can do now, and on which page; no page when it is somebody else's turn."""
    if found.can_write(person.id):
        return say("Check your answers and send for review"), "check_answers"
    if found.state in DECIDED:
        return say("Report, signatures and download"), "report"
    part, text, page = _TURNS.get(State(found.state), ("", "", ""))
    with state.records().read() as connection:
        is_free = bool(part) and can_play(connection, found.id, person.id, part)
    if part in person.roles and is_free:
        return say(text), page
    return _waiting(found, part if part in person.roles else ""), ""


def _waiting(found: Assessment, refused: str) -> str:
    if refused:
        return say("You have played another part here, so somebody else has to act.")
    waits_for = WAITS_FOR.get(State(found.state))
    if waits_for is None:
        return say("Nothing is to be done here now. You can read every answer.")
    who = say(PARTS[waits_for])
    return say("This waits for the {who}. You can read every answer.", who=who)


def _conditions(rows: Sequence[RowMapping]) -> None:
    st.header(say("Conditions of the approval"), anchor=False)
    people = names_of("person")
    table(
        say("Conditions"),
        [say("Condition"), say("Owner"), say("Due"), say("State")],
        [
            [row["text"], people.get(row["owner_id"], row["owner_id"]), day(row["due_on"]),
             Tag(say("Closed"), "good") if row["closed_at"] else Tag(say("Open"), "warn")]
            for row in rows
        ],
        key="conditions",
    )  # fmt: skip


def _trail(rows: Sequence[RowMapping]) -> None:
    people = names_of("person")
    with st.expander(counted(len(rows), "step so far", "steps so far")):
        table(
            say("Steps"),
            [say("When"), say("Who"), say("From"), say("To"), say("Reason")],
            [
                [moment(row["at"]), people.get(row["by"], row["by"]), state_tag(row["from_state"]),
                 state_tag(row["to_state"]), row["reason"] or "–"]
                for row in rows
            ],
            key="steps",
        )  # fmt: skip
