"""The engine gets the memory that one setting names, while reading and while building."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from assessments.errors import BadInput
from assessments.settings import Home
from dashboard import memory
from dashboard.exports.landing import open_landing
from dashboard.warehouse import build as building
from dashboard.warehouse.connect import Warehouse

LIMIT = "select current_setting('memory_limit')"


def limits(home: Home) -> tuple[str, str]:
    with open_landing(home, write=True) as connection:
        landing = connection.execute(LIMIT).fetchall()[0][0]
    warehouse = Warehouse.open(home)
    with warehouse.cursor() as cursor:
        reading = cursor.execute(LIMIT).fetchall()[0][0]
    warehouse.close()
    return landing, reading


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home").prepare()
    building.rebuild(home, None)
    return home


def test_reading_and_building_have_a_stated_limit_each_and_one_setting_replaces_both(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(memory.SETTING, raising=False)
    assert (memory.BUILDING, memory.READING) == ("1GB", "2GB")
    assert limits(home) == ("953.6 MiB", "1.8 GiB")

    monkeypatch.setenv(memory.SETTING, "300MiB")
    assert limits(home) == ("300.0 MiB", "300.0 MiB")


def test_a_query_that_needs_more_than_the_limit_is_refused(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(memory.SETTING, "20MB")
    warehouse = Warehouse.open(home)
    with warehouse.cursor() as cursor, pytest.raises(duckdb.OutOfMemoryException):
        cursor.execute("select list(n || 'x') from range(3000000) t(n)").fetchall()
    warehouse.close()


def test_an_amount_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(memory.SETTING, "2GB'; install httpfs; --")
    with pytest.raises(BadInput, match="amount of memory"):
        memory.memory_for(memory.READING)
