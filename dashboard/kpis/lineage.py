"""What feeds a KPI: the tables and columns that its text reads, down to the export kinds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.scope import traverse_scope

from assessments.errors import BadInput
from dashboard.exports.catalogue import contracts
from dashboard.kpis.kpi import Kpi
from dashboard.warehouse.marts_order import read_marts
from dashboard.warehouse.review_copy import TABLES

REFERENCE = frozenset({"calendar"})
RECORDS = frozenset(
    {
        "record_assessment",
        "record_condition",
        "record_grant",
        "record_ledger_size",
        "record_measurement",
        *TABLES,
    }
)


@dataclass(frozen=True, slots=True)
class Lineage:
    """reads: the columns that the text takes from each table. kinds: the exports behind them."""

    reads: tuple[tuple[str, tuple[str, ...]], ...]
    kinds: frozenset[str]


def lineage(kpi: Kpi) -> Lineage:
    """The tables, columns and export kinds that feed a KPI."""
    reads = _columns(sqlglot.parse_one(kpi.text, dialect="duckdb"))
    kinds = frozenset(kind for table in reads for kind in kinds_behind(table))
    return Lineage(tuple((table, tuple(sorted(reads[table]))) for table in sorted(reads)), kinds)


@cache
def kinds_behind(table: str) -> frozenset[str]:
    """The export kinds that a table comes from: itself, or those that its mart reads."""
    if table in contracts() or table in RECORDS:
        return frozenset({table})
    if table in REFERENCE:
        return frozenset()
    read = tables_read(mart_text(table)) - {table}
    return frozenset(kind for each in read for kind in kinds_behind(each))


def mart_text(name: str) -> str:
    """The text of a mart."""
    for mart in read_marts():
        if mart.name == name:
            return mart.sql
    raise BadInput(f"{name} is neither an export kind nor a mart.")


def tables_read(text: str) -> set[str]:
    """Every table that a text reads, its own named parts left out."""
    tree = sqlglot.parse_one(text, dialect="duckdb")
    named = {part.alias_or_name for part in tree.find_all(exp.CTE)}
    return {table.name for table in tree.find_all(exp.Table)} - named


def _columns(tree: exp.Expression) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for scope in traverse_scope(tree):
        sources = {name: source for name, (_, source) in scope.selected_sources.items()}
        tables = {n: s.name for n, s in sources.items() if isinstance(s, exp.Table)}
        for table in tables.values():
            found.setdefault(table, set())
        for column in scope.columns:
            only = next(iter(sources)) if len(sources) == 1 else ""
            table = tables.get(column.table or only)
            if table:
                found[table].add(column.name)
    return found
