"""What identifies the bytes of a file: SHA-256, and the shape of its physical lines."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assessments.errors import BadInput

BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """``lines`` counts physical lines, a last one without line feed included."""

    sha256: str
    size: int
    lines: int
    longest_line: int
    returns: int
    windows_ends: int
    has_mark: bool

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
    last = first = b""
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                first = first or block[:3]
                digest.update(block)
                size += len(block)
                feeds += block.count(b"\n")
                returns += block.count(b"\r")
                windows += (last + block).count(b"\r\n")
                longest, since_feed = _longest(block, longest, since_feed)
                last = block[-1:]
    except OSError as error:
        raise BadInput(
            "This file cannot be read", str(error.strerror), where={"file": path.name}
        ) from error
    return Fingerprint(
        sha256=digest.hexdigest(),
        size=size,
        lines=feeds + (1 if size and last != b"\n" else 0),
        longest_line=longest,
        returns=returns,
        windows_ends=windows,
        has_mark=first == b"\xef\xbb\xbf",
    )


def _longest(block: bytes, longest: int, since_feed: int) -> tuple[int, int]:
    """The longest line so far, and how much of the current line earlier blocks hold."""
    ends = np.flatnonzero(np.frombuffer(block, np.uint8) == ord("\n"))
    if not len(ends):
        return max(longest, since_feed + len(block)), since_feed + len(block)
    inner = int(np.diff(ends).max(initial=1)) - 1
    rest = len(block) - int(ends[-1]) - 1
    return max(longest, since_feed + int(ends[0]), inner, rest), rest


def check_unchanged(path: Path, before: Fingerprint) -> None:
    """Refuse a file that was written while it was read."""
    if take_fingerprint(path) != before:
        raise BadInput(
            "The file changed while it was read",
            "Nothing of it was kept. Load it again when it is complete.",
            where={"file": path.name},
        )
