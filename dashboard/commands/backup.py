"""``privacy backup`` and ``privacy restore``: sealed archives that prove themselves when they open."""

from __future__ import annotations

import os
from pathlib import Path

import click

from assessments.backup import restore as restoring
from assessments.backup import sealed
from assessments.backup.make import KEYS, RECORDS, Backup, back_up_keys, back_up_records
from assessments.errors import BadInput, WorkbenchError
from assessments.ledger import custody
from assessments.records import Records
from dashboard import office
from dashboard.commands.plumbing import Session, emit, json_option, pass_session
from dashboard.exports.declared import declared_folder
from dashboard.exports.lock import hold_lock
from dashboard.warehouse.build import rebuild

VARIABLE = "PRIVACY_BACKUP_PASSPHRASE"
FILE = click.Path(dir_okay=False, path_type=Path)


def register(cli: click.Group) -> None:
    """Add both to the command line."""
    cli.add_command(backup)
    cli.add_command(restore)


@click.group()
def backup() -> None:
    """Back up the records and, apart from them, the keys."""


@backup.command("key")
@click.argument("file", type=FILE)
@json_option
@pass_session
def key(session: Session, file: Path) -> None:
    """Make the key that opens backups: FILE goes to a safe place, only its public half stays here.

    The passphrase of FILE comes from PRIVACY_BACKUP_PASSPHRASE.
    """
    recipient = sealed.create_identity(file, session.home.prepare().keys, _passphrase())
    text = (
        f"Backups are sealed for {recipient}.\nMove {file} and its passphrase to two safe places."
    )
    emit(session, {"recipient": recipient, "identity": str(file)}, text)


@backup.command("create")
@click.argument("file", type=FILE)
@click.option("--part", type=click.Choice([RECORDS, KEYS]), default=RECORDS, show_default=True)
@click.option(
    "--recipient", "recipients", multiple=True, help="age public key; default: all made here."
)
@json_option
@pass_session
def create(session: Session, file: Path, part: str, recipients: tuple[str, ...]) -> None:
    """Write a sealed backup to FILE, while people go on working."""
    made = (_keys if part == KEYS else _records)(session, file, recipients)
    data = {"path": str(made.path), "sha256": made.sha256, "bytes": made.size, "files": made.files,
            "entries": made.entries, "part": part}  # fmt: skip
    emit(session, data, f"{made.files} files, {made.size:,} bytes, SHA-256 {made.sha256}")


def _keys(session: Session, file: Path, recipients: tuple[str, ...]) -> Backup:
    return back_up_keys(session.records(), session.home, session.actor("backup"), file,
                        recipients=recipients)  # fmt: skip


def _records(session: Session, file: Path, recipients: tuple[str, ...]) -> Backup:
    kept = [session.home.warehouse / "landing.duckdb", session.home.path / "demonstration"]
    kept += sorted(declared_folder(session.home).glob("*.json"))
    more = {path.relative_to(session.home.path).as_posix(): path for path in kept if path.exists()}
    with hold_lock(session.home.prepare(), shared=True):
        return back_up_records(session.records(), session.home, session.actor("backup"), file,
                               recipients=recipients, more=more)  # fmt: skip


@click.command()
@click.argument("file", type=FILE)
@click.option(
    "--identity", required=True, type=FILE, help="The identity file of `privacy backup key`."
)
@click.option("--keys", "keys_file", type=FILE, help="The backup of the keys, to go on signing.")
@json_option
@pass_session
def restore(session: Session, file: Path, identity: Path, keys_file: Path | None) -> None:
    """Restore FILE into the home directory, which must be absent or empty.

    The archive, every digest in it and the whole ledger are verified before anything is put in
    place. With the keys, the restore is written into the ledger, which goes on under a new name.
    """
    opened = sealed.open_identity(identity, _passphrase())
    done = restoring.restore(session.home, file, opened, keys_file)
    if not session.home.records_url.startswith("sqlite"):
        try:
            restoring.fill_database(session.home, session.records())
        except WorkbenchError:
            restoring.give_up(session.home)
            raise
    name = _declare(session, session.records()) if keys_file is not None else None
    if (session.home.warehouse / "landing.duckdb").exists():
        rebuild(session.home, session.records())
    data = {"home": str(session.home.path), "made_at": done.made_at, "files": done.files,
            "ledger": done.ledger.as_dict(), "lost": done.lost, "log": name}  # fmt: skip
    text = [f"Restored {done.files} files as of {done.made_at}; ledger {done.ledger.verdict}, "
            f"{done.ledger.size} entries."]  # fmt: skip
    if done.lost:
        text.append(
            f"{done.lost} signed entries came after this backup and are gone; the ledger says so."
        )
    text.append(f"The log goes on as {name}." if name else
                "Bring the keys back, then run: privacy ledger restored")  # fmt: skip
    emit(session, data, "\n".join(text))


def _declare(session: Session, records: Records) -> str:
    present = office.passphrase(session.home, office.LEDGER_VARIABLE)
    with records.change(session.actor("restore")) as change:
        return custody.declare_restored(change, session.home.keys, present).name


def _passphrase() -> str:
    found = os.environ.get(VARIABLE)
    if not found:
        raise BadInput("The passphrase of the backup key is not there",
                       f"Give it in {VARIABLE}; it is never stored.", field=VARIABLE)  # fmt: skip
    return found
