"""The last examination is kept; a damaged note of it is no examination; custody opens no key."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from click.testing import CliRunner

from assessments.doctor import State
from assessments.doctor.custody import describe
from assessments.doctor.finding import attention, broken, in_order
from assessments.doctor.kept import NAME, conduct, keep, last
from assessments.ledger import checkpoint, keys
from assessments.records import Actor, Records, people
from assessments.settings import Home
from dashboard.cli import cli
from tests.assessments.signing.signed_pack import certified


def test_what_was_found_reads_back_with_the_worst_state(tmp_path: Path) -> None:
    home = Home(tmp_path).prepare()
    assert last(home) is None
    made = conduct([in_order("a", "fine"), broken("b", "gone", "Restore it.")])
    keep(home, made)
    kept = last(home)
    assert kept is not None
    assert (kept.findings, kept.state) == (made.findings, State.BROKEN)
    assert abs((datetime.now(UTC) - kept.at).total_seconds()) < 60
    keep(home, conduct([attention("a", "soon", "Renew it.")]))
    again = last(home)
    assert again is not None
    assert again.state is State.ATTENTION


def test_a_damaged_note_counts_as_none(tmp_path: Path) -> None:
    home = Home(tmp_path).prepare()
    for content in ("", "[]", '{"findings": [{}], "at": "2026"}', '{"at": 1}'):
        (home.path / NAME).write_text(content)
        assert last(home) is None


def test_the_nightly_run_hashes_every_entry_and_finds_a_changed_one(tmp_path: Path) -> None:
    home = Home(tmp_path).prepare()
    records = Records.open(home.records_url)
    with records.change(Actor.system("test")) as change:
        people.add_person(change, "p-1", "A person")
    records.close()
    (home.path / "records.sqlite").chmod(0o600)
    run = CliRunner().invoke(cli, ["--home", str(home.path), "doctor", "--nightly"])
    kept = last(home)
    assert kept is not None
    found = kept.finding("ledger")
    assert found is not None
    assert (run.exit_code, found.state) == (0, State.OK), run.output
    _damage(home)
    assert CliRunner().invoke(cli, ["--home", str(home.path), "doctor", "--nightly"]).exit_code == 1
    kept = last(home)
    assert kept is not None
    assert kept.state is State.BROKEN


def _damage(home: Home) -> None:
    records = Records.open(home.records_url)
    with records.engine.begin() as connection:
        connection.exec_driver_sql("drop trigger ledger_entry_no_update")
        connection.exec_driver_sql("update ledger_entry set body = zeroblob(9) where seq = 0")
    records.close()


def test_custody_names_certificates_checkpoints_and_missing_backups(tmp_path: Path) -> None:
    home = Home(tmp_path).prepare()
    records = Records.open(home.records_url)
    with records.change(Actor.system("test")) as change:
        people.add_person(change, "p-1", "A person")
    authority = certified({"ann": "Ann"})
    authority.revoke("ann")
    home.keys.rmdir()
    authority._folder.rename(home.path / "held")
    home.keys.mkdir()
    (home.path / "held").rename(home.keys / "authority")
    with records.change(Actor.system("test")) as change:
        log = keys.create_key(home.keys, "ledger.example", "secret")
        checkpoint.make_checkpoint(change.connection, [log], change.now)
    with records.read() as connection:
        found = describe(home, connection)
    records.close()
    kinds = {(held.whose, held.kind): held.is_revoked for held in found.certificates}
    assert kinds == {
        ("root", ""): False, ("issuing", ""): False,
        ("ann", "document"): True, ("ann", "statement"): True,
    }  # fmt: skip
    assert (found.entries, found.covered, found.stamps) == (1, 1, 0)
    assert (found.records_backup, found.keys_backup) == (None, None)
    assert found.list_until is not None
    assert not found.certificates[0].is_ending(datetime.now(UTC))
