"""What an action is: something to do with an owner and a day, and where it comes from."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

MAX_TEXT = 2_000


class Origin(StrEnum):
    """What an action was made for."""

    RISK = "risk"
    MEASURE = "measure"
    CONDITION = "condition"
    FINDING = "finding"
    FIELD = "field"
    FREE = "free"


class Status(StrEnum):
    """Where it stands."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class NewAction:
    """What somebody promises; without an owner and a day it would be a wish.

    origin_ref: the risk (R1), measure (M2), condition or finding (rule) of the assessment; of a field its
    dataset, name and the category that was found (``d-crm.note:contact``).
    """

    text: str
    owner_id: str
    due_on: date
    project_id: str = ""
    assessment_id: str | None = None
    origin: Origin = Origin.FREE
    origin_ref: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """One action as it is kept."""

    id: str
    project_id: str
    assessment_id: str | None
    origin: Origin
    origin_ref: str
    text: str
    owner_id: str
    due_on: date
    status: Status
    added_by: str
    added_at: datetime
    closed_by: str | None
    closed_at: datetime | None
    closing_note: str | None
    evidence_sha256: str | None

    def is_overdue(self, today: date) -> bool:
        """Due until the end of its day; overdue from the next on."""
        return self.status is Status.OPEN and self.due_on < today

    def as_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return asdict(self)
