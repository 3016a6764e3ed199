"""JSON objects of a file one after another, in bounded memory, wherever they stand.

JSON Lines are read line by line, so that damage stays on its line. Anything else (one array, one
object with a list in it, objects one after another over many lines) is cut into objects by its
brackets outside of texts; only one object is held at a time. Damage within an object stays in it;
where brackets no longer match, the rest is one rejected record and is said to be so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dashboard.exports.lines import LINE_LIMIT, MARK, SHOWN, read_lines
from dashboard.exports.readers.csv_file import BAD_ENCODING, TOO_LONG
from dashboard.exports.readers.json_file import NOT_JSON, REPEATED
from dashboard.exports.readers.strict_json import RepeatedNameError, once, refuse

CHUNK = 1 << 18
HEAD = 1 << 16
OBJECT_LIMIT = 4 * LINE_LIMIT
CUT_OFF = "the file ends before this record does"
UNCLOSED = "the file ends before its list does; it is cut off"
CROSSED = "brackets do not match; records of this file may be missing"
NONE = "the file holds no records"

_OUTSIDE = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|["{}\[\]]', re.DOTALL)
_INSIDE = re.compile(rb'["\\]')
_PAIRS = {b"}": ord("{"), b"]": ord("[")}


@dataclass(frozen=True, slots=True)
class Item:
    """One object, or the reason why there is none."""

    line_no: int
    raw: str
    value: dict[str, Any]
    reason: str | None = None


def read_objects(path: Path, wrapper: re.Pattern[bytes] | None = None) -> Iterator[Item]:
    """All objects; ``wrapper`` recognises a file whose objects stand in a list of one object."""
    if is_lines(path, wrapper):
        for line in read_lines(path):
            if line.is_too_long:
                yield Item(line.number, line.shown(), {}, TOO_LONG)
            elif not line.is_blank:
                yield parse(line.number, line.data)
        return
    yield from _cut(path, _depth(path, wrapper))


def is_lines(path: Path, wrapper: re.Pattern[bytes] | None) -> bool:
    """Whether one of the first two lines is an object by itself."""
    seen = 0
    for line in read_lines(path):
        if line.is_blank:
            continue
        if line.is_too_long or line.data.lstrip().startswith(b"["):
            return False
        whole = parse(line.number, line.data).reason is None
        if whole:
            return not (wrapper and wrapper.search(line.data[:HEAD]))
        seen += 1
        if seen == 2:
            break
    return False


def parse(line_no: int, data: bytes) -> Item:
    """One object from its bytes."""
    try:
        raw = data.decode("utf-8")
    except UnicodeDecodeError:
        shown = data[:SHOWN].decode("utf-8", errors="backslashreplace")
        return Item(line_no, shown, {}, BAD_ENCODING)
    try:
        value = json.loads(raw, object_pairs_hook=once, parse_constant=refuse)
    except RepeatedNameError:
        return Item(line_no, raw, {}, REPEATED)
    except (ValueError, RecursionError):
        return Item(line_no, raw, {}, NOT_JSON)
    return (
        Item(line_no, raw, value) if isinstance(value, dict) else Item(line_no, raw, {}, NOT_JSON)
    )


def _depth(path: Path, wrapper: re.Pattern[bytes] | None) -> int:
    """How many brackets are open around each object."""
    with path.open("rb") as file:
        head = file.read(HEAD).removeprefix(MARK).lstrip()
    if head.startswith(b"["):
        return 1
    return 2 if wrapper and wrapper.search(head) else 0


@dataclass(slots=True)
class _Cutter:
    """Where the scan stands: open brackets, and the object that is being collected."""

    base: int
    open_signs: bytearray = field(default_factory=bytearray)
    floor: int = 0
    is_crossed: bool = False
    line: int = 1
    start_line: int = 0
    in_text: bool = False
    skip: int = 0
    held: bytearray | None = None
    length: int = 0

    def keep(self, piece: bytes) -> None:
        if self.held is None:
            return
        self.length += len(piece)
        self.held += piece[: max(OBJECT_LIMIT - len(self.held), 0)]

    def open(self, sign: bytes) -> bool:
        """Whether an object begins here."""
        depth = len(self.open_signs)
        starts = depth == self.base or (self.base == 1 and depth == 0)
        begins = sign == b"{" and starts and self.held is None
        if begins:
            self.held, self.length = bytearray(), 0
            self.start_line, self.floor = self.line, depth
        self.open_signs += sign
        return begins

    def is_last(self) -> bool:
        """Whether the object that is held ends with this sign."""
        return self.held is not None and len(self.open_signs) <= self.floor + 1

    def close(self, sign: bytes) -> Item | None:
        opened = self.open_signs.pop() if self.open_signs else 0
        if self.held is None:
            self.is_crossed |= _PAIRS[sign] != opened
            return None
        if len(self.open_signs) > self.floor:
            return None
        data, length = bytes(self.held), self.length
        self.held = None
        if length > OBJECT_LIMIT:
            return Item(self.start_line, _shown(data), {}, TOO_LONG)
        return parse(self.start_line, data)

    def end(self) -> Item | None:
        if self.held is not None:
            return Item(self.start_line, _shown(bytes(self.held)), {}, CUT_OFF)
        if self.is_crossed:
            return Item(self.line, "", {}, CROSSED)
        if self.open_signs or self.in_text:
            return Item(self.line, "", {}, UNCLOSED)
        return None


def _cut(path: Path, base: int) -> Iterator[Item]:
    cutter, count = _Cutter(base), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            for item in _scan(cutter, chunk):
                count += 1
                yield item
    last = cutter.end()
    if last is not None:
        yield last
    elif not count and base == 0:
        yield Item(1, "", {}, NONE)


def _scan(cutter: _Cutter, chunk: bytes) -> Iterator[Item]:
    """Whole texts are one step; what an object holds is copied at its end or at that of the chunk."""
    at, counted, copied = cutter.skip, 0, 0
    cutter.skip = 0
    while at < len(chunk):
        found = (_INSIDE if cutter.in_text else _OUTSIDE).search(chunk, at)
        if found is None:
            break
        sign, stop, at = found.group(), found.start(), found.end()
        if sign == b"\\":
            cutter.skip, at = max(at + 1 - len(chunk), 0), at + 1
        elif sign == b'"':
            cutter.in_text = not cutter.in_text
        elif sign == b"{" or sign == b"[":
            cutter.line += chunk.count(b"\n", counted, stop)
            counted = stop
            if cutter.open(sign):
                copied = stop
        elif sign == b"}" or sign == b"]":
            if cutter.is_last():
                cutter.keep(chunk[copied:at])
            if (item := cutter.close(sign)) is not None:
                yield item
    cutter.line += chunk.count(b"\n", counted)
    cutter.keep(chunk[copied:])


def _shown(data: bytes) -> str:
    return data[:SHOWN].decode("utf-8", errors="backslashreplace")
