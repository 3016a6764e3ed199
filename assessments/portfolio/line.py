"""One line of the portfolio: an assessment with all that an office asks of it, or a project without one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

NONE = "none"
"""The state of a project for which nothing was begun."""


@dataclass(frozen=True, slots=True)
class RiskLevel:
    """The highest level that remains on the assessment's own scale, and how many are not acceptable."""

    band: int
    title: str
    unacceptable: int

    @property
    def rank(self) -> tuple[bool, int]:
        """What is worse sorts higher."""
        return (self.unacceptable > 0, self.band)


@dataclass(frozen=True, slots=True)
class Clock:
    """The next day that matters: the authority's answer, or the end of the approval."""

    kind: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Line:
    """waits_for: the role whose turn it is, empty when nobody's. stale: changed facts behind it.

    assessment_id is empty for a project without an assessment.
    """

    assessment_id: str
    title: str
    project_id: str
    template_id: str
    state: str
    round: int
    owner_id: str
    begun_on: date | None
    state_since: date | None
    waits_for: str
    people: tuple[str, ...]
    clock: Clock | None
    risk: RiskLevel | None
    stale: int
    open_conditions: int
    overdue_conditions: int
    open_actions: int
    overdue_actions: int

    def age(self, today: date) -> int | None:
        """Days since it was begun."""
        return (today - self.begun_on).days if self.begun_on else None

    def age_in_state(self, today: date) -> int | None:
        """Days in its present state."""
        return (today - self.state_since).days if self.state_since else None

    @property
    def has_overdue(self) -> bool:
        return self.overdue_conditions + self.overdue_actions > 0
