"""Physical lines in bounded memory: a line that is too long is cut, counted and never kept whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

BLOCK = 4 << 20
LINE_LIMIT = 1 << 20
SHOWN = 1000
MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Line:
    """``number`` counts from 1. ``length`` is the true one; ``data`` is cut when ``is_too_long``."""

    number: int
    data: bytes
    length: int

    @property
    def is_too_long(self) -> bool:
        return self.length > LINE_LIMIT

    @property
    def is_blank(self) -> bool:
        return self.length <= len(self.data) and not self.data.strip()

    def shown(self) -> str:
        """The line for people, every byte visible, cut when it is too long."""
        text = self.data.decode("utf-8", errors="backslashreplace")
        return f"{text[:SHOWN]}… ({self.length} bytes)" if self.is_too_long else text


def read_lines(path: Path) -> Iterator[Line]:
    """The lines without line ends and without the byte order mark."""
    with path.open("rb") as file:
        number = 0
        while piece := file.readline(LINE_LIMIT + 2):
            number += 1
            data, length = piece, len(piece)
            while not piece.endswith(b"\n") and (piece := file.readline(LINE_LIMIT)):
                length += len(piece)
            if number == 1 and data.startswith(MARK):
                data, length = data.removeprefix(MARK), length - len(MARK)
            ended = piece.endswith(b"\n")
            clean = data.removesuffix(b"\n").removesuffix(b"\r")
            is_whole = length == len(data)
            yield Line(number, clean, len(clean) if is_whole else length - ended)


def pick_lines(
    path: Path, numbers: NDArray[np.int64], longest: int
) -> Iterator[list[tuple[int, str]]]:
    """The lines with these numbers (ascending), block by block; a block without one is only counted."""
    if longest > LINE_LIMIT:
        wanted = frozenset(numbers.tolist())
        found = (line for line in read_lines(path) if line.number in wanted)
        yield from ([(line.number, line.shown())] for line in found)
        return
    with path.open("rb") as file:
        before = taken = 0
        rest = b""
        while taken < len(numbers) and (read := file.read(BLOCK)):
            block = rest + read
            cut = block.rfind(b"\n") + 1
            count = block.count(b"\n", 0, cut)
            upto = int(np.searchsorted(numbers, before + count, "right"))
            if upto > taken:
                lines = block[:cut].split(b"\n")
                chosen = numbers[taken:upto].tolist()
                yield [(number, _shown(lines[number - before - 1])) for number in chosen]
            before, taken, rest = before + count, upto, block[cut:]
        if taken < len(numbers) and rest:
            yield [(int(numbers[taken]), _shown(rest))]


def _shown(data: bytes) -> str:
    clean = data.removesuffix(b"\r")
    return Line(0, clean, len(clean)).shown()
