"""Landed data does not stay for ever: what the retention file no longer allows is removed from the store.

The counts of a load and its ledger entry stay; so does everything that a KPI needs for the days that it
may be asked about. Deleting rows leaves their bytes in the file, so the store is written anew without
them. The ledger entry comes first: nothing is removed without one, and a rerun after a crash finishes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import duckdb

from assessments.errors import NotFound
from assessments.files import flush
from assessments.records import Actor, Event, Records
from assessments.settings import Home
from dashboard.exports.catalogue import contracts
from dashboard.exports.column_types import literal, quote
from dashboard.exports.declared import declared_folder, read_report, write_reports
from dashboard.exports.landing import LANDED, explain_storage, landing_path, open_landing
from dashboard.exports.located_yaml import Place, read_place
from dashboard.exports.lock import hold_lock
from dashboard.warehouse import event_months, generations
from dashboard.warehouse.build import rebuild

FILE = "retention.yaml"
ACTION, PERMISSION = "export.pruned", "export.load"
LEAST_FOR_KINDS = 400
_KEYS = ("source", "valid_from", "rejected", "extra", "superseded", "kinds")


@dataclass(frozen=True, slots=True)
class Retention:
    """Days; ``kinds`` holds those of facts that are not kept as long as the store."""

    source: str
    rejected: int
    extra: int
    superseded: int
    kinds: tuple[tuple[str, int], ...]


def read_retention(home: Home) -> Retention:
    """The file of the home, else the one that is shipped."""
    own = home.path / FILE
    place = read_place(own if own.is_file() else Path(__file__).with_name(FILE))
    parts = place.entries(_KEYS, _KEYS)
    facts = {contract.kind for contract in contracts().values() if contract.mode == "append"}
    listed = parts["kinds"].members()
    for kind, node in listed.items():
        if kind not in facts:
            raise node.refuse("Only kinds of facts are removed by age; lists keep their history")
    return Retention(
        parts["source"].text(),
        _days(parts["rejected"]),
        _days(parts["extra"]),
        _days(parts["superseded"]),
        tuple((kind, _days(node, LEAST_FOR_KINDS)) for kind, node in listed.items()),
    )


def _days(place: Place, least: int = 0) -> int:
    text = place.text()
    if not text.isdigit() or int(text) < least:
        raise place.refuse(f"A whole number of days is expected here, at least {least}")
    return int(text)


def prune(
    home: Home, today: date, *, records: Records | None, actor: Actor | None, is_dry: bool = False
) -> dict[str, int]:
    """Remove what is too old, table by table; returns how many rows each loses, or would lose."""
    if not landing_path(home).exists():
        raise NotFound("No exports have been loaded yet")
    conditions = _conditions(read_retention(home), today)
    with hold_lock(home), explain_storage():
        with open_landing(home, write=True) as connection:
            found = {table: _count(connection, table, old) for table, old in conditions.items()}
            found = {table: count for table, count in found.items() if count}
            if is_dry or not found:
                return found
            if records is not None and actor is not None:
                with records.change(actor) as change:
                    change.apply(
                        Event(ACTION, "export", today.isoformat(), PERMISSION, facts=found)
                    )
            _remove(connection, {table: conditions[table] for table in found})
            _forget_samples(home, connection, conditions["quarantine"])
            fresh = _write_anew(connection, home)
        fresh.replace(landing_path(home))
        flush(home.warehouse)
    _forget_generations(home, records)
    return found


def _forget_generations(home: Home, records: Records | None) -> None:
    """Build the warehouse without the removed rows; older generations held them too."""
    number = rebuild(home, records)
    for path in home.warehouse.glob("gen-*.duckdb"):
        if generations.number_of(path) != number:
            path.unlink(missing_ok=True)
    event_months.remove_unused(home, [generations.current_path(home)])


def _conditions(retention: Retention, today: date) -> dict[str, str]:
    def loaded(days: int, column: str = "batch_id") -> str:
        return (
            f"{column} in (select batch_id from {LANDED}.loads "
            f"where cast(loaded_at as date) < date {_day(today, days)})"
        )

    found = {
        "quarantine": loaded(retention.rejected),
        "extra_values": loaded(retention.extra),
        "superseded": loaded(retention.superseded, "replaced_by"),
    }
    for kind, days in retention.kinds:
        dated = quote(contracts()[kind].dated or "")
        found[kind] = f"cast({dated} as date) < date {_day(today, days)}"
    return found


def _day(today: date, days: int) -> str:
    return literal((today - timedelta(days=days)).isoformat())


def _count(connection: duckdb.DuckDBPyConnection, table: str, condition: str) -> int:
    found = connection.execute(
        f"select count(*) from {LANDED}.{quote(table)} where {condition}"
    ).fetchone()
    return int(found[0]) if found else 0


def _remove(connection: duckdb.DuckDBPyConnection, conditions: dict[str, str]) -> None:
    connection.execute("begin")
    for table, condition in conditions.items():
        connection.execute(f"delete from {LANDED}.{quote(table)} where {condition}")
    connection.execute("commit")


def _forget_samples(home: Home, connection: duckdb.DuckDBPyConnection, old: str) -> None:
    """Declared reports show values that broke a rule; those of old loads keep their counts alone."""
    batches = connection.execute(f"select batch_id from {LANDED}.loads where {old}").fetchall()
    for (batch,) in batches:
        if (declared_folder(home) / f"{batch}.json").is_file():
            report = read_report(home, batch)
            plain = tuple(replace(one, sample=()) for one in report.expectations)
            write_reports(home, [replace(report, expectations=plain)])


def _write_anew(connection: duckdb.DuckDBPyConnection, home: Home) -> Path:
    """A copy that never held the removed rows, on the disk."""
    fresh = landing_path(home).with_suffix(".fresh")
    fresh.unlink(missing_ok=True)
    connection.execute(f"attach {literal(str(fresh))} as fresh")
    connection.execute(f"copy from database {LANDED} to fresh")
    connection.execute("checkpoint fresh")
    connection.execute("detach fresh")
    connection.execute(f"checkpoint {LANDED}")
    flush(fresh)
    return fresh
