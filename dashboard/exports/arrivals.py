"""The files of a run: recognised, in an order in which references can be found."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from assessments.errors import BadInput, WorkbenchError
from dashboard.exports.catalogue import load_order
from dashboard.exports.column_types import quote
from dashboard.exports.examine import Arrival, Examined
from dashboard.exports.foreign import recognise_all
from dashboard.exports.landing import LANDED
from dashboard.exports.options import Options
from dashboard.exports.readers.formats import find_files
from dashboard.exports.readers.inflate import inflate
from dashboard.exports.remote import fetch
from dashboard.exports.result import Held


def gather(
    paths: Sequence[Path], options: Options, scratch: Path
) -> tuple[list[Arrival], list[Held]]:
    """What is referred to comes first; files that cannot be recognised are held."""
    arrivals: list[Arrival] = []
    held: list[Held] = []
    for path in find_files(fetch([Path(path) for path in paths], scratch)):
        try:
            arrivals += recognise_all(inflate(path, scratch), options)
        except WorkbenchError as error:
            held.append(Held(path.name, error))
    order = load_order([arrival.contract.kind for arrival in arrivals])
    arrivals.sort(key=lambda arrival: order.index(arrival.contract.kind))
    return arrivals, held


def refuse_empty(
    connection: duckdb.DuckDBPyConnection, examined: Examined, options: Options
) -> None:
    """An empty list would end every row of the previous one; that is rarely meant."""
    contract = examined.arrival.contract
    is_partial = examined.arrival.source.is_partial
    if examined.rows or contract.mode == "append" or options.may_be_empty or is_partial:
        return
    table = f"{LANDED}.{quote(contract.kind)}"
    if connection.execute(f"select 1 from {table} limit 1").fetchone() is not None:
        raise BadInput(
            "The list is empty, but the previous one was not",
            "Nothing was changed. If everything really ended, load it with --accept-empty.",
            where={"file": examined.arrival.source.name},
        )
