"""Every risk of every assessment that somebody may read, the highest that remains first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from assessments.questionnaire import Assessment, load_in
from assessments.records.actor import Actor
from assessments.records.permissions import has_permission
from assessments.records.tables import assessment
from assessments.review.lifecycle import State
from assessments.risk.register import Register, Risk, read_register

ENDED = frozenset({State.WITHDRAWN.value, State.SUPERSEDED.value, State.REJECTED.value})


@dataclass(frozen=True, slots=True, repr=False)
class RiskEntry:
    """A risk with the assessment that it belongs to; scales differ, so levels are compared by band."""

    assessment: Assessment
    register: Register
    risk: Risk

    def __repr__(self) -> str:
        return f"<RiskEntry {self.assessment.id} {self.risk.id}>"

    @property
    def is_too_high(self) -> bool:
        return not (self.risk.is_acceptable and self.register.is_acceptable(self.risk.residual))


def list_risks(connection: Connection, actor: Actor) -> list[RiskEntry]:
    """The risks of all assessments that have not ended and that this person may read."""
    rows = connection.execute(
        select(assessment.c.id, assessment.c.project_id, assessment.c.state).order_by(
            assessment.c.id
        )
    ).all()
    readable = [
        load_in(connection, row.id)
        for row in rows
        if row.state not in ENDED
        and has_permission(connection, actor, "assessment.read", row.project_id)
    ]
    return sorted(_entries(readable), key=_gravity)


def _entries(found: Iterable[Assessment]) -> Iterable[RiskEntry]:
    for each in found:
        if each.template.record.inherent:
            register = read_register(each.template, each.answers)
            yield from (RiskEntry(each, register, risk) for risk in register.risks)


def _gravity(entry: RiskEntry) -> tuple[int, int, int, str]:
    after = entry.register.level(entry.risk.residual).band
    now = entry.register.level(entry.risk.current).band
    before = entry.register.level(entry.risk.inherent).band
    return (-after, -now, -before, f"{entry.assessment.id} {entry.risk.id}")
