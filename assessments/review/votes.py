"""Votes of reviewers on sections, and who may see them when.

A vote of the running round is its reviewer's own secret: a colleague sees it once both have voted on
that section, everybody else once the round is closed. So a second vote is not an echo of the first.
A vote stands until an answer of its section changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, func, select

from assessments.questionnaire import Template
from assessments.questionnaire.current import find_assessment
from assessments.records.tables import answer, verdict
from assessments.review.lifecycle import State
from assessments.review.policy import policy_of
from assessments.review.seats import Seat, count_needed, list_seats
from assessments.review.tables import settlement

REVIEWING = frozenset({State.SUBMITTED, State.IN_REVIEW})


class Verdict(StrEnum):
    """What a reviewer says of a section."""

    ACCEPTED = "accepted"
    CHANGES_REQUESTED = "changes_requested"


@dataclass(frozen=True, slots=True)
class Vote:
    """One reviewer's word on a section; ``is_current`` is false once an answer changed after it."""

    section_id: str
    verdict: Verdict
    comment: str
    reviewer_id: str
    round: int
    at: datetime
    is_current: bool


@dataclass(frozen=True, slots=True)
class Settlement:
    """What the lead made of two votes that disagree, and why."""

    section_id: str
    verdict: Verdict
    reason: str
    by: str
    round: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a section stands: the votes that count, and what settled them. For the core, not for readers."""

    votes: tuple[Vote, ...]
    needed: int
    settled: Settlement | None = None

    @property
    def is_complete(self) -> bool:
        return len(self.votes) >= self.needed

    @property
    def is_disputed(self) -> bool:
        """All votes are in, they differ, and nobody has settled it."""
        return self.is_complete and self.verdict is None

    @property
    def verdict(self) -> Verdict | None:
        """The word on the section; None while it is not complete or not agreed."""
        if self.settled is not None:
            return self.settled.verdict
        said = {vote.verdict for vote in self.votes}
        return said.pop() if self.is_complete and len(said) == 1 else None


def standings(
    connection: Connection, assessment_id: str, template: Template
) -> Mapping[str, Standing]:
    """Every section with a vote: one anew in this round makes older ones on that section void."""
    row = find_assessment(connection, assessment_id)
    seats = list_seats(connection, assessment_id)
    needed = count_needed(template, seats)
    settled = _settlements(connection, assessment_id)
    found: dict[str, list[Vote]] = {}
    for vote in all_votes(connection, assessment_id, template):
        if _counts(vote, seats):
            found.setdefault(vote.section_id, []).append(vote)
    return {
        section_id: _standing(votes, row["round"], needed, settled.get(section_id))
        for section_id, votes in found.items()
    }


def visible_votes(
    connection: Connection, assessment_id: str, template: Template, reader: str | None
) -> list[Vote]:
    """The votes that this reader may see now, oldest first; no reader: what everybody may see."""
    row = find_assessment(connection, assessment_id)
    votes = all_votes(connection, assessment_id, template)
    if row["state"] not in REVIEWING:
        return votes
    opened = _opened_to(connection, assessment_id, template, reader)
    return [
        vote
        for vote in votes
        if vote.round < row["round"] or vote.reviewer_id == reader or vote.section_id in opened
    ]


def visible_settlements(
    connection: Connection, assessment_id: str, template: Template, reader: str | None
) -> Mapping[str, Settlement]:
    """What the lead settled, for those who see the votes behind it."""
    row = find_assessment(connection, assessment_id)
    found = _settlements(connection, assessment_id)
    if row["state"] not in REVIEWING:
        return found
    opened = _opened_to(connection, assessment_id, template, reader)
    return {
        name: said for name, said in found.items() if said.round < row["round"] or name in opened
    }


def all_votes(connection: Connection, assessment_id: str, template: Template) -> list[Vote]:
    """Every vote, oldest first. Only for rules: whoever shows votes asks ``visible_votes``."""
    changed = _last_changes(connection, assessment_id, template)
    rows = connection.execute(
        select(verdict).where(verdict.c.assessment_id == assessment_id).order_by(verdict.c.at)
    ).mappings()
    return [
        Vote(
            section_id=row["section_id"],
            verdict=Verdict(row["verdict"]),
            comment=row["comment"],
            reviewer_id=row["reviewer_id"],
            round=row["round"],
            at=row["at"],
            is_current=changed.get(row["section_id"], row["at"]) <= row["at"],
        )
        for row in rows
    ]


def _opened_to(
    connection: Connection, assessment_id: str, template: Template, reader: str | None
) -> frozenset[str]:
    """The sections of the running round on which this reader may see every vote."""
    if reader not in {seat.reviewer_id for seat in list_seats(connection, assessment_id)}:
        return frozenset()
    found = standings(connection, assessment_id, template)
    is_blind = policy_of(template).is_blind
    return frozenset(name for name, at in found.items() if at.is_complete or not is_blind)


def _counts(vote: Vote, seats: tuple[Seat, ...]) -> bool:
    """Votes of those who sit now; an assessment from before seats has votes and no seats."""
    return vote.is_current and (
        not seats or any(vote.reviewer_id == seat.reviewer_id for seat in seats)
    )


def _standing(votes: list[Vote], now: int, needed: int, settled: Settlement | None) -> Standing:
    fresh = [vote for vote in votes if vote.round == now]
    newest = {vote.reviewer_id: vote for vote in fresh or votes}
    counted = tuple(newest[name] for name in sorted(newest))
    last = max(vote.at for vote in counted)
    is_met = len(counted) >= needed and settled is not None and settled.at >= last
    return Standing(counted, needed, settled if is_met else None)


def _settlements(connection: Connection, assessment_id: str) -> dict[str, Settlement]:
    rows = connection.execute(
        select(settlement)
        .where(settlement.c.assessment_id == assessment_id)
        .order_by(settlement.c.round)
    )
    return {
        row.section_id: Settlement(
            row.section_id, Verdict(row.verdict), row.reason, row.by, row.round, row.at
        )
        for row in rows
    }


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
        if section_id is not None and latest.get(section_id, at) <= at:
            latest[section_id] = at
    return latest
