"""What readers of inventories share: rows of kinds, made once, each with the place it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from dashboard.exports.column_types import LIST_SEPARATOR
from dashboard.exports.systems.objects import Item
from dashboard.exports.systems.resources import ResourceMap
from dashboard.exports.systems.system import Found

Make = Callable[[Item, ResourceMap], Iterator[Found] | str]


@dataclass(slots=True)
class Once:
    """Lets a row through the first time only; a source names the same dataset in many records."""

    seen: set[tuple[str, str]] = field(default_factory=set)

    def is_new(self, kind: str, key: str) -> bool:
        before = len(self.seen)
        self.seen.add((kind, key))
        return len(self.seen) > before


def found(kind: str, item: Item, values: Mapping[str, Any], **extra: object) -> Found:
    """A row with its values as texts."""
    return Found(
        kind, item.line_no, item.raw[:1000],
        {name: as_text(value) for name, value in values.items()}, None, extra or None,
    )  # fmt: skip


def as_text(value: object) -> str | None:
    """A scalar or a list of scalars as the rules see it; anything else says nothing."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float | date):
        return str(value) or None
    if isinstance(value, list | tuple):
        parts = [as_text(part) or "" for part in value]
        return (
            LIST_SEPARATOR.join(parts)
            if parts and not any(LIST_SEPARATOR in p for p in parts)
            else None
        )
    return None


def day(value: object) -> str | None:
    """The day of a moment written in ISO 8601."""
    return value[:10] if isinstance(value, str) and len(value) >= 10 else None


def edge(
    item: Item, source: tuple[str, str], target: tuple[str, str], job: str, recorded: str | None
) -> Found:
    """An edge of lineage; its id says what it joins, so that the next run of a job is the same edge."""
    values = {
        "edge_id": f"{source[1]} > {target[1]} ({job})",
        "source_kind": source[0], "source_id": source[1],
        "target_kind": target[0], "target_id": target[1],
        "recorded_on": recorded, "job": job,
    }  # fmt: skip
    return found("lineage", item, values)


def document(
    kinds: tuple[str, ...], objects: Callable[[Path], Iterator[Item]], make: Make
) -> Callable[[Path, ResourceMap], Iterator[Found]]:
    """The reader of a source whose objects each become several rows."""

    def read(path: Path, resources: ResourceMap) -> Iterator[Found]:
        for item in objects(path):
            made = item.reason or make(item, resources)
            if isinstance(made, str):
                yield Found(kinds[0], item.line_no, item.raw[:1000], {}, made)
            else:
                yield from made

    return read
