"""Reads and judges one file; what checking and loading have in common."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from dashboard.exports.catalogue import find_contract, kind_by_header, kind_by_name
from dashboard.exports.contract import Contract, Dialect
from dashboard.exports.fingerprint import take_fingerprint
from dashboard.exports.judge import RuleCount, judge, learn_ids, remember_ids
from dashboard.exports.landing import LANDED
from dashboard.exports.quarantine import collect_bad, count_reasons
from dashboard.exports.readers.formats import find_format
from dashboard.exports.readers.source import Source
from dashboard.exports.readers.stage import stage
from dashboard.exports.rules import compile_rules
from dashboard.exports.standing import compare, count_standing, drop_conflicts

PLAIN = Dialect()


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file whose kind is known."""

    source: Source
    contract: Contract


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found in a file. The records themselves are in the temporary tables good and bad."""

    arrival: Arrival
    rows: int
    good: int
    standing: dict[str, int]
    reasons: tuple[tuple[str, int], ...]
    rules: tuple[RuleCount, ...]
    extra_columns: tuple[str, ...]

    @property
    def bad(self) -> int:
        return self.rows - self.good


def recognise(path: Path, kind: str | None, dialect: Dialect | None) -> Arrival:
    """Which kind a file is: as told, by its name, else by its header."""
    format_ = find_format(path)
    source = Source(path, take_fingerprint(path), dialect or PLAIN)
    found = kind or kind_by_name(path) or kind_by_header(path, format_.read_header(source))
    contract = find_contract(found)
    return Arrival(Source(path, source.fingerprint, dialect or contract.dialect), contract)


def examine(connection: duckdb.DuckDBPyConnection, arrival: Arrival) -> Examined:
    """Stage, judge and compare; every record is then either in ``good`` or in ``bad``."""
    source, contract = arrival.source, arrival.contract
    rules = compile_rules(contract)
    extra = stage(connection, source, contract)
    learn_ids(connection, contract, LANDED)
    counts = judge(connection, contract, rules)
    compare(connection, contract)
    standing = count_standing(connection)
    if standing.get("conflict"):
        drop_conflicts(connection)
    collect_bad(connection, source, contract, rules)
    remember_ids(connection, contract)
    examined = Examined(
        arrival,
        rows=_count(connection, "staged"),
        good=_count(connection, "good"),
        standing=standing,
        reasons=count_reasons(connection),
        rules=counts,
        extra_columns=extra,
    )
    _check_sum(connection, examined)
    return examined


def _check_sum(connection: duckdb.DuckDBPyConnection, examined: Examined) -> None:
    """rows in = rows landed + rows quarantined, or nothing at all."""
    bad = _count(connection, "bad")
    if examined.good + bad != examined.rows:
        raise AssertionError(f"{examined.rows} rows are not {examined.good} good + {bad} bad")


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    found = connection.execute(f"select count(*) from {table}").fetchone()
    return int(found[0]) if found else 0
