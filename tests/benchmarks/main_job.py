"""The main job: loading beside DuckDB's raw read of the same file, KPIs, report, signature, verification."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import duckdb

from assessments.records import Actor, Records
from assessments.reports.render import render_report
from assessments.review.freeze import find_frozen
from assessments.settings import Home
from assessments.signing.pdf import sign_report
from assessments.signing.verify import verify
from dashboard import kpis, office
from dashboard.demo import run_demo
from dashboard.exports.load import load_paths
from dashboard.warehouse.connect import Warehouse
from sample_data import EXPORTS

T = TypeVar("T")


def main() -> None:
    """Print one line a figure."""
    with tempfile.TemporaryDirectory() as folder:
        _loading(Path(folder))
        home = Home.locate(Path(folder) / "demo")
        started = time.perf_counter()
        done = run_demo(home, lambda _: None)
        print(f"demonstration without serving: {time.perf_counter() - started:.1f} s")
        _board(home)
        _report(home, done.assessment)
        _time("verify the pack", lambda: verify(done.pack, trust_root=done.trust_root), 3)


def _loading(folder: Path) -> None:
    parquet = Path(str(EXPORTS)) / "access_events.parquet"
    csv = folder / "access_events.csv"
    with duckdb.connect() as connection:
        connection.execute(f"copy '{parquet}' to '{csv}' (header)")
    for path in (parquet, csv):
        raw = _raw_read(path)
        home = Home.locate(folder / path.suffix[1:])
        home.prepare()
        records = Records.open(home.records_url)
        started = time.perf_counter()
        report = load_paths(home, [path], records=records, actor=Actor.system("bench"))
        spent = time.perf_counter() - started
        records.close()
        rows = sum(item["rows"] for item in report.as_dict()["files"])
        print(
            f"load {path.suffix[1:]}: {rows:,} rows in {spent:.1f} s = {rows / spent:,.0f} rows/s, checks, "
            f"landing, declared report and warehouse included; DuckDB raw read {raw:.2f} s, "
            f"ratio {spent / raw:.1f}"
        )


def _raw_read(path: Path) -> float:
    with duckdb.connect() as connection:
        started = time.perf_counter()
        connection.execute(f"create table raw as from '{path}'")
        return time.perf_counter() - started


def _board(home: Home) -> None:
    warehouse = Warehouse.open(home)
    with warehouse.cursor() as cursor:
        _time("board of six KPIs, warm", lambda: kpis.board(cursor), 20)
    warehouse.close()


def _report(home: Home, assessment: str) -> None:
    records = Records.open(home.records_url)
    with records.read() as connection:
        record = find_frozen(connection, assessment).record
    records.close()
    pdf = _time("render the report", lambda: render_report(record), 5)
    key = office.open_authority(home).document_key("p-001", office.DEMONSTRATION_PASSPHRASE)
    _time("sign it once", lambda: sign_report(pdf, "author", key, reason="bench"), 3)


def _time(what: str, act: Callable[[], T], times: int) -> T:
    found = act()
    spent = []
    for _ in range(times):
        started = time.perf_counter()
        act()
        spent.append(1000 * (time.perf_counter() - started))
    print(f"{what}: median {statistics.median(spent):.0f} ms of {times}")
    return found


if __name__ == "__main__":
    main()
