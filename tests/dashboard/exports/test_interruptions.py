"""A kill, a full disk or a second process: the previous state stands, and a rerun gets there."""

from __future__ import annotations

import contextlib
import os
import random
import re
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from assessments.errors import Busy, NotFound
from dashboard.exports.lines import LINE_LIMIT
from dashboard.exports.lock import hold_lock
from dashboard.warehouse.connect import Warehouse

LOAD = """
import sys
from pathlib import Path
from assessments.errors import WorkbenchError
from assessments.settings import Home
from dashboard.exports.load import load_paths
from dashboard.exports.options import Options
home, *paths = map(Path, sys.argv[1:])
print("start", flush=True)
try:
    report = load_paths(Home(home), paths, options=Options(is_declared=False, is_built=False))
except WorkbenchError as error:
    print(type(error).__name__)
    sys.exit(error.exit_code)
for held in report.held:
    print(type(held.error).__name__, held.error)
sys.exit(2 if report.held else 0)
"""
KILLS = int(os.environ.get("PRIVACY_KILLS", "2"))
"""How often builds are killed; more with the environment variable."""

HEADER = "consent_id,subject_ref,purpose_id,given_at,withdrawn_at,notice_version,channel"


def consents(first: int, count: int) -> list[str]:
    rows = (
        f"c-{n},{n:032x},pu-1,2026-01-01T08:00:{n % 60:02}Z,,v1,web"
        for n in range(first, first + count)
    )
    return [HEADER, *rows]


def start(desk: Any, *paths: Path, script: str = LOAD, **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, str(desk.home.path), *map(str, paths)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options,
    )  # fmt: skip


def counts(desk: Any) -> tuple[int, int, int]:
    return desk.ask(
        "select (select count(*) from consents), (select count(*) from quarantine), "
        "(select coalesce(sum(rows), 0) from loads)"
    )[0]


def test_a_kill_at_any_time_leaves_whole_batches_and_a_rerun_completes(desk: Any) -> None:
    files = [
        desk.write(f"consents-{n}.csv", [*consents(n * 20_000, 20_000), "broken"]) for n in range(3)
    ]
    chance = random.Random(11)
    for _ in range(4):
        process = start(desk, *files)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.uniform(0.05, 1.5))
        process.kill()
        process.communicate()
        landed, quarantined, rows = counts(desk)
        assert landed + quarantined == rows
        assert rows % 20_001 == 0
    desk.report(*files)
    assert counts(desk) == (60_000, 3, 60_003)


BUILD = """
import sys
from pathlib import Path
from assessments.settings import Home
from dashboard.exports.load import load_paths
from dashboard.exports.options import Options
from dashboard.warehouse import build
build.precompute = lambda *_: None
home, *paths = map(Path, sys.argv[1:])
print("start", flush=True)
for path in paths:
    load_paths(Home(home), [path], options=Options(is_declared=False))
"""


def test_readers_see_whole_generations_while_builds_are_killed_and_repeated(desk: Any) -> None:
    files = [desk.write(f"consents-{n}.csv", consents(n * 500, 500)) for n in range(3)]
    chance = random.Random(5)
    seen: list[int] = []
    for kills in range(KILLS + 1):
        process = start(desk, *files, script=BUILD)
        assert process.stdout is not None
        process.stdout.readline()
        ends = time.monotonic() + (600 if kills == KILLS else chance.uniform(0.2, 2.0))
        while process.poll() is None and time.monotonic() < ends:
            seen += read_generation(desk)
            time.sleep(0.05)
        process.kill()
        process.communicate()
        seen += read_generation(desk)
    assert process.returncode == 0
    assert seen[-1] == 1_500
    assert seen == sorted(seen)
    assert not list(desk.home.warehouse.glob("gen-*.new*"))


def read_generation(desk: Any) -> list[int]:
    """How many rows a page sees now: what landed in whole batches, in one and the same generation."""
    try:
        warehouse = Warehouse.open(desk.home)
    except NotFound:
        return []
    try:
        with warehouse.cursor() as cursor:
            query = "select (select count(*) from consents), (select sum(landed) from loads)"
            rows, landed = cursor.execute(query).fetchall()[0]
    finally:
        warehouse.close()
    assert rows == landed
    assert rows % 500 == 0
    return [int(rows)]


def test_a_second_process_is_told_to_wait(desk: Any, vendors: Any) -> None:
    desk.home.prepare()
    path = desk.write("vendors.csv", vendors(vendors.row(1)))
    with hold_lock(desk.home):
        out, _ = start(desk, path).communicate()
        assert out.split() == ["start", "Busy"]
    process = start(desk, path)
    process.communicate()
    assert process.returncode == 0


def test_checking_and_loading_exclude_each_other(desk: Any, vendors: Any) -> None:
    path = desk.write("vendors.csv", vendors(vendors.row(1)))
    desk.home.prepare()
    with hold_lock(desk.home, shared=True):
        desk.check(path)
        with pytest.raises(Busy):
            desk.report(path)


def test_the_lock_is_free_after_its_holder_was_killed(desk: Any) -> None:
    process = start(desk, desk.write("consents.csv", consents(0, 50_000)))
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(0.3)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    with hold_lock(desk.home):
        pass


def test_a_full_disk_leaves_the_previous_state(desk: Any) -> None:
    desk.report(desk.write("consents-1.csv", consents(0, 1_000)))
    before = desk.state()
    more = desk.write("consents-2.csv", consents(1_000, 60_000))
    room = (desk.home.warehouse / "landing.duckdb").stat().st_size + 200_000

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    process = start(desk, more, preexec_fn=limit)
    out, _ = process.communicate()
    assert process.returncode == 2
    assert "StorageFull" in out
    assert desk.state() == before
    desk.report(more)
    assert counts(desk) == (61_000, 0, 61_000)


@pytest.mark.slow
def test_a_line_of_a_gigabyte_is_quarantined_without_a_gigabyte_of_memory(
    desk: Any, vendors: Any
) -> None:
    path = desk.write("vendors.csv", vendors(vendors.row(1)))
    with path.open("r+b") as file:
        file.seek(0, os.SEEK_END)
        file.seek(1024 * LINE_LIMIT, os.SEEK_CUR)
        file.write(f"\n{vendors.row(2)}\n".encode())
    process = start(desk, path)
    peak = peak_kilobytes(process)
    assert process.returncode == 0
    assert desk.ask("select rows, landed, quarantined from loads") == [(3, 2, 1)]
    assert 50_000 < peak < 600_000


def peak_kilobytes(process: Any) -> int:
    """The high-water mark of the child's own memory; getrusage would count this process's too."""
    peak = 0
    while process.poll() is None:
        with contextlib.suppress(OSError):
            found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process.pid}/status").read_text())
            peak = max(peak, int(found[1]) if found else 0)
        time.sleep(0.02)
    return peak
