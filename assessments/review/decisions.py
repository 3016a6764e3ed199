"""The officer's advice, the risk owner's decision, and the conditions that follow from it.

Sources: GDPR Art. 35(2) and 39(1)(c) (advice of the data protection officer), Art. 36 (prior
consultation), WP248 rev.01 section III.D (the controller decides and justifies deviations).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import uuid4

from sqlalchemy import Connection, RowMapping, insert, select, update
from sqlalchemy.sql.base import Executable

from assessments import questionnaire
from assessments.actions.closing import check_usable
from assessments.errors import BadInput, NotFound, NotPossibleNow
from assessments.grants.giving import give_grant
from assessments.questionnaire.current import find_assessment
from assessments.records.actor import Actor
from assessments.records.permissions import PERMISSIONS, principals_of
from assessments.records.store import Change, Event, Records
from assessments.records.tables import assessment, condition, decision, opinion, person
from assessments.review.approval import (
    check_consulted,
    check_views,
    review_date,
    supersede,
    weigh_advice,
)
from assessments.review.freeze import freeze
from assessments.review.lifecycle import Action, State
from assessments.review.moves import move
from assessments.review.parts import enter_part


class Position(StrEnum):
    """What the data protection officer advises."""

    PROCEED = "proceed"
    PROCEED_WITH_CHANGES = "proceed_with_changes"
    DO_NOT_PROCEED = "do_not_proceed"


class Outcome(StrEnum):
    """What the risk owner decides."""

    APPROVED = "approved"
    APPROVED_WITH_CONDITIONS = "approved_with_conditions"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class NewCondition:
    """Something that must be done, by whom and by when; without both it is a wish."""

    text: str
    owner_id: str
    due_on: date


_ACTIONS = {
    Outcome.APPROVED: Action.APPROVE,
    Outcome.APPROVED_WITH_CONDITIONS: Action.APPROVE_WITH_CONDITIONS,
    Outcome.REJECTED: Action.REJECT,
}


def advise(
    records: Records, actor: Actor, assessment_id: str, position: Position, text: str
) -> State:
    """Record the data protection officer's advice and pass the assessment to the risk owner."""
    if not text.strip():
        raise BadInput("The advice needs a text", "Say what you advise and why.", field="text")
    with records.change(actor) as change:
        row = find_assessment(change.connection, assessment_id)
        enter_part(change, row, "dpo")
        written = insert(opinion).values(
            assessment_id=assessment_id,
            round=row["round"],
            by=actor.person_id,
            position=position.value,
            text=text.strip(),
            at=change.now,
        )
        return move(
            change,
            row,
            Action.ADVISE,
            written,
            facts={"position": position.value},
            private={"text": text.strip()},
        )


def decide(
    records: Records,
    actor: Actor,
    assessment_id: str,
    outcome: Outcome,
    reason: str,
    conditions: tuple[NewCondition, ...] = (),
    *,
    is_followed: bool | None = None,
    overruling: str = "",
) -> State:
    """Approve, approve with conditions, or reject; the record is frozen at once.

    An approval grants what the template says that it grants, in the same transaction. is_followed and
    overruling: what becomes of the officer's advice, see ``approval.weigh_advice``.
    """
    _check_decision(outcome, reason, conditions)
    with records.change(actor) as change:
        row = find_assessment(change.connection, assessment_id)
        enter_part(change, row, "approver")
        if outcome is not Outcome.REJECTED:
            _check_approvable(change.connection, assessment_id, outcome)
        _check_owners(change.connection, conditions)
        advice = latest_opinion(change.connection, assessment_id)
        followed = weigh_advice(
            advice["position"] if advice else None, outcome.value, is_followed, overruling, reason
        )
        state = move(
            change,
            row,
            _ACTIONS[outcome],
            _decision_row(change, row, outcome, reason, followed),
            *(_condition_row(assessment_id, n, c) for n, c in enumerate(conditions, start=1)),
            facts={
                "outcome": outcome.value,
                "conditions": len(conditions),
                "advice_followed": followed[0],
            },
            reason=reason,
            private={"reason": reason, "overruling": followed[1]},
        )
        if outcome is not Outcome.REJECTED:
            _approve(change, row)
        freeze(change, assessment_id)
        return state


def return_to_author(records: Records, actor: Actor, assessment_id: str, reason: str) -> State:
    """Send an assessment back instead of deciding it, as the approver."""
    if not reason.strip():
        raise BadInput("Say why it goes back", "The author reads it.", field="reason")
    with records.change(actor) as change:
        row = find_assessment(change.connection, assessment_id)
        enter_part(change, row, "approver")
        if row["state"] != State.DECISION_PENDING:
            raise NotPossibleNow("The assessment does not wait for a decision")
        return move(change, row, Action.RETURN, reason=reason.strip())


def close_condition(
    records: Records, actor: Actor, condition_id: str, note: str, evidence: str | None = None
) -> None:
    """Close a condition, saying how it was met; neither its owner nor who stands in for them can."""
    if not note.strip():
        raise BadInput("Say how the condition was met", field="note")
    with records.change(actor) as change:
        row = change.connection.execute(
            select(condition).where(condition.c.id == condition_id)
        ).mappings().first()  # fmt: skip
        if row is None:
            raise NotFound(f"There is no condition {condition_id}", field="condition")
        if row["closed_at"] is not None:
            raise NotPossibleNow("The condition is closed already")
        scope = find_assessment(change.connection, row["assessment_id"])["project_id"]
        closing = {
            actor.person_id,
            *(
                principal
                for role in PERMISSIONS["condition.close"]
                for principal in principals_of(change.connection, actor.person_id, role, scope)
            ),
        }
        if row["owner_id"] in closing:
            raise NotPossibleNow(
                "The owner of a condition cannot close it alone",
                "Ask the privacy office or the approver to confirm.",
            )
        if evidence:
            check_usable(change, evidence)
        change.apply(
            Event("condition.closed", "condition", condition_id, "condition.close", scope,
                  {"assessment": row["assessment_id"], "evidence": evidence}, {"note": note}),
            update(condition).where(condition.c.id == condition_id).values(
                closed_at=change.now, closed_by=actor.person_id, closing_note=note,
                closing_evidence=evidence or None),
        )  # fmt: skip


def latest_opinion(connection: Connection, assessment_id: str) -> RowMapping | None:
    """The officer's advice of the newest round that has one."""
    return connection.execute(
        select(opinion)
        .where(opinion.c.assessment_id == assessment_id)
        .order_by(opinion.c.round.desc())
    ).mappings().first()  # fmt: skip


def latest_decision(connection: Connection, assessment_id: str) -> RowMapping | None:
    """The decision of the newest round that has one."""
    return connection.execute(
        select(decision)
        .where(decision.c.assessment_id == assessment_id)
        .order_by(decision.c.round.desc())
    ).mappings().first()  # fmt: skip


def list_conditions(connection: Connection, assessment_id: str) -> list[RowMapping]:
    """The conditions of an approval in their order."""
    return list(
        connection.execute(
            select(condition)
            .where(condition.c.assessment_id == assessment_id)
            .order_by(condition.c.position)
        ).mappings()
    )


def _check_decision(outcome: Outcome, reason: str, conditions: tuple[NewCondition, ...]) -> None:
    if not reason.strip():
        raise BadInput(
            "A decision needs a reason", "The reason is part of the signed report.", field="reason"
        )
    if outcome is Outcome.APPROVED_WITH_CONDITIONS and not conditions:
        raise BadInput(
            "List at least one condition", "Or approve without conditions.", field="conditions"
        )
    if outcome is not Outcome.APPROVED_WITH_CONDITIONS and conditions:
        raise BadInput("Conditions belong to 'approved with conditions'", field="conditions")
    if any(not item.text.strip() for item in conditions):
        raise BadInput("A condition needs a text", field="conditions")


def _check_owners(connection: Connection, conditions: tuple[NewCondition, ...]) -> None:
    for item in conditions:
        known = connection.execute(select(person.c.id).where(person.c.id == item.owner_id)).first()
        if known is None:
            raise BadInput(f"There is no person {item.owner_id}", field="conditions")


def _check_approvable(connection: Connection, assessment_id: str, outcome: Outcome) -> None:
    questionnaire.check_ready(connection, assessment_id)
    if outcome is Outcome.APPROVED:
        questionnaire.check_approvable(connection, assessment_id)
    check_consulted(connection, assessment_id)
    check_views(connection, assessment_id)


def _approve(change: Change, row: RowMapping) -> None:
    """What follows from an approval: its last day, the end of the one before, and what it grants."""
    due = review_date(change.connection, row["id"], change.now.date())
    change.connection.execute(
        update(assessment).where(assessment.c.id == row["id"]).values(review_due_on=due)
    )
    supersede(change, row)
    give_grant(change, row["id"])


def _decision_row(
    change: Change,
    row: RowMapping,
    outcome: Outcome,
    reason: str,
    followed: tuple[bool | None, str],
) -> Executable:
    return insert(decision).values(
        assessment_id=row["id"],
        round=row["round"],
        by=change.actor.person_id,
        outcome=outcome.value,
        reason=reason.strip(),
        opinion_followed=followed[0],
        overruled_reason=followed[1] or None,
        at=change.now,
    )


def _condition_row(assessment_id: str, position: int, item: NewCondition) -> Executable:
    return insert(condition).values(
        id=f"cond-{uuid4().hex[:12]}",
        assessment_id=assessment_id,
        position=position,
        text=item.text.strip(),
        owner_id=item.owner_id,
        due_on=item.due_on,
    )
