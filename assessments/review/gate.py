"""The release gate: everything that keeps a project from being released, each with its reason.

A gate is open when every kind of assessment that the policy asks for is approved, its conditions and
actions are kept, and what it rests on still holds (GDPR Art. 35(1): the assessment comes before the
processing; 35(11)); or while an override by two people covers all that stands against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from assessments.actions.action import Status
from assessments.actions.reading import list_actions
from assessments.evidence.uses import list_expired
from assessments.questionnaire import Severity, judge, load_in
from assessments.questionnaire.triggers import open_triggers, standing_approvals
from assessments.records.tables import assessment, condition
from assessments.review.gate_policy import Block, GatePolicy, Needed, gate_policy
from assessments.review.lifecycle import VALID_APPROVALS, State
from assessments.review.override import Override, list_overrides
from assessments.review.screened_out import is_screened_out

_REGISTERED = "dpia"
"""The kind of assessment that imported registers speak of."""


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing that keeps the gate closed. since: the day from which it counts, where known.

    subject: the id of what it is about, so that the same reason is known again.
    """

    kind: str
    what: str
    since: str | None = None
    subject: str = ""

    @property
    def key(self) -> str:
        """By which an override names the reason."""
        return f"{self.kind}:{self.subject}"

    def as_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {"kind": self.kind, "what": self.what, "since": self.since, "subject": self.subject}


@dataclass(frozen=True, slots=True)
class Gate:
    """The answer for one project."""

    project: str
    reasons: tuple[Blocker, ...]
    override: Override | None = None

    @property
    def is_open(self) -> bool:
        """Open when nothing blocks, or an override covers all that does."""
        return not self.reasons or self.override is not None

    @property
    def is_inconclusive(self) -> bool:
        """Closed only because measurements do not tell."""
        return not self.is_open and {r.kind for r in self.reasons} == {"leakage_inconclusive"}

    def as_dict(self) -> dict[str, Any]:
        """The JSON form."""
        override = self.override
        return {
            "project": self.project,
            "open": self.is_open,
            "reasons": [reason.as_dict() for reason in self.reasons],
            "override": override and {
                "id": override.id, "until": override.until.isoformat(), "reason": override.reason,
                "asked_by": override.asked_by, "granted_by": override.granted_by,
            },
        }  # fmt: skip

    def __repr__(self) -> str:
        return f"Gate({self.project}: {'open' if self.is_open else 'closed'}, {len(self.reasons)} reasons)"


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval from whatever source: this product's records or an imported register."""

    assessment_id: str
    review_due_on: date | None


@dataclass(frozen=True, slots=True)
class MeasuredLeakage:
    """A measured score of a subject of the project against its limit; score None: not measured.

    refuted: an audit found a larger epsilon than the accounting states.
    """

    subject: str
    score: float | None
    limit: float
    measured_on: date | None
    refuted: bool = False
    upper: float | None = None
    needed: int | None = None


def check_gate(
    connection: Connection,
    project: str,
    *,
    today: date,
    registered: Sequence[Approval] = (),
    leakage: Sequence[MeasuredLeakage] = (),
) -> Gate:
    """Collect every blocker of a project, and the override that covers them all, if there is one.

    today: the day of the facts. What people promised each other ends by the clock, however old they are.
    """
    policy, now = gate_policy(), max(today, datetime.now(UTC).date())
    reasons = (
        *_approval_blockers(connection, project, registered, today, policy),
        *_condition_blockers(connection, project, today, policy.conditions),
        *_action_blockers(connection, project, now, policy.actions),
        *_evidence_blockers(connection, project, today),
        *_stale_blockers(connection, project, policy),
        *_finding_blockers(connection, project, policy),
        *_leakage_blockers(leakage),
    )
    keys = {reason.key for reason in reasons}
    covering = (
        override
        for override in list_overrides(connection, project)
        if keys and override.is_in_force(now) and keys <= set(override.covers)
    )
    return Gate(project, reasons, next(covering, None))


def _approval_blockers(
    connection: Connection,
    project: str,
    registered: Sequence[Approval],
    today: date,
    policy: GatePolicy,
) -> list[Blocker]:
    rows = connection.execute(
        select(assessment)
        .where(
            assessment.c.project_id == project,
            assessment.c.template_id.in_(policy.gated),
            assessment.c.state != State.WITHDRAWN,
        )
        .order_by(assessment.c.created_at.desc())
    ).mappings().all()  # fmt: skip
    found = []
    for kind, needed in policy.gated.items():
        own = [row for row in rows if row["template_id"] == kind]
        if own or _is_needed(connection, project, needed, today):
            past = registered if kind == _REGISTERED else ()
            found += _missing_approval(kind, own, past, today)
    return found


def _is_needed(connection: Connection, project: str, needed: Needed, today: date) -> bool:
    """Whether a kind that nobody has begun is waited for."""
    if needed is Needed.UNLESS_SCREENED_OUT:
        return not is_screened_out(connection, project, today)
    return needed is Needed.ALWAYS


def _missing_approval(
    kind: str, rows: Sequence[RowMapping], registered: Sequence[Approval], today: date
) -> list[Blocker]:
    """Why no approval of this kind is valid; nothing when one is."""
    own = [
        Approval(row["id"], row["review_due_on"]) for row in rows if row["state"] in VALID_APPROVALS
    ]
    approvals = [*own, *registered]
    if any(a.review_due_on is None or a.review_due_on >= today for a in approvals):
        return []
    if approvals:
        due = max(a.review_due_on for a in approvals if a.review_due_on)
        what = f"The approval of the {_words(kind)} is past its review date"
        return [Blocker("approval_expired", what, due.isoformat(), kind)]
    rejected = next((row for row in rows if row["state"] == State.REJECTED), None)
    if rejected is not None:
        what = f"Assessment {rejected['id']} was rejected"
        since = rejected["decided_at"].date().isoformat()
        return [Blocker("rejected", what, since, rejected["id"])]
    pending = f"; assessment {rows[0]['id']} is {_words(rows[0]['state'])}" if rows else ""
    return [Blocker("no_approval", f"No valid approval of a {_words(kind)}{pending}", None, kind)]


def _condition_blockers(
    connection: Connection, project: str, today: date, block: Block
) -> list[Blocker]:
    rows = connection.execute(
        select(condition)
        .join(assessment, assessment.c.id == condition.c.assessment_id)
        .where(
            assessment.c.project_id == project,
            assessment.c.state.in_([state.value for state in VALID_APPROVALS]),
            condition.c.closed_at.is_(None),
        )
        .order_by(condition.c.due_on, condition.c.id)
    ).mappings()
    return [
        Blocker(
            "condition_overdue" if row["due_on"] < today else "condition_open",
            f"Condition {row['id']}: {row['text']}",
            row["due_on"].isoformat(),
            row["id"],
        )
        for row in rows
        if block is Block.ANY or (block is Block.OVERDUE and row["due_on"] < today)
    ]


def _action_blockers(
    connection: Connection, project: str, today: date, block: Block
) -> list[Blocker]:
    return [
        Blocker(
            "action_overdue" if item.is_overdue(today) else "action_open",
            f"Action {item.id}: {item.text}",
            item.due_on.isoformat(),
            item.id,
        )
        for item in list_actions(connection, project=project, status=Status.OPEN)
        if block is Block.ANY or (block is Block.OVERDUE and item.is_overdue(today))
    ]


def _evidence_blockers(connection: Connection, project: str, today: date) -> list[Blocker]:
    return [
        Blocker(
            "evidence_expired",
            f"Evidence {digest[:12]} of assessment {assessment_id} has expired",
            expired_on.isoformat(),
            f"{assessment_id}/{digest}",
        )
        for assessment_id, digest, expired_on in list_expired(connection, project, today)
    ]


def _stale_blockers(connection: Connection, project: str, policy: GatePolicy) -> list[Blocker]:
    """What the approval rests on changed, and nobody has said yet what comes of it (Art. 35(11))."""
    return [
        Blocker(
            "stale_answer",
            f"The source of '{trigger.question_id}' in assessment {trigger.assessment_id} has changed",
            trigger.found_at.date().isoformat(),
            trigger.id,
        )
        for trigger in open_triggers(connection, project, policy.gated)
    ]


def _finding_blockers(connection: Connection, project: str, policy: GatePolicy) -> list[Blocker]:
    """What would stop an approval today: no rule that blocks is broken unless somebody accepted it."""
    found = []
    for name in standing_approvals(connection, project, policy.gated):
        loaded = load_in(connection, name)
        for judged in judge(loaded.template, loaded.answers, loaded.deviations):
            finding = judged.finding
            if judged.is_open and finding.severity is Severity.BLOCKING:
                what = f"Rule {finding.rule} of assessment {name}: {finding.text}"
                subject = f"{name}/{finding.rule}/{finding.place}"
                found.append(Blocker("blocking_finding", what, None, subject))
    return found


def _leakage_blockers(leakage: Sequence[MeasuredLeakage]) -> list[Blocker]:
    found = []
    for item in leakage:
        day = item.measured_on.isoformat() if item.measured_on else None
        subject = f"{item.subject}/{day}" if day else item.subject
        if item.refuted:
            what = f"An audit of {item.subject} refutes its accounted epsilon: accounting or training is wrong"
            found.append(Blocker("accounting_refuted", what, day, subject))
        if item.score is None:
            what = f"{item.subject} was never measured"
            found.append(Blocker("leakage_not_measured", what, day, subject))
        elif item.score > item.limit:
            what = f"{item.subject} shows leakage {item.score:.0f}, the limit is {item.limit:g}"
            found.append(Blocker("leakage", what, day, subject))
        elif item.upper is not None and item.upper > item.limit:
            enough = f"; about {item.needed} records would tell" if item.needed else ""
            what = f"{item.subject} may leak up to {item.upper:.0f}, the limit is {item.limit:g}{enough}"
            found.append(Blocker("leakage_inconclusive", what, day, subject))
    return found


def _words(name: str) -> str:
    return name.replace("_", " ")
