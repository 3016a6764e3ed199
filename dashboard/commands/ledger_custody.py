"""``privacy ledger``, the rarer part: witnesses, key rotation, a restored backup, erasure."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from assessments.ledger import body, custody, erasure, keys, witness
from assessments.ledger.note import Verifier
from dashboard import office
from dashboard.commands.ledger import (
    FILE,
    ask_passphrase,
    latest,
    ledger,
    read_text,
)
from dashboard.commands.plumbing import Session, emit, json_option, pass_session

FOLDER = click.Path(file_okay=False, path_type=Path)


def register(cli: click.Group) -> None:
    """Add the commands to the group that the ledger's module has registered."""
    del cli
    for command in (request, cosign, endorse, rotate, retire, restored, erase):
        ledger.add_command(command)


@click.command("request")
@click.option("--seen", type=int, default=0, help="How many entries the witness has seen.")
@json_option
@pass_session
def request(session: Session, seen: int) -> None:
    """Print what to send to a witness: the latest checkpoint, with proof of growth."""
    with session.records().read() as connection:
        text = witness.make_request(connection, latest(connection), seen)
    emit(session, {"request": text}, text.rstrip("\n"))


@click.command("cosign")
@click.argument("request", type=FILE)
@click.option("--folder", type=FOLDER, required=True, help="The witness's own folder.")
@click.option("--log", "vkeys", type=FILE, required=True, help="The log's ledger.vkey file.")
@click.option("--create", metavar="NAME", help="Make the witness's key first, under this name.")
@json_option
@pass_session
def cosign(session: Session, request: Path, folder: Path, vkeys: Path, create: str | None) -> None:
    """As a witness: check that the log only grew, and print the signature line."""
    passphrase = ask_passphrase("Passphrase of the witness's key", confirm=bool(create))
    if create:
        witness.create_witness(folder, create, passphrase)
    logs = keys.parse_vkeys(read_text(vkeys))
    held = witness.open_witness(folder, passphrase, logs)
    line = held.cosign(read_text(request), datetime.now(UTC))
    emit(session, {"line": line, "vkey": held.cosigner.verifier.vkey}, line.rstrip("\n"))


@click.command("endorse")
@click.argument("line", type=FILE)
@click.option("--witness", "vkey", type=FILE, required=True, help="The witness's vkey file.")
@json_option
@pass_session
def endorse(session: Session, line: Path, vkey: Path) -> None:
    """Add a witness's signature line to the latest checkpoint."""
    known = [Verifier.parse(read_text(vkey))]
    with session.records().change(session.actor()) as change:
        made = latest(change.connection)
        signed = witness.accept_line(
            change.connection, made, read_text(line), known, datetime.now(UTC)
        )
    data = {"witness": signed.verifier.name, "at": signed.at}
    emit(session, data, f"{signed.verifier.name} has cosigned the latest checkpoint.")


@click.command("rotate")
@json_option
@pass_session
def rotate(session: Session) -> None:
    """Bring in a new key; the previous one signs beside it until it is retired."""
    present = office.passphrase(session.home, office.LEDGER_VARIABLE)
    with session.records().change(session.actor()) as change:
        key = custody.rotate(change, session.home.keys, present, present)
    emit(session, {"vkeys": [v.vkey for v in key.verifiers]}, f"New key: {key.verifier.vkey}")


@click.command("retire")
@json_option
@pass_session
def retire(session: Session) -> None:
    """End a rotation: the previous key signs no more."""
    with session.records().change(session.actor()) as change:
        custody.retire(change, session.home.keys)
    vkeys = [verifier.vkey for verifier in office.log_verifiers(session.home)]
    emit(session, {"vkeys": vkeys}, f"Signing with {vkeys[0]}")


@click.command("restored")
@json_option
@pass_session
def restored(session: Session) -> None:
    """Declare that the records were restored from a backup; the log goes on under a new name."""
    present = office.passphrase(session.home, office.LEDGER_VARIABLE)
    with session.records().change(session.actor()) as change:
        key = custody.declare_restored(change, session.home.keys, present)
    emit(session, {"vkey": key.verifier.vkey}, f"The log goes on as {key.name}.")


@click.command("erase")
@click.argument("kind")
@click.argument("object_id")
@click.option("--ground", required=True, help="A code, such as art-17-1-a.")
@json_option
@pass_session
def erase(session: Session, kind: str, object_id: str, ground: str) -> None:
    """Erase the personal data behind the entries about one object (GDPR Art. 17)."""
    with session.records().change(session.person()) as change:
        found = body.commitments_about(change.connection, kind, object_id)
        for commitment in found:
            erasure.erase(change, commitment, ground)
    emit(session, {"erased": len(found)}, f"Erased {len(found)} payloads.")
