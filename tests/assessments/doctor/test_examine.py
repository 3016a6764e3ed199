"""Each check finds the damage that it is there for, and says nothing about a healthy home."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from assessments.backup.make import back_up_records
from assessments.doctor import Finding, State, examine, worst
from assessments.evidence.store import path_of
from assessments.ledger import checkpoint, keys
from assessments.records import Actor, Event, Records
from assessments.records.tables import evidence
from assessments.settings import Home
from assessments.signing.authority import Authority

PASSPHRASE = "a long passphrase"
SYSTEM = Actor.system("test")
CONTENT = b"evidence"


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("healthy") / "home").prepare()
    records = Records.open(home.records_url)
    (home.path / "records.sqlite").chmod(0o600)
    keys.create_key(home.keys, "ledger.example", PASSPHRASE)
    Authority.create(home.keys / "authority", PASSPHRASE, "Example")
    name = hashlib.sha256(CONTENT).hexdigest()
    path_of(home, name).parent.mkdir(mode=0o700)
    path_of(home, name).write_bytes(CONTENT)
    with records.change(SYSTEM) as change:
        row = {"sha256": name, "name": "a", "media_type": "text/plain", "size": 8,
               "added_by": "p-1", "added_at": change.now}  # fmt: skip
        change.apply(Event("x", "evidence", "1", "people.manage"), insert(evidence).values(row))
    target = home.path.parent / "backup.age"
    recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
    back_up_records(records, home, SYSTEM, target, recipients=[recipient])
    key = keys.open_key(home.keys, PASSPHRASE)
    with records.change(SYSTEM) as change:
        checkpoint.make_checkpoint(change.connection, [key], datetime.now(UTC))
    records.close()
    return home


@pytest.fixture
def home(healthy: Home, tmp_path: Path) -> Home:
    shutil.copytree(healthy.path, tmp_path / "home")
    return Home(tmp_path / "home")


def findings(home: Home, now: datetime | None = None) -> dict[str, Finding]:
    records = Records.open(home.records_url)
    found = {finding.name: finding for finding in examine(home, records, now)}
    records.close()
    return found


def sql(home: Home, *statements: str) -> None:
    with closing(sqlite3.connect(home.path / "records.sqlite")) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def test_a_healthy_home_is_in_order(home: Home) -> None:
    found = findings(home)
    assert worst(found.values()) is State.OK, found
    assert not [finding for finding in found.values() if finding.remedy]


def edit_entry(home: Home) -> None:
    sql(home, "drop trigger ledger_entry_no_update",
        "update ledger_entry set body = replace(body, 'evidence', 'evidense')")  # fmt: skip


def cut_ledger(home: Home) -> None:
    sql(home, "drop trigger ledger_entry_no_delete", "drop trigger ledger_node_no_delete",
        "drop trigger ledger_checkpoint_no_delete",
        "delete from ledger_entry where seq = 1", "delete from ledger_node where idx = 1 or level = 1",
        "delete from ledger_checkpoint")  # fmt: skip


def stray_reference(home: Home) -> None:
    sql(home, "insert into evidence_use values ('none', 'q', 'none')")


def change_evidence(home: Home) -> None:
    path_of(home, hashlib.sha256(CONTENT).hexdigest()).write_bytes(b"other")


def remove_evidence(home: Home) -> None:
    path_of(home, hashlib.sha256(CONTENT).hexdigest()).unlink()


def open_key_to_others(home: Home) -> None:
    (home.keys / keys.KEY_FILE).chmod(0o644)


def open_home_to_others(home: Home) -> None:
    home.path.chmod(0o755)


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("records", stray_reference),
        ("ledger", edit_entry),
        ("ledger", cut_ledger),
        ("signer", cut_ledger),
        ("evidence", change_evidence),
        ("evidence", remove_evidence),
        ("privacy", open_key_to_others),
        ("privacy", open_home_to_others),
    ],
)
def test_damage_is_found_by_its_check(
    home: Home, name: str, damage: Callable[[Home], None]
) -> None:
    damage(home)
    found = findings(home)[name]
    assert found.state is State.BROKEN
    assert found.remedy


def remove_key(home: Home) -> None:
    (home.keys / keys.KEY_FILE).unlink()


def leave_partial(home: Home) -> None:
    (home.reports / ".report.pdf.partial").write_bytes(b"")


def remove_authority(home: Home) -> None:
    shutil.rmtree(home.keys / "authority")


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("signer", remove_key),
        ("leftovers", leave_partial),
        ("certificates", remove_authority),
        ("revocation", remove_authority),
    ],
)
def test_what_wants_a_look_is_named(home: Home, name: str, damage: Callable[[Home], None]) -> None:
    damage(home)
    assert findings(home)[name].state is State.ATTENTION


@pytest.mark.parametrize(
    ("name", "days", "state"),
    [
        ("backup", 6, State.OK),
        ("backup", 8, State.ATTENTION),
        ("certificates", 365 * 20, State.BROKEN),
        ("revocation", 800, State.ATTENTION),
    ],
)
def test_time_alone_changes_what_is_in_order(
    home: Home, name: str, days: int, state: State
) -> None:
    assert findings(home, datetime.now(UTC) + timedelta(days=days))[name].state is state


def test_entries_that_nobody_signed_for_a_day_are_named(home: Home) -> None:
    records = Records.open(home.records_url)
    with records.change(SYSTEM) as change:
        change.apply(Event("x", "thing", "1", "people.manage"))
    records.close()
    assert findings(home)["checkpoint"].state is State.OK
    later = findings(home, datetime.now(UTC) + timedelta(hours=25))["checkpoint"]
    assert later.state is State.ATTENTION
    assert later.detail.startswith("1 entries")


def test_a_home_that_was_never_backed_up_is_told_so(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").prepare()
    assert findings(home)["backup"].detail == "No backup was ever made."
