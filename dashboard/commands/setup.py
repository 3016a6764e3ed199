"""``privacy setup``: the keys of an installation at first start."""

from __future__ import annotations

import re

import click

from dashboard import office
from dashboard.commands.plumbing import Session, emit, json_option, pass_session


def register(cli: click.Group) -> None:
    """Add the command to the command line."""
    cli.add_command(setup)


@click.command()
@click.option(
    "--organisation", required=True, help="The organisation's name, as certificates state it."
)
@click.option("--log-name", help="Name of the ledger; made from the organisation by default.")
@json_option
@pass_session
def setup(session: Session, organisation: str, log_name: str | None) -> None:
    """Make the ledger's key and the certificate authority; what exists is never overwritten.

    Passphrases come from PRIVACY_LEDGER_PASSPHRASE and PRIVACY_AUTHORITY_PASSPHRASE and are not stored.
    """
    name = log_name or "ledger." + re.sub(r"[^a-z0-9]+", "-", organisation.lower()).strip("-")
    office.set_up_keys(session.home, organisation, name)
    session.records().close()
    root = office.authority_folder(session.home) / "root.crt"
    data = {"home": str(session.home.path), "log": name, "trust_root": str(root)}
    emit(session, data, f"Ready. Give {root} to everybody who will verify your reports.")
