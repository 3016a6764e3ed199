"""What an export kind promises: its columns, its key, its rules, and how a newer file relates to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Mode = Literal["snapshot", "append"]
Severity = Literal["critical", "warning"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``refers`` names the kind whose key it must hold; ``pack`` where ``allowed`` came from."""

    name: str
    type: str
    about: str
    is_required: bool = False
    is_list: bool = False
    allowed: tuple[str, ...] = ()
    pack: str | None = None
    refers: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class RuleText:
    """A rule as its author wrote it: the form names an entry of ``rule_forms.FORMS``."""

    id: str
    sentence: str
    severity: Severity
    form: str
    arguments: Any


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV file is written; stated, never guessed."""

    delimiter: str = ","
    quote: str = '"'
    encoding: str = "utf-8"


@dataclass(frozen=True, slots=True)
class Contract:
    """One export kind.

    snapshot: the file is the full list and replaces the previous one, history kept.
    append: the file holds keyed facts; only ``later`` columns of a known fact may change.
    ``dated`` is the column that says when a fact happened; the data's "as of" comes from it.
    """

    kind: str
    title: str
    about: str
    mode: Mode
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    rules: tuple[RuleText, ...] = ()
    later: tuple[str, ...] = ()
    dated: str | None = None
    dialect: Dialect = Dialect()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.is_required)

    @property
    def refers_to(self) -> frozenset[str]:
        """The kinds that this one points at, itself included when it does."""
        return frozenset(column.refers for column in self.columns if column.refers)

    def column(self, name: str) -> Column:
        return self.by_name[name]

    @property
    def by_name(self) -> Mapping[str, Column]:
        return {column.name: column for column in self.columns}
