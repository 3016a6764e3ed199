"""What a source system is: how its files are recognised, and which records they hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dashboard.exports.systems.resources import ResourceMap


@dataclass(frozen=True, slots=True)
class Found:
    """One record of a kind. ``reason`` says why it is none; ``extra`` holds fields nobody knows."""

    kind: str
    line_no: int
    raw: str
    values: Mapping[str, str | None]
    reason: str | None = None
    extra: Mapping[str, object] | None = None


Read = Callable[[Path, ResourceMap], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class System:
    """``signs``: all must occur in the first bytes of a file. ``kinds``: damaged records count for
    the first. ``origin``: the documentation that the reader follows."""

    name: str
    title: str
    kinds: tuple[str, ...]
    signs: tuple[re.Pattern[bytes], ...]
    read: Read
    origin: str


def signs(*patterns: bytes) -> tuple[re.Pattern[bytes], ...]:
    """Patterns that must all be seen."""
    return tuple(re.compile(pattern) for pattern in patterns)
