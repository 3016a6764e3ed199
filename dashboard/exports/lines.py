"""Physical lines in bounded memory: a line that is too long is cut, counted and never kept whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

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
