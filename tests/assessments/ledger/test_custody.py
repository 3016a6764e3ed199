"""The key's life: it remembers, refuses a second history, is rotated, and survives a restore."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assessments.errors import BadInput, NotPossibleNow, Refused
from assessments.ledger import body, checkpoint, custody, keys, note, store
from assessments.ledger.verify import verify_ledger
from assessments.records import Actor, Event, Records

PASSPHRASE = "correct horse"
SYSTEM = Actor.system("test")


class Office:
    def __init__(self, folder: Path) -> None:
        self.database = folder / "records.sqlite"
        self.folder = folder / "keys"
        self.records = Records.open(f"sqlite:///{self.database}")
        keys.create_key(self.folder, "ledger.example", PASSPHRASE)

    def add(self, count: int) -> None:
        for number in range(count):
            with self.records.change(SYSTEM) as change:
                change.apply(Event("x", "thing", str(number), "people.manage"))

    def sign(self) -> str:
        key = keys.open_key(self.folder, PASSPHRASE)
        with self.records.change(SYSTEM) as change:
            return checkpoint.make_checkpoint(change.connection, [key], datetime.now(UTC))

    def back_up(self, to: Path) -> None:
        with closing(sqlite3.connect(self.database)) as source:
            source.execute("vacuum into ?", [str(to)])

    def restore(self, backup: Path) -> None:
        self.records.close()
        for path in self.database.parent.glob("records.sqlite*"):
            path.unlink()
        shutil.copy(backup, self.database)
        self.records = Records.open(f"sqlite:///{self.database}")

    def verdict(self) -> tuple[str, tuple[str, ...]]:
        last = keys.read_memory(self.folder).last()
        with self.records.read() as connection:
            found = verify_ledger(connection, keys.read_vkeys(self.folder), [last] if last else [])
        return found.verdict, found.problems


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path)
    made.add(3)
    return made


def signers(office: Office, signed: str) -> list[bytes]:
    known = keys.read_vkeys(office.folder)
    return [s.verifier.key for s in note.open_note(signed, known).signatures]


def test_a_checkpoint_is_signed_for_committed_entries_only(office: Office) -> None:
    key = keys.open_key(office.folder, PASSPHRASE)
    with pytest.raises(NotPossibleNow), office.records.change(SYSTEM) as change:
        change.apply(Event("x", "thing", "9", "people.manage"))
        checkpoint.make_checkpoint(change.connection, [key], datetime.now(UTC))
    assert key.memory.last() is None


def test_the_key_remembers_what_it_signed_when_the_database_forgets(
    office: Office, tmp_path: Path
) -> None:
    office.back_up(tmp_path / "backup")
    office.add(2)
    office.sign()
    office.restore(tmp_path / "backup")
    assert office.verdict()[0] == "INVALID"
    with pytest.raises(Refused, match="smaller"):
        office.sign()
    office.add(5)
    with pytest.raises(Refused, match="not a continuation"):
        office.sign()


def test_a_declared_restore_goes_on_under_a_new_name_and_shows(
    office: Office, tmp_path: Path
) -> None:
    office.sign()
    office.back_up(tmp_path / "backup")
    office.add(2)
    lost = office.sign()
    old_keys = keys.read_vkeys(office.folder)
    office.restore(tmp_path / "backup")
    with office.records.change(SYSTEM) as change:
        custody.declare_restored(change, office.folder, PASSPHRASE)
    signed = office.sign()
    assert signed.startswith("ledger.example/restored-1\n4\n")
    with pytest.raises(BadInput, match="No known key"):
        checkpoint.open_checkpoint(signed, old_keys)
    with office.records.read() as connection:
        facts = body.read(store.entry(connection, 3))["facts"]
    assert (facts["lost_size"], facts["size"]) == (5, 3)
    assert facts["lost_root"] == checkpoint.open_checkpoint(lost, old_keys).root.hex()
    assert office.verdict() == ("VALID", ())
    assert [head.size for head in keys.read_memory(office.folder).abandoned()] == [5]


def test_a_second_restore_counts_on(office: Office) -> None:
    for expected in ("ledger.example/restored-1", "ledger.example/restored-2"):
        with office.records.change(SYSTEM) as change:
            assert custody.declare_restored(change, office.folder, PASSPHRASE).name == expected


def test_both_keys_sign_during_a_rotation_and_one_after_it(office: Office) -> None:
    first = keys.read_vkey(office.folder)
    office.sign()
    with office.records.change(SYSTEM) as change:
        custody.rotate(change, office.folder, PASSPHRASE, PASSPHRASE)
    second = keys.read_vkey(office.folder)
    overlapping = office.sign()
    assert signers(office, overlapping) == [second.key, first.key]
    assert checkpoint.open_checkpoint(overlapping, [first]).size == 4
    with pytest.raises(Refused, match="not finished"):
        keys.rotate_key(office.folder, PASSPHRASE, PASSPHRASE)
    with office.records.change(SYSTEM) as change:
        custody.retire(change, office.folder)
    assert signers(office, office.sign()) == [second.key]
    assert office.verdict() == ("VALID", ())


def test_the_same_tree_keeps_its_note_and_gains_the_new_keys_line(office: Office) -> None:
    signed = office.sign()
    assert office.sign() == signed
    keys.rotate_key(office.folder, PASSPHRASE, PASSPHRASE)
    both = office.sign()
    assert both.startswith(signed)
    assert len(signers(office, both)) == 2
    assert office.sign() == both


def test_a_damaged_memory_stops_signing(office: Office) -> None:
    office.sign()
    office.add(1)
    (office.folder / keys.MEMORY_FILE).write_text('{"last": {"origin": "x"}}')
    with pytest.raises(BadInput, match="damaged"):
        office.sign()
    (office.folder / keys.MEMORY_FILE).write_text("{")
    with pytest.raises(BadInput, match="damaged"):
        office.sign()


def test_the_memory_names_the_last_signed_head(office: Office) -> None:
    signed = checkpoint.open_checkpoint(office.sign(), keys.read_vkeys(office.folder))
    kept = json.loads((office.folder / keys.MEMORY_FILE).read_text())
    assert kept["last"] == {"origin": "ledger.example", "size": 3, "root": signed.root.hex()}


def test_a_key_signs_for_its_own_log_only(office: Office) -> None:
    key = keys.open_key(office.folder, PASSPHRASE)
    other = checkpoint.Checkpoint("other.example", 1, bytes(32))
    with pytest.raises(Refused, match="own log"):
        key.sign_checkpoint(other.text, lambda _: [])
    assert key.memory.last() is None
