"""The order in which the marts are built: by name, except that what a mart needs comes first.

A mart is one SQL file with one CREATE TABLE or CREATE VIEW of its own name. A header line
``-- needs: other, another`` names the marts that it reads. ``-- kept: day`` (or month) says that its rows
of a day rest on that day's events alone: they stay in the file of their month. ``-- carried: other`` says
that a day's rows rest on that day's events and on other marts: they are taken over from the generation
before while those are the same.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from assessments.errors import BadInput

FOLDER = Path(__file__).with_name("marts")
_NEEDS = re.compile(r"^--\s*needs:\s*(.+)$", re.MULTILINE)
_KEPT = re.compile(r"^--\s*kept:\s*(day|month)$", re.MULTILINE)
_CARRIED = re.compile(r"^--\s*carried:\s*(.+)$", re.MULTILINE)
_CREATE = re.compile(r"^create (?:table|view) \w+ as$", re.MULTILINE)
_PREFIX = re.compile(r"^\d+_")


@dataclass(frozen=True, slots=True)
class Mart:
    """One file of ``marts/``."""

    name: str
    file: str
    sql: str

    @property
    def needs(self) -> tuple[str, ...]:
        return _names(_NEEDS, self.sql)

    @property
    def kept(self) -> str | None:
        """Whether its rows stay in the file of their month: by day, by month, or not at all."""
        found = _KEPT.search(self.sql)
        return found[1] if found else None

    @property
    def carried(self) -> tuple[str, ...]:
        """The marts besides the day's events on which its rows rest; empty: it is built anew."""
        return _names(_CARRIED, self.sql)

    @property
    def select(self) -> str:
        """The text without what it creates."""
        return _CREATE.split(self.sql, maxsplit=1)[1].strip().rstrip(";")


def _names(entry: re.Pattern[str], sql: str) -> tuple[str, ...]:
    found = entry.findall(sql)
    return tuple(name.strip() for line in found for name in line.split(",") if name.strip())


def read_marts(folder: Path = FOLDER) -> list[Mart]:
    """All marts, each after what it needs."""
    marts = {
        mart.name: mart
        for path in sorted(folder.glob("*.sql"))
        for mart in [Mart(_PREFIX.sub("", path.stem), path.name, path.read_text(encoding="utf-8"))]
    }
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for mart in marts.values():
        sorter.add(mart.name, *(name for name in mart.needs if name in marts))
    try:
        order = list(sorter.static_order())
    except CycleError as error:
        raise BadInput("Marts need each other in a circle", ", ".join(error.args[1])) from error
    return [marts[name] for name in order]


def digest(marts: list[Mart]) -> str:
    """Changes when a mart changes."""
    joined = "\n".join(f"{mart.file}\n{mart.sql}" for mart in marts)
    return hashlib.sha256(joined.encode()).hexdigest()
