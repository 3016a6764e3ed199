"""Reads and judges one file; what checking and loading have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
from dashboard.exports.readers.stage import stage, stream, try_stream
from dashboard.exports.rules import Rule, compile_rules
from dashboard.exports.staging import STAGED, Stream
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
    """Read, judge and compare; every record is then either in ``good`` or in ``bad``."""
    source, contract = arrival.source, arrival.contract
    rules = compile_rules(contract)
    stream, counts = _read(connection, arrival, rules)
    compare(connection, contract)
    standing = count_standing(connection)
    if standing.get("conflict"):
        drop_conflicts(connection, contract)
    collect_bad(connection, source, contract, rules, stream)
    remember_ids(connection, contract)
    good = _count(connection, "good")
    known = sum(standing.values()) - standing.get("conflict", 0)
    examined = Examined(
        arrival,
        rows=_count(connection, "judged"),
        good=good,
        standing=standing | {"new": good - known},
        reasons=count_reasons(connection),
        rules=counts,
        extra_columns=stream.extra,
    )
    _check_sum(connection, examined)
    return examined


def _read(
    connection: duckdb.DuckDBPyConnection, arrival: Arrival, rules: Sequence[Rule]
) -> tuple[Stream, tuple[RuleCount, ...]]:
    """Judge the records while they are read, where that can be; else stage them first."""
    source, contract = arrival.source, arrival.contract
    fast = stream(source, contract)
    if fast is not None:
        learn_ids(connection, contract, LANDED)
        counts = try_stream(source, lambda: judge(connection, contract, rules, fast))
        if counts is not None and fast.expected in (None, _count(connection, "sifted")):
            return fast, counts
    staged = replace(STAGED, extra=stage(connection, source, contract))
    learn_ids(connection, contract, LANDED)
    return staged, judge(connection, contract, rules, staged)


def _check_sum(connection: duckdb.DuckDBPyConnection, examined: Examined) -> None:
    """rows in = rows landed + rows quarantined, or nothing at all."""
    bad = _count(connection, "bad")
    if examined.good + bad != examined.rows:
        raise AssertionError(f"{examined.rows} rows are not {examined.good} good + {bad} bad")


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    found = connection.execute(f"select count(*) from {table}").fetchone()
    return int(found[0]) if found else 0
