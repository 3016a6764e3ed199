"""What a key signed last, kept beside the key and not beside the ledger.

A signer that remembers cannot be talked into a second history: the record of the last size and
root is on the disk before a signature leaves. Rolling the database back does not roll it back.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assessments.errors import BadInput
from assessments.files import PUBLISHED, replace_file
from assessments.ledger.note import decode_decimal


@dataclass(frozen=True, slots=True)
class Head:
    """A log's size and root under its name."""

    origin: str
    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Memory:
    """The file with the last signed head, and the heads of histories that were given up."""

    path: Path

    def last(self) -> Head | None:
        """The last signed head, or None before the first."""
        found = self._read().get("last")
        return None if found is None else _head(found)

    def abandoned(self) -> list[Head]:
        """The last heads of histories that a restored backup cut short."""
        return [_head(found) for found in self._read().get("abandoned", [])]

    def remember(self, head: Head) -> None:
        """Keep the head, durably, before anything signed with it leaves."""
        self._write(self._read() | {"last": _plain(head)})

    def start_over(self) -> Head | None:
        """Give the present history up; the next checkpoint starts a new one under a new name."""
        kept = self._read()
        last = kept.pop("last", None)
        if last is not None:
            kept["abandoned"] = [*kept.get("abandoned", []), last]
        self._write(kept)
        return None if last is None else _head(last)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One signer at a time, also between processes."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self.path.with_suffix(".lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def _read(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads(self.path.read_bytes())
        except FileNotFoundError:
            return {}
        except ValueError as error:
            raise BadInput(
                "The record of the last signed checkpoint is damaged",
                "Restore it from a backup of the keys; without it no checkpoint is signed.",
                where={"file": self.path.name},
            ) from error
        return found

    def _write(self, content: dict[str, Any]) -> None:
        replace_file(self.path, json.dumps(content, indent=1).encode(), PUBLISHED)


def _head(found: dict[str, Any]) -> Head:
    title = "The record of the last signed checkpoint is damaged"
    try:
        origin, root = str(found["origin"]), bytes.fromhex(found["root"])
        return Head(origin, decode_decimal(str(found["size"]), title), root)
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(title) from error


def _plain(head: Head) -> dict[str, Any]:
    return {"origin": head.origin, "size": head.size, "root": head.root.hex()}
