"""Landed data leaves when the retention file says so, with an entry in the ledger and not a byte left."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from assessments.errors import BadInput, NotPermitted
from assessments.ledger import body, store
from assessments.ledger.tables import ledger_entry
from assessments.records import Actor, Records
from dashboard.exports import retention
from dashboard.exports.declared import (
    DeclaredExpectation,
    DeclaredReport,
    declared_folder,
    write_reports,
)
from dashboard.exports.retention import prune, read_retention

TODAY = date.today()
SECRET = "4711-very-personal"


@pytest.fixture
def loaded(desk: Any, vendors: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(retention, "_forget_generations", lambda *_: None)
    found = desk.load("vendors.csv", vendors(vendors.row(1), vendors.row(2, role=SECRET)))
    broken = DeclaredExpectation("role.allowed", "", "critical", False, 1, 2, (SECRET,))
    report = DeclaredReport("vendors", found.batch_id, "", found.sha256, "gx", (broken,))
    write_reports(desk.home, [report])
    return desk


def test_nothing_leaves_before_its_day(loaded: Any) -> None:
    assert prune(loaded.home, TODAY + timedelta(days=80), records=None, actor=None) == {}
    assert loaded.ask("select count(*) from quarantine") == [(1,)]


def test_a_dry_run_counts_and_a_real_one_leaves_no_byte_and_enters_the_ledger(loaded: Any) -> None:
    records, actor = Records.open(loaded.home.records_url), Actor.system("test")
    day = TODAY + timedelta(days=100)
    path = loaded.home.warehouse / "landing.duckdb"
    try:
        dry = prune(loaded.home, day, records=records, actor=actor, is_dry=True)
        assert dry == {"quarantine": 1}
        assert SECRET.encode() in path.read_bytes()
        assert prune(loaded.home, day, records=records, actor=actor) == dry
        with records.read() as connection:
            entries = connection.execute(select(ledger_entry.c.seq, ledger_entry.c.body)).all()
        last = body.read(store.Entry(*entries[-1]))
    finally:
        records.close()
    assert (last["action"], last["facts"]) == ("export.pruned", {"quarantine": 1})
    assert SECRET.encode() not in path.read_bytes()
    assert not any(SECRET in path.read_text() for path in declared_folder(loaded.home).iterdir())
    assert loaded.ask("select rows, landed, quarantined from loads") == [(2, 1, 1)]
    assert loaded.ask("select vendor_id from vendors") == [("v-1",)]


def test_the_home_says_how_long_facts_stay(loaded: Any) -> None:
    head = "consent_id,subject_ref,purpose_id,given_at,withdrawn_at,notice_version,channel"
    rows = [f"c-{n},{n:032x},pu-1,20{n}-01-01T08:00:00Z,,v1,web" for n in (19, 25)]
    loaded.load("consents.csv", [head, *rows])
    own = Path(retention.__file__).with_name("retention.yaml").read_text()
    (loaded.home.path / "retention.yaml").write_text(
        own.replace("kinds: {}", "kinds: {consents: 1200}")
    )
    assert prune(loaded.home, date(2026, 11, 20), records=None, actor=None) == {"consents": 1}
    assert loaded.ask("select consent_id from consents") == [("c-25",)]


@pytest.mark.parametrize("kinds", ["{consents: 30}", "{vendors: 900}", "{consents: soon}"])
def test_periods_that_would_break_kpis_are_refused(desk: Any, kinds: str) -> None:
    desk.home.prepare()
    own = Path(retention.__file__).with_name("retention.yaml").read_text()
    (desk.home.path / "retention.yaml").write_text(own.replace("kinds: {}", f"kinds: {kinds}"))
    with pytest.raises(BadInput):
        read_retention(desk.home)


def test_pruning_needs_the_permission_to_load(loaded: Any) -> None:
    records = Records.open(loaded.home.records_url)
    try:
        with pytest.raises(NotPermitted):
            prune(
                loaded.home,
                TODAY + timedelta(days=100),
                records=records,
                actor=Actor.person("p-999"),
            )
    finally:
        records.close()
    assert loaded.ask("select count(*) from quarantine") == [(1,)]
