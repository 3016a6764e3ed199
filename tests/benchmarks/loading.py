"""Loading beside DuckDB's raw read of the same file: CSV and Parquet, a million rows (or LOADING_ROWS).

The raw read is the honest least: all columns as text with a stated dialect (CSV), or as they are typed
(Parquet), into a table of a database file on the disk, checkpointed, with the memory limit of loading.
"In memory" is the same without a file. Each measurement is a process of its own; CPU seconds are
compared as well as wall seconds, because they do not change with the load of the machine.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import duckdb

from dashboard.memory import BUILDING, memory_for
from sample_data import EXPORTS

ROWS = int(os.environ.get("LOADING_ROWS", "1000000"))

_MEASURE = """
import json, os, resource, sys, time
from pathlib import Path
{setting}
wall, cpu = time.perf_counter(), time.process_time()
{work}
spent = [time.perf_counter() - wall, time.process_time() - cpu]
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({{"wall": spent[0], "cpu": spent[1], "peak": peak}}))
os._exit(0)
"""
_RAW = """
connection.execute("create table {target} as from " + rows)
connection.execute("checkpoint {catalog}")
"""
_RAW_SETTING = """
import duckdb
connection = duckdb.connect()
connection.execute("set memory_limit = '{limit}'; set temp_directory = '{folder}/spill'")
connection.execute("attach '{folder}/raw.duckdb' as disk")
rows = {rows!r}
"""
_LOAD_SETTING = """
from assessments.records import Actor, Records
from assessments.settings import Home
from dashboard.exports.load import load_paths
from dashboard.exports.options import Options
home = Home(Path({home!r}))
home.prepare()
records, actor = Records.open(home.records_url), Actor.system("bench")
inventory = [Path(path) for path in {inventory!r}]
options = Options(is_declared={declared}, is_built=False)
load_paths(home, inventory, records=records, actor=actor, options=Options(is_declared=False, is_built=False))
"""
_LOAD = """
report = load_paths(home, [Path({path!r})], records=records, actor=actor, options=options)
assert report.rows == {rows} and not report.held and not report.notes, report.as_text()
"""


def main() -> None:
    """Print one line a figure."""
    print(f"load of the machine: {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        for path in _generate(Path(folder)):
            _compare(path, Path(folder))


def _generate(folder: Path) -> list[Path]:
    """The events of the sample again and again, with keys of their own."""
    sample = str(Path(str(EXPORTS)) / "access_events.parquet")
    paths = [folder / "access_events.csv", folder / "access_events.parquet"]
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        columns = [
            str(row[0]) for row in connection.execute(f"describe from '{sample}'").fetchall()
        ]
        others = ", ".join(name for name in columns if name != "event_id")
        query = (
            f"select 'e-' || (i * 1000000 + n)::varchar as event_id, {others} from (select *, "
            f"row_number() over () as n from '{sample}'), range({ROWS // 229_565 + 1}) t(i) limit {ROWS}"
        )
        connection.execute(f"copy ({query}) to '{paths[0]}' (header)")
        connection.execute(f"copy ({query}) to '{paths[1]}'")
    return paths


def _compare(path: Path, folder: Path) -> None:
    disk, memory = _raw(path, folder, "disk"), _raw(path, folder, "memory")
    kind = f"{path.suffix[1:]}, {ROWS:,} rows"
    for what, found in (("on the disk", disk), ("in memory", memory)):
        print(f"{kind}: raw read {what} {found['wall']:.2f} s, {found['cpu']:.2f} CPU s")
    for is_declared in (False, True):
        found = _load(path, folder, is_declared)
        print(
            f"{kind}: loaded with all checks{' and the declared report' if is_declared else ''} in "
            f"{found['wall']:.2f} s = {ROWS / found['wall']:,.0f} rows/s, {found['cpu']:.2f} CPU s; "
            f"times the raw read on the disk {found['wall'] / disk['wall']:.1f} (CPU "
            f"{found['cpu'] / disk['cpu']:.1f}), in memory {found['wall'] / memory['wall']:.1f} (CPU "
            f"{found['cpu'] / memory['cpu']:.1f}); peak {found['peak']:,.0f} MB, limit {memory_for(BUILDING)}"
        )


def _raw(path: Path, folder: Path, catalog: str) -> dict[str, float]:
    (folder / "raw.duckdb").unlink(missing_ok=True)
    rows = f"'{path}'"
    if path.suffix == ".csv":
        columns = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(10))
        rows = (
            f"read_csv('{path}', auto_detect = false, header = false, skip = 1, delim = ',', "
            f"columns = {{{columns}}}, quote = '\"', escape = '\"', nullstr = '', new_line = '\\n')"
        )
    setting = _RAW_SETTING.format(limit=memory_for(BUILDING), folder=folder, rows=rows)
    return _measure(setting, _RAW.format(target=f"{catalog}.main.raw", catalog=catalog))


def _load(path: Path, folder: Path, is_declared: bool) -> dict[str, float]:
    home = folder / f"home-{path.suffix[1:]}-{is_declared}"
    names = ("datasets.csv", "purposes.csv", "grants.csv")
    inventory = [str(Path(str(EXPORTS)) / name) for name in names]
    setting = _LOAD_SETTING.format(home=str(home), inventory=inventory, declared=is_declared)
    return _measure(setting, _LOAD.format(path=str(path), rows=ROWS))


def _measure(setting: str, work: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE.format(setting=setting, work=work)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: Any = json.loads(done.stdout.splitlines()[-1])
    return dict(found)


if __name__ == "__main__":
    main()
