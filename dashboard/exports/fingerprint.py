"""What identifies the bytes of a file: SHA-256, and the shape of its physical lines."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assessments.errors import BadInput

BLOCK = 1 << 20
_IS_WORD = np.array([chr(code).isalnum() and code < 128 for code in range(256)])


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """``lines`` counts physical lines, a last one without line feed included. ``is_tidy``: plain ASCII
    whose every space stands between letters or digits, so no field of any dialect begins or ends in one.
    """

    sha256: str
    size: int
    lines: int
    longest_line: int
    returns: int
    windows_ends: int
    has_mark: bool
    is_tidy: bool = False

    @property
    def line_end(self) -> str | None:
        """The one line end of the whole file; None when ends are mixed."""
        if self.returns == 0:
            return "\\n"
        feeds_match = self.returns == self.windows_ends == self.lines
        return "\\r\\n" if feeds_match else None


def take_fingerprint(path: Path) -> Fingerprint:
    """Read the file once in blocks; memory does not depend on its size or its lines."""
    if not path.is_file():
        raise BadInput("This is not a readable file", where={"file": path.name})
    digest = hashlib.sha256()
    feeds = returns = windows = size = longest = since_feed = 0
    first, last = b"", b"\n"
    is_tidy = True
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                first = first or block[:3]
                digest.update(block)
                size += len(block)
                ends = np.flatnonzero(np.frombuffer(block, np.uint8) == ord("\n"))
                feeds += len(ends)
                if ended := block.count(b"\r"):
                    returns += ended
                    windows += block.count(b"\r\n")
                windows += last[-1:] == b"\r" and block[:1] == b"\n"
                longest, since_feed = _longest(ends, len(block), longest, since_feed)
                is_tidy = is_tidy and _is_tidy(last + block)
                last = (last + block[-2:])[-2:]
    except OSError as error:
        raise BadInput(
            "This file cannot be read", str(error.strerror), where={"file": path.name}
        ) from error
    return Fingerprint(
        sha256=digest.hexdigest(),
        size=size,
        lines=feeds + (1 if size and last[-1:] != b"\n" else 0),
        longest_line=longest,
        returns=returns,
        windows_ends=windows,
        has_mark=first == b"\xef\xbb\xbf",
        is_tidy=is_tidy and last[-1:] != b" ",
    )


def _longest(ends: NDArray[np.intp], length: int, longest: int, since_feed: int) -> tuple[int, int]:
    """The longest line so far, and how much of the current line earlier blocks hold."""
    if not len(ends):
        return max(longest, since_feed + length), since_feed + length
    inner = int(np.diff(ends).max(initial=1)) - 1
    rest = length - int(ends[-1]) - 1
    return max(longest, since_feed + int(ends[0]), inner, rest), rest


def _is_tidy(text: bytes) -> bool:
    """A space at the edge of a block is looked at with the neighbouring block."""
    if not text.isascii():
        return False
    data = np.frombuffer(text, np.uint8)
    spaces = np.flatnonzero(data == ord(" "))
    if not len(spaces):
        return True
    if spaces[0] == 0 and len(data) > 1 and not _IS_WORD[data[1]]:
        return False
    inner = spaces[(spaces > 0) & (spaces < len(data) - 1)]
    return bool((_IS_WORD[data[inner - 1]] & _IS_WORD[data[inner + 1]]).all())


def check_unchanged(path: Path, before: Fingerprint) -> None:
    """Refuse a file that was written while it was read."""
    try:
        with path.open("rb") as file:
            is_same = hashlib.file_digest(file, "sha256").hexdigest() == before.sha256
    except OSError:
        is_same = False
    if not is_same:
        raise BadInput(
            "The file changed while it was read",
            "Nothing of it was kept. Load it again when it is complete.",
            where={"file": path.name},
        )
