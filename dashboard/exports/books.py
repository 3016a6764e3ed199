"""The books of the landing store: one row a batch, with its counts, its rules and its extra columns."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

import duckdb

from assessments.errors import BadInput
from dashboard.exports.examine import Arrival, Examined
from dashboard.exports.judge import RuleCount
from dashboard.exports.landing import LANDED
from dashboard.exports.result import FileResult

_ID_DIGITS = 16


def find_batch(connection: duckdb.DuckDBPyConnection, arrival: Arrival) -> FileResult | None:
    """The earlier load of the same bytes, if loading them again would change nothing.

    A fact file counts for ever. A list counts only while no newer list of its kind has landed:
    loading an older list again is a wish to return to it.
    """
    found = connection.execute(
        "select batch_id, sha256, rows, landed, quarantined, extra_columns "
        f"from {LANDED}.loads where kind = ? order by loaded_at desc, batch_id desc",
        [arrival.contract.kind],
    ).fetchall()
    candidates = found[:1] if arrival.contract.mode == "snapshot" else found
    for row in candidates:
        if row[1] == arrival.source.sha256:
            return _earlier(connection, arrival, row)
    return None


def _earlier(
    connection: duckdb.DuckDBPyConnection, arrival: Arrival, row: tuple[Any, ...]
) -> FileResult:
    batch, sha256, rows, landed, quarantined, extra = row
    reasons = connection.execute(
        "select reason, count(*) from (select unnest(list_distinct(reasons)) as reason from "
        f"{LANDED}.quarantine where batch_id = ?) group by reason order by count(*) desc, reason",
        [batch],
    ).fetchall()
    rules = connection.execute(
        "select rule, sentence, severity, column_name, failed, checked "
        f"from {LANDED}.load_rules where batch_id = ?",
        [batch],
    ).fetchall()
    return FileResult(
        path=arrival.source.name,
        kind=arrival.contract.kind,
        sha256=str(sha256),
        batch_id=str(batch),
        rows=int(rows),
        landed=int(landed),
        quarantined=int(quarantined),
        unchanged=int(landed),
        changed=0,
        ended=0,
        reasons=tuple((str(reason), int(count)) for reason, count in reasons),
        rules=tuple(RuleCount(*rule) for rule in rules),
        extra_columns=tuple(extra),
        was_loaded=True,
    )


def batch_id(connection: duckdb.DuckDBPyConnection, arrival: Arrival) -> str:
    """Kind and digest; a list that is loaded again after a newer one gets a number."""
    stem = f"{arrival.contract.kind}-{arrival.source.sha256[:_ID_DIGITS]}"
    found = connection.execute(
        f"select count(*) from {LANDED}.loads where kind = ? and sha256 = ?",
        [arrival.contract.kind, arrival.source.sha256],
    ).fetchone()
    earlier = int(found[0]) if found else 0
    return f"{stem}-{earlier + 1}" if earlier else stem


def check_order(connection: duckdb.DuckDBPyConnection, arrival: Arrival, as_of: date) -> None:
    """Lists land in the order of their days; history is not rewritten."""
    if arrival.contract.mode == "append":
        return
    found = connection.execute(
        f"select max(as_of) from {LANDED}.loads where kind = ?", [arrival.contract.kind]
    ).fetchone()
    if found and found[0] is not None and found[0] > as_of:
        raise BadInput(
            f"A newer list of {arrival.contract.title.lower()} has landed",
            f"It is of {found[0]}, this one of {as_of}. Nothing was changed.",
            where={"file": arrival.source.name},
        )


def result(examined: Examined, batch: str, ended: int) -> FileResult:
    """The answer about one file."""
    return FileResult(
        path=examined.arrival.source.name,
        kind=examined.arrival.contract.kind,
        sha256=examined.arrival.source.sha256,
        batch_id=batch,
        rows=examined.rows,
        landed=examined.good,
        quarantined=examined.bad,
        unchanged=examined.standing.get("same", 0),
        changed=examined.standing.get("changed", 0),
        ended=ended,
        reasons=examined.reasons,
        rules=examined.rules,
        extra_columns=examined.extra_columns,
    )


def enter(connection: duckdb.DuckDBPyConnection, entry: FileResult, as_of: date) -> None:
    """Write the batch, its rule counts and its extra values."""
    connection.execute(
        f"insert into {LANDED}.loads values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            entry.batch_id, entry.kind, entry.path, entry.sha256, entry.rows, entry.landed,
            entry.quarantined, datetime.now(UTC).replace(tzinfo=None), as_of, entry.unchanged,
            entry.changed, entry.ended, list(entry.extra_columns),
        ],
    )  # fmt: skip
    rows = [[entry.batch_id, *asdict(count).values()] for count in entry.rules]
    connection.executemany(f"insert into {LANDED}.load_rules values (?, ?, ?, ?, ?, ?, ?)", rows)
    connection.execute(
        f"insert into {LANDED}.extra_values select ?, ?, line_no, extra from good "
        "where extra is not null",
        [entry.batch_id, entry.kind],
    )
