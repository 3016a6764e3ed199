"""What a manifest has said so far, while it is read entry by entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assessments.exchange.loss import Loss

UNKNOWN = "This field is not known here; the original is kept."


@dataclass(frozen=True, slots=True)
class Use:
    """A declaration that refers to a dataset."""

    place: str
    system_id: str
    activity_id: str
    purpose_id: str
    data_subjects: tuple[str, ...]


def _empty() -> dict[str, list[dict[str, Any]]]:
    kinds = ("systems", "purposes", "processing_activities", "datasets", "dataset_fields")
    return {kind: [] for kind in kinds}


@dataclass(slots=True)
class Manifest:
    """Rows by register, counts by kind of entry, uses by dataset, and losses in file order."""

    place: str
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=_empty)
    counts: dict[str, int] = field(default_factory=dict)
    uses: dict[str, list[Use]] = field(default_factory=dict)
    losses: list[Loss] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)

    def skip(self, where: str) -> None:
        """Count something of which a file has many, to be reported once."""
        self.skipped[where] = self.skipped.get(where, 0) + 1

    def all_losses(self) -> tuple[Loss, ...]:
        """Losses in file order, then what was only counted."""
        counted = [
            Loss(where, f"{n} {'value' if n == 1 else 'values'}", UNKNOWN)
            for where, n in self.skipped.items()
        ]
        return (*self.losses, *counted)

    def lose(self, where: str, what: str, why: str) -> None:
        self.losses.append(Loss(where, what[:120], why))

    def count(self, name: str) -> None:
        self.counts[name] = self.counts.get(name, 0) + 1

    def check_keys(
        self, place: str, entry: Mapping[str, Any], known: str, reasons: Mapping[str, str]
    ) -> None:
        """Report every field that has content and no place here."""
        for name, value in entry.items():
            if name in known.split() or value in (None, "", [], {}):
                continue
            self.lose(f"{place}.{name}", _shape(value), reasons.get(name, UNKNOWN))


def _shape(value: Any) -> str:
    if isinstance(value, list | dict):
        return f"{len(value)} {'entry' if len(value) == 1 else 'entries'}"
    return "a value"


def texts(value: Any) -> list[str]:
    """A list of texts, whatever a file has put there."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def text(value: Any) -> str:
    """A text, or nothing."""
    return value.strip() if isinstance(value, str) else ""
