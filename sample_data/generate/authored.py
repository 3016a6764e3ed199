"""Reads the words that people wrote: folder `authored/`, YAML with fields split by bars."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent.parent / "authored"

Row = dict[str, Any]


@cache
def load(name: str) -> Any:
    """One authored file, read once and never changed."""
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


def split(line: str, names: str) -> Row:
    """Cut a line at its bars; an empty cell becomes None."""
    keys = names.split()
    cells = [cell.strip() for cell in line.split("|")]
    cells += [""] * (len(keys) - len(cells))
    if len(cells) != len(keys):
        raise ValueError(f"{len(cells)} cells for {len(keys)} names: {line}")
    return {key: cell or None for key, cell in zip(keys, cells, strict=True)}


def rows(name: str, key: str, names: str) -> list[Row]:
    """All lines of one list in one file."""
    return [split(line, names) for line in load(name)[key]]


def items(text: str | None) -> list[str]:
    """A cell with several values split by semicolons."""
    return [part.strip() for part in (text or "").split(";") if part.strip()]


def joined(values: Iterable[str]) -> str | None:
    """The list form of the exports: values split by semicolons, nothing when empty."""
    return ";".join(values) or None


def is_yes(text: str | None) -> bool:
    """Authored truth values are yes and no."""
    return text == "yes"
