"""Prior consultation of the supervisory authority (GDPR Art. 36), from the request to its answer.

The approver asks, the clock runs, and the assessment comes back for its decision when the answer is
there. Without an answer it comes back only after the period has passed: silence is no approval, but
the law does not stop the controller for longer.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update
from sqlalchemy.sql.base import Executable

from assessments.errors import BadInput, NotFound, NotPossibleNow
from assessments.questionnaire import load_pack
from assessments.questionnaire.current import find_assessment
from assessments.records.actor import Actor
from assessments.records.store import Change, Event, Records
from assessments.review.clock import Clock, Pause, consultation_clock
from assessments.review.lifecycle import Action, State
from assessments.review.moves import move
from assessments.review.parts import enter_part
from assessments.review.tables import consultation, consultation_pause

PACK = "prior_consultation"
MAX_NAME = 200


@dataclass(frozen=True, slots=True)
class Consultation:
    """One request to the authority; answer is None while it is open, empty when none came."""

    number: int
    authority: str
    reference: str
    received_on: date
    sent: tuple[str, ...]
    extended_on: date | None
    extension_reason: str
    pauses: tuple[Pause, ...]
    closed_on: date | None
    answer: str | None

    def clock(self, today: date) -> Clock:
        return consultation_clock(
            self.received_on, self.pauses, today, is_extended=self.extended_on is not None
        )


def things_to_send() -> tuple[Mapping[str, Any], ...]:
    """The checklist of Art. 36(3): id, title, source, and whether it is always needed."""
    return load_pack(PACK).entries("sends")


def consult(
    records: Records,
    actor: Actor,
    assessment_id: str,
    authority: str,
    received_on: date,
    sent: Collection[str],
    *,
    reference: str = "",
) -> State:
    """Record that the authority has got the request; the decision waits from now on."""
    _check_request(authority, reference, sent)
    with records.change(actor) as change:
        row = find_assessment(change.connection, assessment_id)
        enter_part(change, row, "approver")
        _check_day(change, received_on, None, "received_on")
        number = 1 + len(list_consultations(change.connection, assessment_id))
        made = insert(consultation).values(
            assessment_id=assessment_id,
            number=number,
            authority=authority.strip(),
            reference=reference.strip(),
            received_on=received_on,
            sent=sorted(sent),
            asked_by=actor.person_id,
        )
        return move(
            change, row, Action.CONSULT, made,
            facts={"received_on": received_on.isoformat(), "sent": sorted(sent)},
            private={"authority": authority.strip(), "reference": reference.strip()},
        )  # fmt: skip


def extend(records: Records, actor: Actor, assessment_id: str, on: date, reason: str) -> None:
    """The authority takes six weeks more and says why."""
    _check_text(reason, "reason", "The authority gives a reason for the extension")
    with records.change(actor) as change:
        row, running = _running(change, assessment_id)
        if running.extended_on is not None:
            raise NotPossibleNow("The period is extended already", "It can be extended once.")
        _check_day(change, on, running.received_on, "on")
        written = update(consultation).values(extended_on=on, extension_reason=reason.strip())
        _write(change, row, "extended", on, {"reason": reason.strip()},
               written.where(*_key(consultation, assessment_id, running)))  # fmt: skip


def suspend(records: Records, actor: Actor, assessment_id: str, on: date, wanted: str) -> None:
    """The authority asks for information; the clock stands still."""
    _check_text(wanted, "wanted", "Say what the authority wants to know")
    with records.change(actor) as change:
        row, running = _running(change, assessment_id)
        if any(pause.ended_on is None or pause.ended_on > on for pause in running.pauses):
            raise NotPossibleNow("The clock stands still already at that time")
        _check_day(change, on, running.received_on, "on")
        made = insert(consultation_pause).values(
            assessment_id=assessment_id, number=running.number, began_on=on, wanted=wanted.strip()
        )
        _write(change, row, "suspended", on, {"wanted": wanted.strip()}, made)


def answer_request(records: Records, actor: Actor, assessment_id: str, on: date) -> None:
    """The authority has what it asked for; the clock goes on."""
    with records.change(actor) as change:
        row, running = _running(change, assessment_id)
        pause = next((p for p in running.pauses if p.ended_on is None), None)
        if pause is None:
            raise NotPossibleNow("The authority waits for nothing")
        _check_day(change, on, pause.began_on, "on")
        _write(change, row, "continued", on, {}, _ending(assessment_id, running, on))


def close_consultation(
    records: Records, actor: Actor, assessment_id: str, on: date, answer: str = ""
) -> State:
    """Record the authority's answer, or that none came in time; the decision goes on."""
    with records.change(actor) as change:
        row, running = _running(change, assessment_id)
        enter_part(change, row, "approver")
        _check_day(change, on, running.received_on, "on")
        clock = running.clock(on)
        if not answer.strip() and not clock.is_over(on):
            raise NotPossibleNow(
                "The authority has still time to answer",
                "The clock stands still while it waits for information."
                if clock.is_suspended
                else f"Its period ends on {clock.due_on.isoformat()}.",
                field="answer",
            )
        written = update(consultation).where(*_key(consultation, assessment_id, running))
        return move(
            change, row, Action.RESUME,
            written.values(closed_on=on, answer=answer.strip()),
            _ending(assessment_id, running, on),
            facts={"closed_on": on.isoformat(), "answered": bool(answer.strip())},
            private={"answer": answer.strip()},
        )  # fmt: skip


def list_consultations(connection: Connection, assessment_id: str) -> tuple[Consultation, ...]:
    """Every consultation about an assessment, oldest first."""
    pauses: dict[int, list[Pause]] = {}
    for row in connection.execute(
        select(consultation_pause)
        .where(consultation_pause.c.assessment_id == assessment_id)
        .order_by(consultation_pause.c.began_on)
    ):
        pauses.setdefault(row.number, []).append(Pause(row.began_on, row.ended_on, row.wanted))
    rows = connection.execute(
        select(consultation)
        .where(consultation.c.assessment_id == assessment_id)
        .order_by(consultation.c.number)
    )
    return tuple(
        Consultation(
            row.number, row.authority, row.reference, row.received_on, tuple(row.sent),
            row.extended_on, row.extension_reason or "", tuple(pauses.get(row.number, ())),
            row.closed_on, row.answer,
        )
        for row in rows
    )  # fmt: skip


def _running(change: Change, assessment_id: str) -> tuple[RowMapping, Consultation]:
    row = find_assessment(change.connection, assessment_id)
    running = [
        item
        for item in list_consultations(change.connection, assessment_id)
        if item.closed_on is None
    ]
    if row["state"] != State.PRIOR_CONSULTATION or not running:
        raise NotFound("No consultation of the authority is running", field="consultation")
    return row, running[-1]


def _key(table: Any, assessment_id: str, running: Consultation) -> tuple[Any, ...]:
    return (table.c.assessment_id == assessment_id, table.c.number == running.number)


def _ending(assessment_id: str, running: Consultation, on: date) -> Executable:
    return (
        update(consultation_pause)
        .where(
            *_key(consultation_pause, assessment_id, running),
            consultation_pause.c.ended_on.is_(None),
        )
        .values(ended_on=on)
    )


def _write(
    change: Change,
    row: RowMapping,
    verb: str,
    on: date,
    private: dict[str, str],
    statement: Executable,
) -> None:
    """The clock is kept by the approver or the privacy office: whoever hears from the authority."""
    change.apply(
        Event(
            f"consultation.{verb}", "assessment", row["id"], "consultation.keep",
            row["project_id"], {"on": on.isoformat()}, private or None,
        ),
        statement,
    )  # fmt: skip


def _check_request(authority: str, reference: str, sent: Collection[str]) -> None:
    if not 0 < len(authority.strip()) <= MAX_NAME or len(reference) > MAX_NAME:
        raise BadInput(
            "Name the authority", f"Name and reference have up to {MAX_NAME} characters.",
            field="authority",
        )  # fmt: skip
    known = {item["id"]: item for item in things_to_send()}
    strange = sorted(set(sent) - known.keys())
    if strange:
        raise BadInput(f"There is nothing called {strange[0][:40]} to send", field="sent")
    missing = [
        item for name, item in known.items() if item["needed"] == "always" and name not in sent
    ]
    if missing:
        raise BadInput(
            "The authority has to get more than that",
            "; ".join(f"{item['title']} ({item['source']})" for item in missing),
            field="sent",
        )


def _check_text(text: str, field: str, title: str) -> None:
    if not text.strip():
        raise BadInput(title, field=field)


def _check_day(change: Change, day: date, first: date | None, field: str) -> None:
    if day > change.now.date():
        raise BadInput("That day has not come yet", "Record what has happened.", field=field)
    if first is not None and day < first:
        raise BadInput(
            "That is too early", f"It cannot be before {first.isoformat()}.", field=field
        )
