"""The product's own figures on the log: build, board, six numbers from sums and from rows, one more day.

``python -m tests.benchmarks._events_product FOLDER HOME SIZE``; one line of JSON a figure.
The log is put into the landing store as landed rows; checking files on the way in is another benchmark.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from datetime import timedelta
from pathlib import Path
from statistics import median

import duckdb

from assessments.settings import Home
from dashboard import kpis
from dashboard.exports.landing import open_landing
from dashboard.kpis.population import count_sql, number_sql
from dashboard.warehouse.build import rebuild
from dashboard.warehouse.connect import Warehouse
from tests.benchmarks._events_log import AS_OF, EVENTS, MACROS, row_of
from tests.benchmarks._events_peer import SQL, report

KNOWN = "date '1900-01-01' as known_from, date '9999-12-31' as known_until"


QUIET = "set enable_progress_bar = false"


def say(**figure: object) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps(figure | {"peak": peak}), flush=True)


def land(home: Home, folder: Path) -> None:
    """Every file as a batch; lists known from ever on."""
    with open_landing(home, write=True) as connection:
        connection.execute(QUIET)
        for name in ("purposes", "datasets", "grants"):
            _insert(connection, name, folder / f"{name}.parquet", f", {KNOWN}")
        _insert(connection, "consents", folder / "consents.parquet", "")
        for path in sorted((folder / "access_events").glob("*.parquet")):
            _insert(connection, "access_events", path, "")


def _insert(connection: duckdb.DuckDBPyConnection, kind: str, path: Path, more: str) -> None:
    batch = f"{kind}-{path.stem}"
    connection.execute(
        f"insert into landed.{kind} by name select *, '{batch}' as batch_id, "
        f"row_number() over () as line_no{more} from '{path}'"
    )
    _enter(connection, kind, batch)


def _enter(connection: duckdb.DuckDBPyConnection, kind: str, batch: str) -> None:
    connection.execute(
        "insert into landed.loads select $batch, $kind, $batch, $batch, 1, 1, 0, now()::timestamp, "
        "current_date, 0, 0, 0, []",
        {"batch": batch, "kind": kind},
    )


def built(home: Home, what: str) -> None:
    started, spent = time.perf_counter(), time.process_time()
    rebuild(home, None)
    say(figure=what, seconds=time.perf_counter() - started, cpu=time.process_time() - spent)


def questions(home: Home) -> None:
    """The board as it is shown, the six numbers from daily sums, and from single events."""
    warehouse = Warehouse.open(home)
    with warehouse.cursor() as cursor:
        asked = {"as_of": AS_OF}
        board = [_spent(lambda: kpis.board(cursor)) for _ in range(21)][1:]
        say(figure="board", seconds=median(board), worst=max(board))
        for way, make in (("sums", number_sql), ("rows", count_sql)):
            print(json.dumps({"way": way}), flush=True)
            texts = {name: make(kpis.get(name)) for name in SQL}
            report(
                {
                    name: lambda text=text: cursor.execute(text, asked).fetchall()[0][:2]  # type: ignore[misc]
                    for name, text in texts.items()
                }
            )
    warehouse.close()


def _spent(act: object) -> float:
    started = time.perf_counter()
    act()  # type: ignore[operator]
    return time.perf_counter() - started


def one_more_day(home: Home, size: int) -> None:
    """The day after the last, events of an old day, and one edited grant, each with a build."""
    first, last = (row_of(AS_OF + timedelta(days=n), size) for n in (1, 2))
    _arrive(home, size, first, last, "next day")
    built(home, "build after one more day")
    old = row_of(AS_OF - timedelta(days=200), size)
    _arrive(home, size, old, old + 1000, "late", "'late-' || event_id as event_id")
    built(home, "build after 1,000 late events of one day")
    with open_landing(home, write=True) as connection:
        connection.execute(
            "update landed.grants set valid_to = '2026-01-01' where grant_id = 'g-7'"
        )
        _enter(connection, "grants", "edited")
    built(home, "build after one edited grant")


def _arrive(
    home: Home, size: int, first: int, last: int, batch: str, instead: str = "event_id as event_id"
) -> None:
    text = EVENTS.replace("$first", str(first)).replace("$last", str(last))
    with open_landing(home, write=True) as connection:
        connection.execute(QUIET)
        connection.execute(MACROS)
        connection.execute(
            f"insert into landed.access_events by name select * replace ({instead}), "
            f"'{batch}' as batch_id, row_number() over () as line_no "
            f"from ({text.replace('$size', str(size))})"
        )
        _enter(connection, "access_events", batch)


def main() -> None:
    folder, home, size = Path(sys.argv[1]), Home(Path(sys.argv[2])).prepare(), int(sys.argv[3])
    land(home, folder)
    built(home, "full build")
    kept = [path.stat().st_size for path in home.warehouse.glob("events-*.duckdb")]
    generation = max(path.stat().st_size for path in home.warehouse.glob("gen-*.duckdb"))
    say(figure="bytes", events=sum(kept), generation=generation)
    questions(home)
    one_more_day(home, size)


if __name__ == "__main__":
    main()
