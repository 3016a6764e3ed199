"""Texts and tables as the layout takes them: places to break, reading direction, column widths."""

from __future__ import annotations

from typing import Any

from assessments.language import ENGLISH
from assessments.reports.text import breakable, is_right_to_left

CELL_WORD, LONG_WORD, LINE_WORD = 14, 34, 60


def cell(text: str, language: str = ENGLISH) -> dict[str, Any]:
    """A cell of a table, with places to break long words and its reading direction.

    Languages that are hyphenated here leave words to hyphenation; only what is no word is divided.
    """
    hyphenated = 0 if language == ENGLISH else LONG_WORD
    return {"text": breakable(text, CELL_WORD, hyphenated), "rtl": is_right_to_left(text)}


def paragraphs(text: str) -> list[dict[str, Any]]:
    """A long text as paragraphs of lines, each with its reading direction."""
    blocks = [block.strip("\n") for block in text.split("\n\n")]
    return [
        {"lines": breakable(block, LINE_WORD).split("\n"), "rtl": is_right_to_left(block)}
        for block in blocks
        if block
    ]


def weights(columns: list[dict[str, Any]], rows: list[list[str]]) -> list[float]:
    """Column widths by the longest words and the amount of text, between 1 and 4."""
    found = []
    for index, column in enumerate(columns):
        cells = [column["title"], *(row[index] for row in rows[:200])]
        longest = max(len(word) for cell in cells for word in (cell.split() or [""]))
        mean = sum(len(cell) for cell in cells) / len(cells)
        found.append(round(min(4.0, max(1.0, longest / 9, (mean**0.5) / 2.6)), 2))
    return found
