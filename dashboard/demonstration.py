"""The mark of a demonstration home: only there may people be played rather than signed in."""

from __future__ import annotations

from assessments.settings import Home

_MARK = "demonstration"


def mark(home: Home) -> None:
    """Say that this home holds sample data and that its people may be played."""
    home.prepare()
    (home.path / _MARK).write_text("Sample data. People may be played.\n", encoding="utf-8")


def is_marked(home: Home) -> bool:
    return (home.path / _MARK).is_file()
