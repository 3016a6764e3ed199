"""Review rounds: send for review, verdict per section, return or accept.

A verdict stands until an answer of its section changes; so a returned assessment is reviewed
again only where it was touched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, delete, func, insert, select

from assessments import questionnaire
from assessments.errors import BadInput, NotPossibleNow
from assessments.questionnaire import Template
from assessments.questionnaire.current import find_assessment
from assessments.records.actor import Actor
from assessments.records.store import Change, Event, Records
from assessments.records.tables import answer, verdict
from assessments.review.lifecycle import Action, State
from assessments.review.moves import move
from assessments.review.parts import check_part


class Verdict(StrEnum):
    """What a reviewer says of a section."""

    ACCEPTED = "accepted"
    CHANGES_REQUESTED = "changes_requested"


@dataclass(frozen=True, slots=True)
class SectionVerdict:
    """The latest word on a section; ``is_current`` is false once an answer changed after it."""

    section_id: str
    verdict: Verdict
    comment: str
    reviewer_id: str
    round: int
    at: datetime
    is_current: bool


def submit(records: Records, actor: Actor, assessment_id: str) -> State:
    """Send for review: every required question answered and no blocking lint open."""
    with records.change(actor) as change:
        row = find_assessment(change.connection, assessment_id)
        check_part(change.connection, assessment_id, actor.person_id, "author")
        questionnaire.check_ready(change.connection, assessment_id)
        return move(change, row, Action.SUBMIT)


def give_verdict(
    records: Records,
    actor: Actor,
    assessment_id: str,
    section_id: str,
    given: Verdict,
    comment: str = "",
) -> None:
    """Accept a section or ask for changes; the first verdict takes the assessment into review."""
    if given is Verdict.CHANGES_REQUESTED and not comment.strip():
        raise BadInput(
            "Say what should change",
            "A request for changes needs a comment that the author can act on.",
            field="comment",
        )
    with records.change(actor) as change:
        row = find_assessment(change.connection, assessment_id)
        check_part(change.connection, assessment_id, actor.person_id, "reviewer")
        _check_section(change.connection, assessment_id, section_id)
        if row["state"] == State.SUBMITTED:
            move(change, row, Action.TAKE_UP)
            row = find_assessment(change.connection, assessment_id)
        if row["state"] != State.IN_REVIEW:
            raise NotPossibleNow(
                "The assessment is not in review", f"It is {row['state'].replace('_', ' ')}."
            )
        _write_verdict(
            change, row["project_id"], assessment_id, row["round"], section_id, given, comment
        )


def finish_review(records: Records, actor: Actor, assessment_id: str, *, reason: str = "") -> State:
    """Close the round: return it when a section asks for changes, else pass it on."""
    with records.change(actor) as change:
        row = find_assessment(change.connection, assessment_id)
        check_part(change.connection, assessment_id, actor.person_id, "reviewer")
        template = questionnaire.template_of(change.connection, assessment_id)
        found = section_verdicts(change.connection, assessment_id, template)
        applying = questionnaire.load_in(change.connection, assessment_id).sections
        words = [found[s.id] for s in applying if s.id in found]
        if any(v.is_current and v.verdict is Verdict.CHANGES_REQUESTED for v in words):
            return move(change, row, Action.RETURN, reason=reason)
        missing = [s.title for s in applying if not _is_accepted(found.get(s.id))]
        if missing:
            raise NotPossibleNow(
                "Some sections have no verdict yet", f"Still to review: {'; '.join(missing)}."
            )
        onward = Action.ACCEPT if "dpo" in template.roles else Action.FORWARD
        return move(change, row, onward, reason=reason)


def section_verdicts(
    connection: Connection, assessment_id: str, template: Template
) -> Mapping[str, SectionVerdict]:
    """The latest verdict of each section that has one."""
    changed = _last_changes(connection, assessment_id, template)
    rows = connection.execute(
        select(verdict).where(verdict.c.assessment_id == assessment_id).order_by(verdict.c.at)
    ).mappings()
    return {
        row["section_id"]: SectionVerdict(
            section_id=row["section_id"],
            verdict=Verdict(row["verdict"]),
            comment=row["comment"],
            reviewer_id=row["reviewer_id"],
            round=row["round"],
            at=row["at"],
            is_current=changed.get(row["section_id"], row["at"]) <= row["at"],
        )
        for row in rows
    }


def _is_accepted(found: SectionVerdict | None) -> bool:
    return found is not None and found.is_current and found.verdict is Verdict.ACCEPTED


def _last_changes(
    connection: Connection, assessment_id: str, template: Template
) -> dict[str, datetime]:
    times = connection.execute(
        select(answer.c.question_id, func.max(answer.c.updated_at))
        .where(answer.c.assessment_id == assessment_id)
        .group_by(answer.c.question_id)
    ).all()
    section_of = {q.id: section.id for section in template.sections for q in section.questions}
    latest: dict[str, datetime] = {}
    for question_id, at in times:
        section_id = section_of.get(question_id)
        moment = datetime.fromisoformat(at) if isinstance(at, str) else at
        if section_id is not None and latest.get(section_id, moment) <= moment:
            latest[section_id] = moment
    return latest


def _check_section(connection: Connection, assessment_id: str, section_id: str) -> None:
    template = questionnaire.template_of(connection, assessment_id)
    if section_id not in {section.id for section in template.sections}:
        raise BadInput(f"There is no section {section_id}", field="section")


def _write_verdict(
    change: Change,
    scope: str,
    assessment_id: str,
    round_number: int,
    section_id: str,
    given: Verdict,
    comment: str,
) -> None:
    key = {
        "assessment_id": assessment_id,
        "round": round_number,
        "section_id": section_id,
        "reviewer_id": change.actor.person_id,
    }
    change.apply(
        Event(
            action="section.reviewed",
            kind="assessment",
            id=assessment_id,
            permission="assessment.review",
            scope=scope,
            facts={"section": section_id, "verdict": given.value, "round": round_number},
            private={"comment": comment} if comment else None,
        ),
        delete(verdict).where(*(verdict.c[name] == value for name, value in key.items())),
        insert(verdict).values(**key, verdict=given.value, comment=comment, at=change.now),
    )
