"""The order in which the marts are built: by name, except that what a mart needs comes first.

A mart is one SQL file with one CREATE TABLE or CREATE VIEW of its own name. A header line
``-- needs: other, another`` names the marts that it reads.
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
_PREFIX = re.compile(r"^\d+_")


@dataclass(frozen=True, slots=True)
class Mart:
    """One file of ``marts/``."""

    name: str
    file: str
    sql: str

    @property
    def needs(self) -> tuple[str, ...]:
        found = _NEEDS.findall(self.sql)
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
