"""Backups open whole or not at all, and a restored ledger proves itself before it counts."""

from __future__ import annotations

import io
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyrage
import pytest
from sqlalchemy import insert

from assessments.backup import sealed
from assessments.backup.make import back_up_keys, back_up_records
from assessments.backup.restore import restore
from assessments.errors import BadInput, NotFound, NotPermitted
from assessments.ledger import body, checkpoint, keys, store
from assessments.records import Actor, Event, Records
from assessments.records.tables import evidence
from assessments.settings import Home

PASSPHRASE = "a long passphrase"
SYSTEM = Actor.system("test")
DIGEST = "ab" * 32


@dataclass
class Office:
    home: Home
    records: Records
    identity: object

    def add(self, count: int) -> None:
        for number in range(count):
            with self.records.change(SYSTEM) as change:
                event = Event("x", "thing", str(number), "people.manage", private={"n": number})
                change.apply(event)

    def sign(self) -> None:
        key = keys.open_key(self.home.keys, PASSPHRASE)
        with self.records.change(SYSTEM) as change:
            checkpoint.make_checkpoint(change.connection, [key], datetime.now(UTC))

    def back_up(self, name: str = "backup.age") -> Path:
        target = self.home.path.parent / name
        return back_up_records(self.records, self.home, SYSTEM, target).path


@dataclass
class BackupKey:
    file: Path
    folder: Path
    opened: object


@pytest.fixture(scope="module")
def backup_key(tmp_path_factory: pytest.TempPathFactory) -> BackupKey:
    """One for all: opening it costs a second on purpose."""
    folder = tmp_path_factory.mktemp("key")
    sealed.create_identity(folder / "identity.age", folder, PASSPHRASE)
    opened = sealed.open_identity(folder / "identity.age", PASSPHRASE)
    return BackupKey(folder / "identity.age", folder, opened)


@pytest.fixture
def office(tmp_path: Path, backup_key: BackupKey) -> Office:
    home = Home(tmp_path / "home").prepare()
    made = Office(home, Records.open(home.records_url), backup_key.opened)
    keys.create_key(home.keys, "ledger.example", PASSPHRASE)
    shutil.copy(backup_key.folder / sealed.RECIPIENT_FILE, home.keys)
    made.add(5)
    made.sign()
    return made


def contents(home: Home) -> dict[str, bytes]:
    return {p.relative_to(home.path).as_posix(): p.read_bytes()
            for p in home.path.rglob("*") if p.is_file()}  # fmt: skip


def test_a_restored_home_has_every_entry_file_and_verifies(office: Office, tmp_path: Path) -> None:
    (office.home.evidence / f"{DIGEST}.pdf").write_bytes(b"evidence")
    with office.records.change(SYSTEM) as change:
        row = {"sha256": DIGEST, "name": "a.pdf", "media_type": "application/pdf", "size": 8,
               "added_by": "p-1", "added_at": change.now}  # fmt: skip
        change.apply(Event("x", "evidence", "1", "people.manage"), insert(evidence).values(row))
    done = restore(Home(tmp_path / "new"), office.back_up(), office.identity)
    restored = Home(tmp_path / "new")
    with Records.open(restored.records_url).read() as copy, office.records.read() as original:
        assert store.size(copy) == 6
        assert [e.body for e in store.entries(copy, limit=6)] == [
            e.body for e in store.entries(original, limit=7)
        ][1:]
        [found] = body.commitments_about(copy, "thing", "3")
        assert body.open_private(copy, found) == {"n": 3}
    assert (restored.evidence / f"{DIGEST}.pdf").read_bytes() == b"evidence"
    assert (done.ledger.verdict, done.ledger.checkpoints, done.lost) == ("VALID", 1, None)


def test_making_a_backup_is_on_the_ledger_with_its_digest(office: Office) -> None:
    made = back_up_records(office.records, office.home, SYSTEM, office.home.path / "b.age")
    with office.records.read() as connection:
        newest = store.entries(connection, limit=1)[0].body
    assert b"backup.made" in newest
    assert made.sha256.encode() in newest


def test_keys_travel_apart_and_say_which_signed_entries_are_lost(
    office: Office, tmp_path: Path
) -> None:
    early = office.back_up()
    office.add(3)
    office.sign()
    kept = back_up_keys(office.records, office.home, SYSTEM, tmp_path / "keys.age").path
    home = Home(tmp_path / "new")
    done = restore(home, early, office.identity, kept)
    assert done.lost == 4  # the entry on the backup itself, and three more
    assert keys.open_key(home.keys, PASSPHRASE).name == "ledger.example"


def test_no_secret_of_the_keys_folder_is_in_the_records_backup(
    office: Office, tmp_path: Path
) -> None:
    restore(Home(tmp_path / "new"), office.back_up(), office.identity)
    assert [p.name for p in Home(tmp_path / "new").keys.iterdir()] == [keys.VKEY_FILE]


def test_others_go_on_writing_and_a_backup_is_one_moment(office: Office, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            office.add(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            with office.records.read() as connection:
                before = store.size(connection)
            file = office.back_up(f"b{number}.age")
            done = restore(Home(tmp_path / f"new{number}"), file, office.identity)
            assert done.ledger.size >= before
            assert done.ledger.verdict == "VALID"
    finally:
        stop.set()
        writer.join()


def flip(data: bytearray) -> None:
    data[len(data) // 2] ^= 1


def cut(data: bytearray) -> None:
    del data[-40:]


def empty(data: bytearray) -> None:
    data.clear()


@pytest.mark.parametrize("damage", [flip, cut, empty])
def test_a_damaged_backup_restores_nothing(
    office: Office, tmp_path: Path, damage: Callable[[bytearray], None]
) -> None:
    file = office.back_up()
    data = bytearray(file.read_bytes())
    damage(data)
    file.write_bytes(data)
    with pytest.raises(BadInput, match="backup"):
        restore(Home(tmp_path / "new"), file, office.identity)
    assert not (tmp_path / "new").exists()
    assert not list(tmp_path.glob(".restoring-*"))


def test_another_passphrase_and_another_key_open_nothing(
    office: Office, tmp_path: Path, backup_key: BackupKey
) -> None:
    with pytest.raises(BadInput, match="does not open"):
        sealed.open_identity(backup_key.file, "wrong")
    other = pyrage.x25519.Identity.generate()
    with pytest.raises(BadInput, match="does not open with this key"):
        restore(Home(tmp_path / "new"), office.back_up(), other)


def test_a_ledger_edited_before_the_backup_is_not_restored(office: Office, tmp_path: Path) -> None:
    with closing(sqlite3.connect(office.home.path / "records.sqlite")) as connection, connection:
        connection.execute("drop trigger ledger_entry_no_update")
        connection.execute(
            "update ledger_entry set body = replace(body, '\"x\"', '\"y\"') where seq=2"
        )
    with pytest.raises(BadInput, match="does not verify"):
        restore(Home(tmp_path / "new"), office.back_up(), office.identity)
    assert not (tmp_path / "new").exists()


def test_a_backup_without_a_named_file_is_not_restored(office: Office, tmp_path: Path) -> None:
    with office.records.change(SYSTEM) as change:
        row = {"sha256": DIGEST, "name": "a", "media_type": "text/plain", "size": 1,
               "added_by": "p-1", "added_at": change.now}  # fmt: skip
        change.apply(Event("x", "evidence", "1", "people.manage"), insert(evidence).values(row))
    with pytest.raises(BadInput, match="1 files that the records name"):
        restore(Home(tmp_path / "new"), office.back_up(), office.identity)


def test_a_home_in_use_is_never_overwritten(office: Office) -> None:
    file, before = office.back_up(), contents(office.home)
    with pytest.raises(BadInput, match="not empty"):
        restore(office.home, file, office.identity)
    assert contents(office.home) == before


def test_a_file_in_the_way_is_never_overwritten(office: Office, tmp_path: Path) -> None:
    (tmp_path / "backup.age").write_bytes(b"an older backup")
    with pytest.raises(BadInput, match="already"):
        office.back_up()
    assert (tmp_path / "backup.age").read_bytes() == b"an older backup"


def test_without_a_backup_key_nothing_is_written(office: Office, tmp_path: Path) -> None:
    (office.home.keys / sealed.RECIPIENT_FILE).unlink()
    with pytest.raises(NotFound, match="backup key"):
        office.back_up()
    assert not list(tmp_path.glob("*backup*"))


def test_a_person_without_the_role_backs_up_nothing(office: Office, tmp_path: Path) -> None:
    with pytest.raises(NotPermitted):
        back_up_records(office.records, office.home, Actor.person("p-9"), tmp_path / "b.age")
    assert not (tmp_path / "b.age").exists()


def hostile(name: str, kind: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, "/etc/passwd"
    return entry


@pytest.mark.parametrize(
    "entry",
    [
        hostile("../outside"),
        hostile("/outside"),
        hostile("a/../../outside"),
        hostile("link", tarfile.SYMTYPE),
        hostile("link", tarfile.LNKTYPE),
        hostile("device", tarfile.CHRTYPE),
    ],
    ids=lambda entry: f"{entry.name}-{entry.type.decode()}",
)
def test_an_archive_that_points_outside_is_refused(
    office: Office, tmp_path: Path, entry: tarfile.TarInfo
) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        tar.addfile(entry, io.BytesIO())
    file = tmp_path / "hostile.age"
    with file.open("wb") as out:
        known = sealed.read_recipients(office.home.keys)
        with sealed.sealing(out, known) as sink:
            sink.write(packed.getvalue())
    with pytest.raises(BadInput, match="damaged"):
        restore(Home(tmp_path / "new"), file, office.identity)
    assert not (tmp_path / "outside").exists()


def test_a_killed_restore_leaves_no_half_home(office: Office, tmp_path: Path) -> None:
    (tmp_path / "identity").write_text(str(office.identity), "ascii")
    (office.home.reports / "big.bin").write_bytes(random.Random(1).randbytes(4_000_000))
    file = office.back_up()
    program = (
        "import sys; from pathlib import Path; import pyrage\n"
        "from assessments.backup.restore import restore; from assessments.settings import Home\n"
        "i = pyrage.x25519.Identity.from_str(Path(sys.argv[3]).read_text())\n"
        "print('ready', flush=True)\n"
        "restore(Home(Path(sys.argv[1])), Path(sys.argv[2]), i)"
    )
    for wait in (0.0, 0.01, 0.03, 0.08):
        target = tmp_path / f"new-{wait}"
        child = subprocess.Popen(
            [sys.executable, "-c", program, target, file, tmp_path / "identity"],
            stdout=subprocess.PIPE,
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(wait)
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        if target.exists():
            assert (target / "reports" / "big.bin").stat().st_size == 4_000_000
            with Records.open(Home(target).records_url).read() as connection:
                assert store.size(connection) == 5
            shutil.rmtree(target)
        restore(Home(target), file, office.identity)


def test_a_killed_backup_leaves_nothing_under_its_name(office: Office, tmp_path: Path) -> None:
    (office.home.reports / "big.bin").write_bytes(random.Random(1).randbytes(8_000_000))
    program = (
        "import sys; from pathlib import Path; from assessments.records import Actor, Records\n"
        "from assessments.backup.make import back_up_records; from assessments.settings import Home\n"
        "home = Home(Path(sys.argv[1])); records = Records.open(home.records_url)\n"
        "print('ready', flush=True)\n"
        "back_up_records(records, home, Actor.system('test'), Path(sys.argv[2]))"
    )
    for number, wait in enumerate((0.0, 0.02, 0.05)):
        target = tmp_path / f"b{number}.age"
        child = subprocess.Popen(
            [sys.executable, "-c", program, str(office.home.path), str(target)],
            stdout=subprocess.PIPE,
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(wait)
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        if target.exists():
            restore(Home(tmp_path / f"new{number}"), target, office.identity)
        else:
            office.back_up(target.name)
