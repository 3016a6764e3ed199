"""Records of a text file whose quoted fields may span lines, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dashboard.exports.lines import LINE_LIMIT, read_lines
from dashboard.exports.readers.csv_file import TOO_LONG

JOINED_LINES = 10_000
OPEN_QUOTE = "a quote is never closed"


def read_records(path: Path) -> Iterator[tuple[int, bytes, str | None]]:
    """Line number, bytes and the reason why they are no record; lines are joined while a quote is open."""
    start, held = 0, bytearray()
    count = 0
    for line in read_lines(path):
        if line.is_too_long:
            yield line.number, line.data[:LINE_LIMIT], TOO_LONG
            continue
        if not held and line.is_blank:
            continue
        start = start if held else line.number
        count = count + 1 if held else 1
        held += (b"\n" if held else b"") + line.data
        if held.count(b'"') % 2 == 0:
            yield start, bytes(held), None
            held.clear()
        elif count >= JOINED_LINES or len(held) > LINE_LIMIT:
            yield start, bytes(held), OPEN_QUOTE
            held.clear()
    if held:
        yield start, bytes(held), OPEN_QUOTE
