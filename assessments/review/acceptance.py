"""Setting a finding aside: the author proposes with a reason, somebody else accepts.

What blocks sending or approval counts only when a reviewer or the data protection officer stands
behind it, and whoever does has played that part in this assessment from then on (four-eyes rule).
"""

from __future__ import annotations

from sqlalchemy import Connection, RowMapping

from assessments.errors import NotFound, NotPermitted, NotPossibleNow
from assessments.questionnaire.current import find_assessment, load_in
from assessments.questionnaire.deviations import (
    Deviation,
    FindingState,
    accept_in,
    find_judged,
    judge,
    propose_in,
    read_deviations,
    withdraw_in,
)
from assessments.questionnaire.session import check_writable
from assessments.questionnaire.view import View
from assessments.records.actor import Actor
from assessments.records.people import Person
from assessments.records.permissions import active_roles
from assessments.records.store import Change, Records
from assessments.review.lifecycle import WAITS_FOR
from assessments.review.parts import can_play, enter_part

ACCEPTING = ("reviewer", "dpo")


def propose_deviation(
    records: Records, actor: Actor, assessment_id: str, key: str, reason: str
) -> Deviation:
    """Ask to set the finding aside that ``rule`` or ``rule:place`` names; a warning is set aside."""
    with records.change(actor) as change:
        row = check_writable(change, assessment_id)
        found = load_in(change.connection, assessment_id)
        judged = find_judged(judge(found.template, found.answers, found.deviations), key)
        if judged.state in {FindingState.PROPOSED, FindingState.SET_ASIDE}:
            raise NotPossibleNow(
                "This finding has a deviation already",
                "Take it back first to give another reason.",
                field="finding",
            )
        view = View(found.template, found.answers)
        made = propose_in(change, assessment_id, row["project_id"], view, judged, reason)
        return _find(read_deviations(change.connection, assessment_id), made)


def accept_deviation(records: Records, actor: Actor, assessment_id: str, key: str) -> Deviation:
    """Stand behind what somebody else proposed, as reviewer or as data protection officer."""
    with records.change(actor) as change:
        row = _undecided(change, assessment_id)
        found = load_in(change.connection, assessment_id)
        judged = find_judged(judge(found.template, found.answers, found.deviations), key)
        if judged.deviation is None or judged.state is not FindingState.PROPOSED:
            raise NotPossibleNow(
                "There is no deviation to accept",
                f"The finding is {judged.state.value.replace('_', ' ')}.",
                field="finding",
            )
        part = _part(change, row)
        accept_in(change, assessment_id, row["project_id"], judged.deviation, part)
        return _find(read_deviations(change.connection, assessment_id), judged.deviation.id)


def withdraw_deviation(
    records: Records, actor: Actor, assessment_id: str, deviation_id: str
) -> None:
    """Take a proposal or an acceptance back: the finding is open again."""
    with records.change(actor) as change:
        row = _undecided(change, assessment_id)
        found = _find(read_deviations(change.connection, assessment_id), deviation_id)
        if actor.person_id == found.proposed_by:
            check_writable(change, assessment_id)
        withdraw_in(change, assessment_id, row["project_id"], found)


def can_accept(connection: Connection, assessment_id: str, person: Person) -> bool:
    """Whether pages should offer this person to accept a deviation."""
    return any(
        part in person.roles and can_play(connection, assessment_id, person.id, part)
        for part in ACCEPTING
    )


def _part(change: Change, row: RowMapping) -> str:
    """The part in which this person may accept; NotPermitted says which part stands against it."""
    person_id = change.actor.person_id
    roles = active_roles(change.connection, person_id, row["project_id"], change.now)
    held = [part for part in ACCEPTING if part in roles]
    if not held:
        raise NotPermitted(
            "Only a reviewer or the data protection officer accepts a deviation",
            "Whoever proposed it asks one of them.",
            field="deviation.accept",
        )
    for part in held:
        if can_play(change.connection, row["id"], person_id, part):
            enter_part(change, row, part)
            return part
    enter_part(change, row, held[0])
    return held[0]


def _undecided(change: Change, assessment_id: str) -> RowMapping:
    row = find_assessment(change.connection, assessment_id)
    if row["state"] not in WAITS_FOR:
        raise NotPossibleNow(
            "The assessment is decided",
            "What its record says of findings stands as it was decided on.",
        )
    return row


def _find(found: tuple[Deviation, ...], deviation_id: str) -> Deviation:
    for item in found:
        if item.id == deviation_id:
            return item
    raise NotFound(f"There is no deviation {deviation_id[:40]}", field="deviation")
