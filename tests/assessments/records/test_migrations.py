"""A store of an earlier version opens, loses nothing, and has everything that the present one needs."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from assessments.ledger import store
from assessments.ledger.verify import NO_CHECKPOINT, verify_ledger
from assessments.records import Actor, Event, Records, people
from assessments.schema import metadata

DUMP = Path(__file__).with_name("schema_0002.sql")


@pytest.fixture
def upgraded(tmp_path: Path) -> Records:
    with closing(sqlite3.connect(tmp_path / "records.sqlite")) as connection:
        connection.executescript(DUMP.read_text("utf-8"))
    return Records.open(f"sqlite:///{tmp_path / 'records.sqlite'}")


def test_an_older_store_keeps_its_people_and_its_ledger(upgraded: Records) -> None:
    with upgraded.read() as connection:
        assert people.find_person(connection, "p-1").name == "A person"
        assert store.size(connection) == 2
        assert verify_ledger(connection, []).problems == (NO_CHECKPOINT,)
    with upgraded.change(Actor.system("test")) as change:
        change.apply(Event("x", "thing", "2", "people.manage"))
        assert store.size(change.connection) == 3


def test_an_older_store_has_every_table_and_column_of_a_new_one(upgraded: Records) -> None:
    found = sa.inspect(upgraded.engine)
    lacking = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if column.name not in {c["name"] for c in found.get_columns(table.name)}
    }
    assert not lacking


def test_the_ledger_of_an_older_store_still_refuses_edits(upgraded: Records) -> None:
    with (
        pytest.raises(sa.exc.DatabaseError, match="append-only"),
        upgraded.engine.begin() as change,
    ):
        change.execute(sa.text("delete from ledger_entry"))
