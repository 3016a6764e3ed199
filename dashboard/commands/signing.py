"""``privacy report``: render, sign, release and countersign the report of a decided assessment."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assessments.files import PUBLISHED, replace_file
from assessments.records import people
from dashboard import office
from dashboard.commands.plumbing import Session, emit, json_option, pass_session

if TYPE_CHECKING:
    from assessments.reports.state import ReportState

PASSPHRASE_VARIABLE = "PRIVACY_PASSPHRASE"  # noqa: S105


def register(cli: click.Group) -> None:
    """Add the group to the command line."""
    cli.add_command(report)


@click.group()
def report() -> None:
    """The signed report of a decided assessment."""


@report.command("render")
@click.argument("assessment_id")
@json_option
@pass_session
def render(session: Session, assessment_id: str) -> None:
    """Typeset the frozen record, ready to be signed."""
    from assessments.reports import release

    _show(session, release.render(
        session.records(), session.home, office.open_log(session.home), session.person(), assessment_id))  # fmt: skip


@report.command("sign")
@click.argument("assessment_id")
@json_option
@pass_session
def sign(session: Session, assessment_id: str) -> None:
    """Add your signature, in the role that you played; authors first, then officer, then approver."""
    from assessments.reports import release

    _as_signer(session, assessment_id, release.sign)


@report.command("stamp")
@click.argument("assessment_id")
@click.option("--tsa", required=True, metavar="URL", help="An RFC 3161 authority.")
@click.option("--tsa-root", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Its root certificate (PEM or DER); it goes into the pack.")  # fmt: skip
@json_option
@pass_session
def stamp(session: Session, assessment_id: str, tsa: str, tsa_root: Path) -> None:
    """With all signatures in: have the file stamped by somebody outside, for the archive (B-LTA)."""
    from assessments.reports import stamping
    from assessments.signing.archive import at_address

    _show(session, stamping.stamp(
        session.records(), session.home, session.person(), assessment_id, at_address(tsa),
        tsa_root.read_bytes()))  # fmt: skip


@report.command("release")
@click.argument("assessment_id")
@click.option("--with-evidence", is_flag=True, help="Put the files of evidence into the pack.")
@json_option
@pass_session
def release_(session: Session, assessment_id: str, with_evidence: bool) -> None:
    """With all signatures in: enter the release in the ledger and draft the pack."""
    from assessments.reports import release

    home = session.home
    _show(session, release.release(
        session.records(), home, office.open_authority(home), office.open_log(home), session.person(),
        assessment_id, with_evidence=with_evidence))  # fmt: skip


@report.command("pack")
@click.argument("assessment_id")
@json_option
@pass_session
def pack(session: Session, assessment_id: str) -> None:
    """Countersign the pack; the third countersignature finishes it."""
    from assessments.reports import release

    _as_signer(session, assessment_id, release.countersign)


@report.command("status")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@json_option
@pass_session
def status(session: Session, file: Path) -> None:
    """Write the list of releases that still stand to FILE, proved by the ledger, for publication."""
    from assessments.reports.status import publish_status

    data = publish_status(session.records(), session.person(), office.open_log(session.home))
    replace_file(file, data, PUBLISHED)
    digest = hashlib.sha256(data).hexdigest()
    emit(session, {"path": str(file), "sha256": digest}, f"Publish {file}; SHA-256 {digest}")


@report.command("redact")
@click.argument("assessment_id")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--hide", "choices", multiple=True, required=True,
              help="people, notes, risks, measures, sources, section:ID, question:ID or a JSON Pointer.")  # fmt: skip
@json_option
@pass_session
def redact(session: Session, assessment_id: str, file: Path, choices: tuple[str, ...]) -> None:
    """Write a redacted edition for publication to FILE; `privacy verify` shows the rest unchanged."""
    from assessments.reports.edition import publish

    made = publish(session.records(), session.home, session.person(), assessment_id,
                   frozenset(choices), file)  # fmt: skip
    data = {"path": str(made.path), "sha256": made.sha256, "hidden": made.hidden}
    emit(session, data, f"{made.hidden} parts hidden, SHA-256 {made.sha256}")


def _as_signer(session: Session, assessment_id: str, act: Callable[..., ReportState]) -> None:
    records, actor = session.records(), session.person()
    authority = office.open_authority(session.home)
    secret = os.environ.get(PASSPHRASE_VARIABLE) or str(
        click.prompt("Passphrase of your key", hide_input=True, err=True)
    )
    with records.read() as connection:
        person = people.find_person(connection, actor.person_id)
    office.certify(authority, person, secret)
    _show(session, act(records, session.home, authority, actor, assessment_id, secret))


def _show(session: Session, state: ReportState) -> None:
    from assessments.reports.state import PACKED

    data: dict[str, Any] = {
        "assessment": state.assessment_id,
        "revision": state.revision,
        "state": state.state,
        "signed": list(state.signed),
        "countersigned": list(state.countersigned),
        "report": str(state.report_path),
        "sha256": state.file_sha256,
        "pack": str(state.pack_path) if state.state == PACKED else None,
    }
    emit(session, data, "\n".join(f"{name:14} {value}" for name, value in data.items()))
