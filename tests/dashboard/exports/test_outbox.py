"""Every load is one ledger entry with the digest of the file, also after a crash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest

from assessments.errors import NotPermitted
from assessments.ledger import store
from assessments.records import Actor, Records, people
from dashboard.exports.load import load_paths
from dashboard.exports.options import Options

QUICK = Options(is_declared=False, is_built=False)
LOADER = Actor.system("load")


@pytest.fixture
def records(desk: Any) -> Iterator[Records]:
    opened = Records.open(desk.home.prepare().records_url)
    yield opened
    opened.close()


def entries(records: Records) -> list[dict[str, Any]]:
    with records.read() as connection:
        found = [json.loads(store.entry(connection, n).body) for n in range(store.size(connection))]
    return [entry for entry in found if entry["action"] == "export.loaded"]


def test_a_load_is_a_ledger_entry_with_digest_and_counts(
    desk: Any, vendors: Any, records: Records
) -> None:
    path = desk.write("vendors.csv", vendors(vendors.row(1), vendors.row(2, role="friend")))
    report = load_paths(desk.home, [path], records=records, actor=LOADER, options=QUICK)
    (entry,) = entries(records)
    assert entry["id"] == report.files[0].batch_id
    assert entry["facts"] == {
        "kind": "vendors",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "rows": 2,
        "landed": 1,
        "quarantined": 1,
    }


def test_the_same_file_is_entered_once(desk: Any, vendors: Any, records: Records) -> None:
    path = desk.write("vendors.csv", vendors(vendors.row(1)))
    for _ in range(3):
        load_paths(desk.home, [path], records=records, actor=LOADER, options=QUICK)
    assert len(entries(records)) == 1


def test_a_load_that_lacks_its_entry_gets_it_at_the_next_load(
    desk: Any, vendors: Any, records: Records
) -> None:
    desk.load("vendors.csv", vendors(vendors.row(1)))
    assert entries(records) == []
    path = desk.write("vendors-2.csv", vendors(vendors.row(2)))
    load_paths(desk.home, [path], records=records, actor=LOADER, options=QUICK)
    assert [entry["facts"]["kind"] for entry in entries(records)] == ["vendors", "vendors"]


def test_an_entry_made_before_a_crash_is_found_and_not_made_again(
    desk: Any, vendors: Any, records: Records
) -> None:
    path = desk.write("vendors.csv", vendors(vendors.row(1)))
    load_paths(desk.home, [path], records=records, actor=LOADER, options=QUICK)
    forget_the_mark(desk)
    load_paths(desk.home, [path], records=records, actor=LOADER, options=QUICK)
    assert len(entries(records)) == 1


def test_a_landing_store_that_was_thrown_away_loads_again_without_new_entries(
    desk: Any, vendors: Any, records: Records
) -> None:
    path = desk.write("vendors.csv", vendors(vendors.row(1)))
    load_paths(desk.home, [path], records=records, actor=LOADER, options=QUICK)
    (desk.home.warehouse / "landing.duckdb").unlink()
    report = load_paths(desk.home, [path], records=records, actor=LOADER, options=QUICK)
    assert not report.files[0].was_loaded
    assert len(entries(records)) == 1


def test_a_person_without_the_role_lands_nothing(desk: Any, vendors: Any, records: Records) -> None:
    with records.change(Actor.system("setup")) as change:
        people.add_person(change, "p-1", "Somebody")
    path = desk.write("vendors.csv", vendors(vendors.row(1)))
    with pytest.raises(NotPermitted):
        load_paths(desk.home, [path], records=records, actor=Actor.person("p-1"), options=QUICK)
    assert not (desk.home.warehouse / "landing.duckdb").exists()


def forget_the_mark(desk: Any) -> None:
    """As if the process had died between the ledger and the landing store."""
    from dashboard.exports.landing import open_landing

    with open_landing(desk.home, write=True) as connection:
        connection.execute("delete from landed.ledgered")
