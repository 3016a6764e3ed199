"""Fix and reload: rejected rows out as CSV with their reasons, corrected ones in, linked to their load.

A text that a spreadsheet would take for a formula gets a leading apostrophe on the way out and loses it
on the way in (OWASP, "CSV Injection"). Corrected rows are a part of a list: nothing ends because they
do not name it. They are judged like any other row.
"""

from __future__ import annotations

import csv
import io
import json

import duckdb

from assessments.errors import NotFound
from assessments.settings import Home
from dashboard.exports.catalogue import find_contract
from dashboard.exports.column_types import literal, quote
from dashboard.exports.contract import Contract
from dashboard.exports.landing import LANDED, open_landing

LINE, REASON = "rejected_line", "rejected_reason"
SIGNS = ("=", "+", "-", "@", "\t", "\r", "'")


def kind_of(home: Home, batch_id: str) -> str:
    """The kind of a load, or NotFound."""
    with open_landing(home, write=False) as connection:
        found = connection.execute(
            f"select kind from {LANDED}.loads where batch_id = ?", [batch_id]
        ).fetchone()
    if found is None:
        raise NotFound(f"There is no load {batch_id[:60]}", field="batch")
    return str(found[0])


def write_rejected(home: Home, batch_id: str) -> str:
    """The rejected rows of a load with all their reasons, in the columns of its kind."""
    contract = find_contract(kind_of(home, batch_id))
    with open_landing(home, write=False) as connection:
        found = connection.execute(
            f"select line_no, reasons, record from {LANDED}.quarantine where batch_id = ? "
            "order by line_no",
            [batch_id],
        ).fetchall()
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([LINE, REASON, *contract.names])
    for line, reasons, record in found:
        values = json.loads(record) if record else {}
        cells = [values.get(name) or "" for name in contract.names]
        writer.writerow([line, "; ".join(reasons), *map(_guarded, cells)])
    return out.getvalue()


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(SIGNS) else text


def unguard(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Take the apostrophe away again from what is staged."""
    listed = ", ".join(
        f"{quote(name)} = regexp_replace({quote(name)}, {literal(_GUARDED)}, '\\1')"
        for name in contract.names
    )
    connection.execute(f"update staged set {listed} where structure is null")


_GUARDED = "^'([=+\\-@\\t\\r'])"


def link(connection: duckdb.DuckDBPyConnection, batch_id: str, corrects: str) -> None:
    """Say which load the rows of this one correct, in the transaction of the load."""
    connection.execute(f"insert into {LANDED}.corrections values (?, ?)", [batch_id, corrects])
