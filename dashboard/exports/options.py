"""What a run over files was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dashboard.exports.contract import Dialect


@dataclass(frozen=True, slots=True)
class Options:
    """kind and dialect override what a file's name and contract say; ``as_of`` dates snapshots.

    ``is_declared``: have the worker process make the declared report of each file after it landed.
    ``resources``: the map from resources of foreign files to datasets. ``mapping``: how a file of one's
    own becomes a kind.
    ``corrects``: the load whose rejected rows a file corrects.
    ``is_built``: build the warehouse afterwards; without, pages show it at the next build.
    """

    kind: str | None = None
    dialect: Dialect | None = None
    as_of: date | None = None
    may_be_empty: bool = False
    is_declared: bool = True
    is_built: bool = True
    resources: Path | None = None
    mapping: Path | None = None
    corrects: str | None = None
