"""Says what loading would do, without changing anything."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from assessments.errors import WorkbenchError
from assessments.settings import Home
from dashboard.exports import books
from dashboard.exports.arrivals import gather, refuse_empty
from dashboard.exports.examine import Arrival, examine
from dashboard.exports.fingerprint import check_unchanged
from dashboard.exports.foreign import with_resources
from dashboard.exports.landing import explain_storage, open_landing
from dashboard.exports.lock import hold_lock
from dashboard.exports.options import Options
from dashboard.exports.readers.inflate import scratch_folder
from dashboard.exports.result import FileResult, Held, Report


def check_paths(
    home: Home, paths: Sequence[Path], kind: str | None = None, *, options: Options | None = None
) -> Report:
    """Read and judge every file against its contract and against what has landed."""
    chosen = options or Options(kind)
    home.prepare()
    results: list[FileResult] = []
    with (
        scratch_folder(home) as scratch,
        hold_lock(home, shared=True),
        open_landing(home, write=False) as connection,
    ):
        arrivals, held = gather(paths, with_resources(home, chosen), scratch)
        for arrival in arrivals:
            try:
                with explain_storage():
                    results.append(_check(connection, arrival, chosen))
            except WorkbenchError as error:
                held.append(Held(arrival.source.name, error))
    return Report(tuple(results), tuple(held))


def _check(connection: duckdb.DuckDBPyConnection, arrival: Arrival, options: Options) -> FileResult:
    earlier = books.find_batch(connection, arrival)
    if earlier is not None:
        return earlier
    examined = examine(connection, arrival)
    refuse_empty(connection, examined, options)
    check_unchanged(arrival.source.path, arrival.source.fingerprint)
    return books.result(examined, books.batch_id(connection, arrival), ended=0)
