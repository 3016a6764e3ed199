"""JSON as RFC 8259 means it: no member twice, no number that is none."""

from __future__ import annotations

from typing import Any


class RepeatedNameError(ValueError):
    """An object names a member twice; which one is meant nobody can say."""


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """For ``object_pairs_hook``."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise RepeatedNameError
    return found


def refuse(constant: str) -> None:
    """For ``parse_constant``: NaN and the infinities are not JSON."""
    raise ValueError(constant)
