"""Findings that are set aside with a reason: proposed by who writes, accepted by somebody else.

A warning is set aside when it is proposed. What blocks sending or approval counts only once somebody
else has accepted it (``review.acceptance``). A deviation stands while the answers that the finding
rests on are the same (``fingerprint``): when they change it has lapsed, and when exactly they come
back it stands again. Comply or explain: WP248 rev.01, section III.D.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from sqlalchemy import Connection, insert, select, update

from assessments.errors import BadInput, NotFound, NotPermitted
from assessments.questionnaire.answers import Answers
from assessments.questionnaire.fingerprint import fingerprint
from assessments.questionnaire.lints import Finding, lint
from assessments.questionnaire.tables import lint_deviation
from assessments.questionnaire.template import Severity, Template
from assessments.questionnaire.view import View
from assessments.records.store import Change, Event

MAX_REASON = 4_000


class FindingState(StrEnum):
    """Where a finding stands."""

    OPEN = "open"
    PROPOSED = "proposed"
    LAPSED = "lapsed"
    SET_ASIDE = "set_aside"


@dataclass(frozen=True, slots=True)
class Deviation:
    """One wish to set a finding aside; accepted_by is None while nobody else stands behind it."""

    id: str
    rule: str
    place: str
    severity: Severity
    fingerprint: str
    reason: str
    proposed_by: str
    proposed_at: datetime
    accepted_by: str | None
    accepted_as: str | None
    accepted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding with the newest word on it."""

    finding: Finding
    state: FindingState
    deviation: Deviation | None = None

    @property
    def is_open(self) -> bool:
        """Whether the finding still counts."""
        return self.state is not FindingState.SET_ASIDE


def judge(
    template: Template, answers: Answers, deviations: Iterable[Deviation] = ()
) -> list[Judged]:
    """Every finding with its state, in the order of ``lint``."""
    by_key: dict[tuple[str, str], list[Deviation]] = {}
    for item in deviations:
        by_key.setdefault((item.rule, item.place), []).append(item)
    view = View(template, answers)
    return [
        _judged(view, finding, by_key.get((finding.rule, finding.place), []))
        for finding in lint(template, answers)
    ]


def _judged(view: View, finding: Finding, said: Sequence[Deviation]) -> Judged:
    if not said:
        return Judged(finding, FindingState.OPEN)
    present = fingerprint(view, finding)
    standing = [item for item in said if item.fingerprint == present]
    accepted = [item for item in standing if item.accepted_by is not None]
    if accepted:
        return Judged(finding, FindingState.SET_ASIDE, accepted[-1])
    if standing:
        return Judged(finding, FindingState.PROPOSED, standing[-1])
    return Judged(finding, FindingState.LAPSED, said[-1])


def find_judged(judged: Iterable[Judged], key: str) -> Judged:
    """The finding that ``rule`` or ``rule:place`` names, or NotFound."""
    found = next((item for item in judged if item.finding.key == key), None)
    if found is None:
        raise NotFound(
            "There is no such finding now",
            "Findings are named as the list of findings names them: RULE or RULE:ROW.",
            field="finding",
        )
    return found


def read_deviations(connection: Connection, assessment_id: str) -> tuple[Deviation, ...]:
    """What was proposed and not withdrawn, oldest first."""
    rows = connection.execute(
        select(lint_deviation)
        .where(
            lint_deviation.c.assessment_id == assessment_id,
            lint_deviation.c.withdrawn_at.is_(None),
        )
        .order_by(lint_deviation.c.proposed_at, lint_deviation.c.id)
    )
    return tuple(
        Deviation(
            row.id, row.rule, row.place, Severity(row.severity), row.fingerprint, row.reason,
            row.proposed_by, row.proposed_at, row.accepted_by, row.accepted_as, row.accepted_at,
        )
        for row in rows
    )  # fmt: skip


def propose_in(
    change: Change, assessment_id: str, scope: str, view: View, found: Judged, reason: str
) -> str:
    """Write a proposal; the caller has checked that this person may write."""
    said = reason.strip()
    if not said or len(said) > MAX_REASON:
        raise BadInput(
            "Setting a finding aside needs a reason",
            f"The reason is part of the signed record; at most {MAX_REASON} characters.",
            field="reason",
        )
    finding, deviation_id = found.finding, f"dev-{uuid4().hex[:12]}"
    is_accepted = finding.severity is Severity.WARNING
    change.apply(
        _event("proposed", assessment_id, scope, "assessment.write", deviation_id, finding.rule,
               finding.severity, {"place": finding.place, "reason": said}),
        insert(lint_deviation).values(
            id=deviation_id,
            assessment_id=assessment_id,
            rule=finding.rule,
            place=finding.place,
            severity=finding.severity.value,
            fingerprint=fingerprint(view, finding),
            reason=said,
            proposed_by=change.actor.person_id,
            proposed_at=change.now,
            accepted_by=change.actor.person_id if is_accepted else None,
            accepted_as="author" if is_accepted else None,
            accepted_at=change.now if is_accepted else None,
        ),
    )  # fmt: skip
    return deviation_id


def accept_in(change: Change, assessment_id: str, scope: str, found: Deviation, part: str) -> None:
    """Write an acceptance; the caller has checked the part that this person plays."""
    change.apply(
        _event("accepted", assessment_id, scope, "deviation.accept", found.id, found.rule,
               found.severity),
        update(lint_deviation).where(lint_deviation.c.id == found.id).values(
            accepted_by=change.actor.person_id, accepted_as=part, accepted_at=change.now),
    )  # fmt: skip


def withdraw_in(change: Change, assessment_id: str, scope: str, found: Deviation) -> None:
    """Take a proposal or an acceptance back; only who gave it can."""
    who = change.actor.person_id
    if who not in {found.proposed_by, found.accepted_by}:
        raise NotPermitted("Only who proposed or accepted it can take it back", field="deviation")
    permission = "assessment.write" if who == found.proposed_by else "deviation.accept"
    change.apply(
        _event("withdrawn", assessment_id, scope, permission, found.id, found.rule, found.severity),
        update(lint_deviation).where(lint_deviation.c.id == found.id).values(
            withdrawn_by=who, withdrawn_at=change.now),
    )  # fmt: skip


def _event(
    verb: str,
    assessment_id: str,
    scope: str,
    permission: str,
    deviation_id: str,
    rule: str,
    severity: Severity,
    private: dict[str, str] | None = None,
) -> Event:
    facts = {"deviation": deviation_id, "rule": rule, "severity": severity.value}
    return Event(
        f"deviation.{verb}", "assessment", assessment_id, permission, scope, facts, private
    )
