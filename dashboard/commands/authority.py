"""``privacy authority``: the organisation's certificate authority over the years."""

from __future__ import annotations

import os
from collections.abc import Callable

import click

from assessments.records import people
from assessments.records.permissions import check_permission
from assessments.records.store import Event
from assessments.signing import succession
from dashboard import office
from dashboard.commands.plumbing import Session, emit, json_option, pass_session

PERMISSION = "people.manage"


def register(cli: click.Group) -> None:
    """Add the group to the command line."""
    cli.add_command(authority)


@click.group()
def authority() -> None:
    """Certificates: show, renew, revoke, and hand over to a new root."""


@authority.command("show")
@json_option
@pass_session
def show(session: Session) -> None:
    """Show the authority's certificates and their fingerprints."""
    opened = office.open_authority(session.home)
    issuing = opened.issuing
    data = {
        "root_sha256": opened.root_fingerprint,
        "root_until": opened.root.not_valid_after_utc.date().isoformat(),
        "issuing_until": issuing.not_valid_after_utc.date().isoformat(),
    }
    emit(session, data, "\n".join(f"{name:14} {value}" for name, value in data.items()))


@authority.command("renew-issuing")
@json_option
@pass_session
def renew_issuing(session: Session) -> None:
    """Make a new issuing certificate; people are certified anew when they sign next."""
    _change(session, "authority.issuing-renewed", "issuing", succession.renew_issuing)


@authority.command("rotate-root")
@json_option
@pass_session
def rotate_root(session: Session) -> None:
    """Make a new root; successors.crt carries the trust in the old one over to it."""
    _change(session, "authority.root-rotated", "root", succession.rotate_root)


def _change(session: Session, action: str, name: str, act: Callable[..., None]) -> None:
    folder = office.authority_folder(session.home)
    secret = office.passphrase(session.home, office.AUTHORITY_VARIABLE)
    with session.records().change(session.actor("authority")) as change:
        check_permission(change.connection, change.actor, PERMISSION, now=change.now)
        act(folder, secret, now=change.now)
        fingerprint = office.open_authority(session.home).root_fingerprint
        facts = {"root_sha256": fingerprint}
        change.apply(Event(action, "authority", name, PERMISSION, facts=facts))
    bridge = folder / succession.BRIDGE
    data = {"root_sha256": fingerprint, "root": str(folder / "root.crt"),
            "successors": str(bridge) if bridge.exists() else None}  # fmt: skip
    emit(session, data, f"Done. The root's SHA-256 fingerprint is {fingerprint}.")


@authority.command("renew")
@click.argument("person_id")
@json_option
@pass_session
def renew(session: Session, person_id: str) -> None:
    """Make new keys for a person, who types the passphrase (or PRIVACY_PASSPHRASE)."""
    opened = office.open_authority(session.home)
    secret = _secret()
    with session.records().change(session.actor("authority")) as change:
        check_permission(change.connection, change.actor, PERMISSION, now=change.now)
        opened.renew(person_id, people.find_person(change.connection, person_id).name, secret)
        change.apply(Event("certificate.renewed", "person", person_id, PERMISSION))
    until = opened.certificate(person_id, "document").not_valid_after_utc.date().isoformat()
    emit(session, {"person": person_id, "until": until}, f"Renewed until {until}.")


@authority.command("issue")
@click.argument("person_id")
@click.option("--token", help="Label of a PKCS#11 token that makes and keeps the keys.")
@click.option("--module", type=click.Path(exists=True, dir_okay=False), help="Its driver (.so).")
@json_option
@pass_session
def issue(session: Session, person_id: str, token: str | None, module: str | None) -> None:
    """Make a person's first keys, or new ones after a revocation; on a token when one is named.

    Passphrase, or PIN of the token: typed, or PRIVACY_PASSPHRASE.
    """
    if (token is None) != (module is None):
        raise click.UsageError("--token and --module go together.")
    opened = office.open_authority(session.home)
    secret = _secret()
    with session.records().change(session.actor("authority")) as change:
        check_permission(change.connection, change.actor, PERMISSION, now=change.now)
        name = people.find_person(change.connection, person_id).name
        if token and module:
            opened.issue_on_token(person_id, name, module, token, secret)
        else:
            opened.issue(person_id, name, secret)
        facts = {"place": "token" if token else "file"}
        change.apply(Event("certificate.issued", "person", person_id, PERMISSION, facts=facts))
    emit(session, {"person": person_id, "place": facts["place"]}, f"{person_id} can sign now.")


def _secret() -> str:
    return os.environ.get("PRIVACY_PASSPHRASE") or str(
        click.prompt("Passphrase of this person's key", hide_input=True, err=True)
    )


@authority.command("revoke")
@click.argument("person_id")
@click.option("--reason", required=True, help="A code, such as key-lost or left.")
@json_option
@pass_session
def revoke(session: Session, person_id: str, reason: str) -> None:
    """Put a person's certificates on the revocation list, which every later signature carries."""
    opened = office.open_authority(session.home)
    with session.records().change(session.actor("authority")) as change:
        check_permission(change.connection, change.actor, PERMISSION, now=change.now)
        opened.revoke(person_id, now=change.now)
        facts = {"reason": reason}
        change.apply(Event("certificate.revoked", "person", person_id, PERMISSION, facts=facts))
    emit(
        session,
        {"person": person_id, "revoked": True},
        f"The certificates of {person_id} are revoked.",
    )
