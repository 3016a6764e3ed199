"""One process writes the landing store at a time; a second one is told at once."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from assessments.errors import Busy
from assessments.settings import Home


@contextmanager
def hold_lock(home: Home, *, shared: bool = False) -> Iterator[None]:
    """Hold the lock of the landing store; the system frees it when the process dies."""
    path = home.warehouse / "landing.lock"
    with path.open("a") as file:
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(
                "Another process is loading exports",
                "Nothing was changed. Wait until it has finished, then run this command again.",
                where={"file": path.name},
            ) from error
        yield
