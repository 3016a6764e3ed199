"""Numbered generations of the warehouse and the pointer to the one that counts.

A generation is built beside the others under another name, forced to disk and renamed; then the
small file ``CURRENT`` is replaced in one step. Readers keep the generation that they opened. The last
three are kept, so that a reader that just read the pointer still finds its file.
"""

from __future__ import annotations

import re
from pathlib import Path

from assessments.errors import NotFound
from assessments.files import flush
from assessments.settings import Home

KEPT = 3
_NAME = re.compile(r"gen-(\d{6,})\.duckdb")


def current_path(home: Home) -> Path:
    """The file of the generation that counts."""
    try:
        name = (home.warehouse / "CURRENT").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise NotFound(
            "No exports have been loaded yet", "Load some with: privacy load PATH"
        ) from None
    return home.warehouse / name


def number_of(path: Path) -> int:
    """The number in a generation's name."""
    found = _NAME.fullmatch(path.name)
    if found is None:
        raise NotFound("This is not a warehouse generation", where={"file": path.name})
    return int(found[1])


def next_path(home: Home) -> Path:
    """The name of the generation to build next; it stays free until ``publish``."""
    numbers = [number_of(path) for path in _generations(home)]
    return home.warehouse / f"gen-{max(numbers, default=0) + 1:06}.duckdb"


def publish(built: Path, target: Path) -> None:
    """Make a finished file the generation that counts."""
    flush(built)
    built.rename(target)
    pointer = target.with_name("CURRENT.new")
    pointer.write_text(f"{target.name}\n", encoding="ascii")
    flush(pointer)
    pointer.replace(target.with_name("CURRENT"))
    flush(target.parent)


def remove_old(home: Home) -> list[Path]:
    """Remove all but the newest generations, and what an interrupted build left; the kept ones."""
    found = _generations(home)
    for path in found[:-KEPT]:
        path.unlink(missing_ok=True)
    for path in home.warehouse.glob("gen-*.new*"):
        path.unlink(missing_ok=True)
    return found[-KEPT:]


def _generations(home: Home) -> list[Path]:
    found = [path for path in home.warehouse.iterdir() if _NAME.fullmatch(path.name)]
    return sorted(found, key=number_of)
