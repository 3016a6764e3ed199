"""New, late and corrected events and edited grants leave what a full build makes, and cost their days alone."""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from assessments.settings import Home
from dashboard.exports.landing import open_landing
from dashboard.kpis import catalogue, rows
from dashboard.kpis.population import count_sql, number_sql
from dashboard.warehouse import build as building
from dashboard.warehouse import carried
from dashboard.warehouse.connect import Warehouse
from dashboard.warehouse.marts_order import read_marts

FIRST, LAST = date(2026, 3, 1), date(2026, 5, 20)
SUMS = [mart.name for mart in read_marts() if mart.kept or mart.carried]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Without trends of the whole catalogue, which are not what is asked about here."""
    monkeypatch.setattr(building, "precompute", lambda *_: None)
    return Home(tmp_path / "home").prepare()


Row = dict[str, object]


def event(chosen: random.Random, number: int, day: date) -> Row:
    return {
        "event_id": f"e-{number}",
        "ts": f"{day}T{chosen.randrange(24):02}:{chosen.randrange(60):02}:00",
        "actor_id": chosen.choice(["u-1", "u-2"]),
        "dataset_id": chosen.choice(["d-1", "d-2"]),
        "purpose_id": chosen.choice(["audit", "billing", None]),
        "grant_id": chosen.choice(["g-1", "g-2", "g-3", "g-9", None]),
        "outcome": chosen.choice(["success", "denied"]),
        "client": chosen.choice(["notebook", "sql", None]),
    }


def log(seed: int, first: date, days: int, number: int) -> list[Row]:
    chosen = random.Random(seed)
    return [
        event(chosen, number + n, first + timedelta(days=chosen.randrange(days)))
        for n in range(4 * days)
    ]


def grants(last_day: str, known_from: str = "1900-01-01") -> list[Row]:
    return [
        {
            "grant_id": f"g-{n}",
            "person_id": f"u-{1 + n % 2}",
            "dataset_id": f"d-{1 + n % 2}",
            "purpose_id": "audit",
            "valid_from": f"2026-0{n}-15",
            "valid_to": last_day,
            "known_from": known_from,
            "known_until": "9999-12-31",
        }
        for n in range(1, 4)
    ]


def datasets() -> list[Row]:
    known: Row = {"known_from": "1900-01-01", "known_until": "9999-12-31"}
    return [
        {"dataset_id": "d-1", "purposes": ["audit"], **known},
        {"dataset_id": "d-2", "purposes": ["billing"], "retired_on": "2026-04-20", **known},
    ]


class Landing:
    """Lands rows as a load does, one batch after the other, and builds."""

    def __init__(self, home: Home) -> None:
        self.home, self.batches = home, 0

    def __call__(self, kind: str, found: Sequence[Row], *before: str) -> None:
        self.batches += 1
        batch = f"{kind}-{self.batches}"
        with open_landing(self.home, write=True) as connection:
            for statement in before:
                connection.execute(statement)
            for number, row in enumerate(found):
                whole = {**row, "batch_id": batch, "line_no": number}
                places = ", ".join("?" * len(whole))
                connection.execute(
                    f"insert into landed.{kind} ({', '.join(whole)}) values ({places})",
                    list(whole.values()),
                )
            connection.execute(
                "insert into landed.loads select ?, ?, 'x', ?, 1, 1, 0, "
                "timestamp '2026-05-21' + to_seconds(?), date '2026-05-21', 0, 0, 0, []",
                [batch, kind, batch, self.batches],
            )
        building.rebuild(self.home, None)


@pytest.fixture
def land(home: Home) -> Landing:
    return Landing(home)


def contents(home: Home) -> dict[str, list[tuple[object, ...]]]:
    """Every sum, every event, and each number of the KPIs that count accesses, on three days."""
    warehouse = Warehouse.open(home)
    with warehouse.cursor() as cursor:
        found = {
            name: sorted(cursor.execute(f"from {name}").fetchall(), key=repr)
            for name in (*SUMS, "access_events")
        }
        for kpi in (kpi for kpi in catalogue() if kpi.counted):
            for day in (date(2026, 3, 31), date(2026, 4, 15), LAST):
                number = cursor.execute(number_sql(kpi), {"as_of": day}).fetchall()[0][:2]
                assert number == cursor.execute(count_sql(kpi), {"as_of": day}).fetchall()[0][:2]
                assert rows(kpi, cursor, day, size=1).total == number[1]
                found[f"{kpi.name} {day}"] = [number]
    warehouse.close()
    return found


def full_build(home: Home, folder: Path) -> dict[str, list[tuple[object, ...]]]:
    fresh = Home(folder / "fresh").prepare()
    shutil.copy(home.warehouse / "landing.duckdb", fresh.warehouse)
    building.rebuild(fresh, None)
    found = contents(fresh)
    shutil.rmtree(fresh.path)
    return found


def files(home: Home) -> dict[str, str]:
    """The newest file of each month."""
    return {path.name[7:14]: path.name for path in sorted(home.warehouse.glob("events-*"))}


def test_what_arrives_later_leaves_what_a_full_build_makes_and_touches_its_months_alone(
    home: Home, land: Landing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken_over: list[bool] = []
    asked = carried._is_unchanged

    def judged(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
        taken_over.append(asked(connection, name))
        return taken_over[-1]

    monkeypatch.setattr(carried, "_is_unchanged", judged)
    land("datasets", datasets())
    land("grants", grants("2026-04-10"))
    land("access_events", log(1, FIRST, 80, 0))
    before = files(home)
    assert sorted(before) == ["2026-03", "2026-04", "2026-05"]

    taken_over.clear()
    late = event(random.Random(5), 9001, date(2026, 3, 9))
    land("access_events", [*log(2, LAST, 1, 1000), late])
    assert contents(home) == full_build(home, tmp_path)
    assert taken_over == [True]
    after = files(home)
    assert {month for month in after if after[month] != before[month]} == {"2026-03", "2026-05"}

    moved = event(random.Random(6), 9001, date(2026, 4, 2))
    land("access_events", [moved], "delete from landed.access_events where event_id = 'e-9001'")
    assert contents(home) == full_build(home, tmp_path)

    before = files(home)
    taken_over.clear()
    ended = "update landed.grants set known_until = '2026-04-12'"
    land("grants", grants("2026-05-02", "2026-04-12"), ended)
    assert taken_over == [False]
    assert files(home) == before
    assert contents(home) == full_build(home, tmp_path)


def test_a_withdrawn_event_leaves_no_byte_in_the_file_of_its_month(
    home: Home, land: Landing
) -> None:
    secret = "e-secret-of-somebody"
    lost = event(random.Random(8), 1, FIRST) | {"event_id": secret}
    land("access_events", [*log(4, FIRST, 3, 10), lost])
    assert secret.encode() in (home.warehouse / files(home)["2026-03"]).read_bytes()
    land("grants", [], f"delete from landed.access_events where event_id = '{secret}'")
    assert secret.encode() not in (home.warehouse / files(home)["2026-03"]).read_bytes()


def test_a_month_without_events_any_more_is_gone(home: Home, land: Landing) -> None:
    land("access_events", log(3, FIRST, 20, 0))
    land("grants", grants("2026-04-10"), "delete from landed.access_events")
    warehouse = Warehouse.open(home)
    with warehouse.cursor() as cursor:
        assert cursor.execute("select count(*) from access_events").fetchall() == [(0,)]
        assert cursor.execute("select count(*) from purpose_day").fetchall() == [(0,)]
    warehouse.close()


def test_files_that_no_kept_generation_reads_are_removed(home: Home, land: Landing) -> None:
    for number in range(3):
        land("access_events", log(number, FIRST, 1, 100 * number))
    (home.warehouse / "events-2026-03-000099.new").write_bytes(b"left by a crash")
    land("access_events", log(9, FIRST, 1, 900))
    kept = sorted(path.name for path in home.warehouse.glob("events-*"))
    assert kept == [f"events-2026-03-{number:06}.duckdb" for number in (2, 3, 4)]
