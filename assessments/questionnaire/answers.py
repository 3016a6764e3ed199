"""What somebody said about one question, and where it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """An unanswered question has no answer at all; 'I do not know yet' is an answer."""

    ANSWERED = "answered"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class Origin(StrEnum):
    """How far a person stands behind a value that came from a source."""

    PREFILLED = "prefilled"
    CONFIRMED = "confirmed"
    ADJUSTED = "adjusted"


@dataclass(frozen=True, slots=True)
class Provenance:
    """The source of a prefilled value: its name, row, digest and date, and who stands behind it.

    sha256 covers every source row that the value was made of, in the order of the source.
    is_document: it came from a document that somebody imported, which no later fact makes stale.
    """

    source: str
    row: str | None
    sha256: str
    as_of: str | None
    origin: Origin = Origin.PREFILLED
    is_document: bool = False

    def as_dict(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "row": self.row,
            "sha256": self.sha256,
            "as_of": self.as_of,
            "origin": self.origin.value,
            **({"is_document": True} if self.is_document else {}),
        }

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> Provenance:
        return cls(
            source=found["source"],
            row=found["row"],
            sha256=found["sha256"],
            as_of=found["as_of"],
            origin=Origin(found["origin"]),
            is_document=bool(found.get("is_document")),
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """value is JSON in the normal form of its question's type; None unless status is answered."""

    value: Any
    status: Status = Status.ANSWERED
    provenance: Provenance | None = None
    note: str | None = None

    @property
    def needs_confirmation(self) -> bool:
        """A prefilled value counts once a person has looked at it."""
        return self.provenance is not None and self.provenance.origin is Origin.PREFILLED

    def says_the_same(self, other: Answer | None) -> bool:
        """Whether both hold the same value, status and note, wherever they came from."""
        return other is not None and (self.value, self.status, self.note) == (
            other.value,
            other.status,
            other.note,
        )


Answers = Mapping[str, Answer]
