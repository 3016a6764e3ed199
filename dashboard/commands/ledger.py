"""``privacy ledger``: verify the audit trail, sign a checkpoint, prove an entry."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import Connection

from assessments.errors import BadInput, NotFound
from assessments.ledger import checkpoint, keys, note, proof, store
from assessments.ledger.checkpoint import Checkpoint, CheckpointSigner
from assessments.ledger.memory import Head
from assessments.ledger.verify import verify_ledger
from assessments.records.permissions import check_permission
from dashboard import office
from dashboard.commands.plumbing import (
    VERDICT_EXIT,
    Session,
    emit,
    json_option,
    pass_session,
)

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
NO_CHECKPOINT = "There is no checkpoint yet"
MAKE_ONE = "Run: privacy ledger checkpoint"


def register(cli: click.Group) -> None:
    """Add the group to the command line."""
    cli.add_command(ledger)


@click.group()
def ledger() -> None:
    """The audit trail: append-only, signed, provable."""


@ledger.command("verify")
@click.option("--checkpoint", "kept", type=FILE, multiple=True, help="A checkpoint kept elsewhere.")
@json_option
@pass_session
def verify(session: Session, kept: tuple[Path, ...]) -> None:
    """Hash every entry again and compare with every signed checkpoint."""
    verifiers = office.log_verifiers(session.home)
    heads = [checkpoint.open_checkpoint(read_text(path), verifiers).head for path in kept]
    with session.records().read() as connection:
        found = verify_ledger(connection, verifiers, [*heads, *_remembered(session)])
    emit(
        session,
        found.as_dict(),
        "\n".join(
            [f"{found.verdict}: {found.checked} entries, root {found.root}", *found.problems]
        ),
    )
    sys.exit(VERDICT_EXIT[found.verdict])


@ledger.command("checkpoint")
@click.option("--tsa", metavar="URL", help="Have it stamped by this RFC 3161 authority.")
@click.option("--tsa-root", type=FILE, help="The authority's root certificate (PEM or DER).")
@json_option
@pass_session
def make(session: Session, tsa: str | None, tsa_root: Path | None) -> None:
    """Sign the present size and root."""
    from assessments.ledger import timestamp

    signer = open_log(session)
    root = timestamp.read_root(tsa_root.read_bytes()) if tsa_root else None
    if tsa and root is None:
        raise click.UsageError("--tsa needs --tsa-root, to know whose word counts.")
    records = session.records()
    with records.change(session.actor()) as change:
        check_permission(change.connection, change.actor, "ledger.checkpoint")
        made = checkpoint.make_checkpoint(change.connection, [signer], datetime.now(UTC))
    data = {"checkpoint": made, "vkey": signer.verifier.vkey}
    if tsa and root:
        response = timestamp.ask(tsa, made.encode(), root)
        stamped = timestamp.Stamped(made, response)
        with records.change(session.actor()) as change:
            timestamp.keep(change.connection, _size(made), stamped, datetime.now(UTC))
        at = timestamp.verify_response(response, made.encode(), root)
        data["stamped_at"] = at.isoformat()
    emit(session, data, made.rstrip("\n"))


@ledger.command("proof")
@click.argument("seq", type=int)
@json_option
@pass_session
def prove(session: Session, seq: int) -> None:
    """Print the proof that entry SEQ is in the ledger that the latest checkpoint names."""
    with session.records().read() as connection:
        made = latest(connection)
        entry = store.entry(connection, seq)
        named = checkpoint.open_checkpoint(made, office.log_verifiers(session.home))
        if seq >= named.size:
            raise BadInput(
                f"Entry {seq} is newer than the latest checkpoint", MAKE_ONE, field="seq"
            )
        text = proof.make_proof(connection, seq, made)
    emit(session, {"seq": seq, "entry": entry.body.decode(), "proof": text}, text.rstrip("\n"))


@ledger.command("consistency")
@click.argument("old", type=FILE)
@json_option
@pass_session
def consistency(session: Session, old: Path) -> None:
    """Print the proof that the latest checkpoint continues the one in the file OLD."""
    verifiers = office.log_verifiers(session.home)
    before = checkpoint.open_checkpoint(read_text(old), verifiers)
    with session.records().read() as connection:
        made = latest(connection)
        now = checkpoint.open_checkpoint(made, verifiers)
        if before.size > now.size:
            raise BadInput(
                f"The ledger's latest checkpoint has {now.size} entries, this one {before.size}",
                "Run: privacy ledger verify",
                field="old",
            )
        text = proof.make_consistency(connection, before, now)
    proof.verify_consistency(read_text(old), made, text, verifiers)
    emit(session, {"old": before.size, "new": now.size, "checkpoint": made, "proof": text}, text)


def latest(connection: Connection) -> str:
    """The latest checkpoint, or NotFound saying how to make one."""
    made = checkpoint.latest_checkpoint(connection)
    if made is None:
        raise NotFound(NO_CHECKPOINT, MAKE_ONE)
    return made


def read_text(path: Path) -> str:
    """A file's text, or BadInput when it is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadInput("The file is not UTF-8 text", where={"file": path.name}) from error


def open_log(session: Session) -> CheckpointSigner:
    """The signer; a person at a terminal is asked for the passphrase when nothing gives it."""
    try:
        return office.open_log(session.home)
    except BadInput as error:
        if error.field != office.LEDGER_VARIABLE or not sys.stdin.isatty():
            raise
    return keys.open_key(session.home.keys, ask_passphrase("Passphrase of the ledger's key"))


def ask_passphrase(prompt: str, *, confirm: bool = False) -> str:
    """A passphrase from the terminal, never echoed."""
    return str(click.prompt(prompt, hide_input=True, err=True, confirmation_prompt=confirm))


def _remembered(session: Session) -> list[Head]:
    last = keys.read_memory(session.home.keys).last()
    return [] if last is None else [last]


def _size(made: str) -> int:
    return Checkpoint.parse(note.split(made)[0]).size
