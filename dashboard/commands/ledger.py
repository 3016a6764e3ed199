"""``privacy ledger``: verify the audit trail, sign a checkpoint, prove an entry."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime

import click

from assessments.errors import BadInput, NotFound
from assessments.ledger import checkpoint, keys, proof, store
from assessments.ledger.note import Verifier
from assessments.ledger.verify import verify_ledger
from assessments.records.permissions import check_permission
from dashboard.commands.plumbing import Session, emit, json_option, pass_session

EXIT = {"VALID": 0, "INVALID": 1, "INCOMPLETE": 3}
PASSPHRASE_VARIABLE = "PRIVACY_LEDGER_PASSPHRASE"  # noqa: S105


def register(cli: click.Group) -> None:
    """Add the group to the command line."""
    cli.add_command(ledger)


@click.group()
def ledger() -> None:
    """The audit trail: append-only, signed, provable."""


@ledger.command("verify")
@json_option
@pass_session
def verify(session: Session) -> None:
    """Hash every entry again and compare with every signed checkpoint."""
    with session.records().read() as connection:
        found = verify_ledger(connection, _verifiers(session))
    emit(
        session,
        found.as_dict(),
        "\n".join(
            [f"{found.verdict}: {found.checked} entries, root {found.root}", *found.problems]
        ),
    )
    sys.exit(EXIT[found.verdict])


@ledger.command("checkpoint")
@json_option
@pass_session
def make(session: Session) -> None:
    """Sign the present size and root."""
    signer = keys.open_key(session.home.keys, _passphrase())
    with session.records().change(session.actor()) as change:
        check_permission(change.connection, change.actor, "ledger.checkpoint")
        note = checkpoint.make_checkpoint(change.connection, [signer], datetime.now(UTC))
    emit(session, {"checkpoint": note, "vkey": signer.verifier.vkey}, note.rstrip("\n"))


@ledger.command("proof")
@click.argument("seq", type=int)
@json_option
@pass_session
def prove(session: Session, seq: int) -> None:
    """Print the proof that entry SEQ is in the ledger that the latest checkpoint names."""
    with session.records().read() as connection:
        note = checkpoint.latest_checkpoint(connection)
        if note is None:
            raise NotFound("There is no checkpoint yet", "Run: privacy ledger checkpoint")
        entry = store.entry(connection, seq)
        named = checkpoint.open_checkpoint(note, _verifiers(session))
        if seq >= named.size:
            raise BadInput(
                f"Entry {seq} is newer than the latest checkpoint",
                "Run: privacy ledger checkpoint",
                field="seq",
            )
        text = proof.make_proof(connection, seq, note)
    emit(session, {"seq": seq, "entry": entry.body.decode(), "proof": text}, text.rstrip("\n"))


def _verifiers(session: Session) -> list[Verifier]:
    try:
        return [keys.read_vkey(session.home.keys)]
    except NotFound:
        return []


def _passphrase() -> str:
    found = os.environ.get(PASSPHRASE_VARIABLE)
    return found or str(click.prompt("Passphrase of the ledger's key", hide_input=True, err=True))
