"""``privacy check`` and ``privacy load``: exports in, good rows landed, bad rows explained."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from assessments.errors import WorkbenchError
from assessments.questionnaire.triggers import Trigger
from assessments.records import Actor, Records
from assessments.review.expiry import expire_approvals
from dashboard import office
from dashboard.commands.plumbing import Session, emit, json_option, pass_session
from dashboard.exports.check import check_paths
from dashboard.exports.contract import Dialect
from dashboard.exports.correction import write_rejected
from dashboard.exports.load import load_paths
from dashboard.exports.options import Options
from dashboard.exports.result import Report
from dashboard.exports.unresolved import find_unresolved


def register(cli: click.Group) -> None:
    """Add the commands to the command line."""
    cli.add_command(check)
    cli.add_command(load)
    cli.add_command(rejected)
    cli.add_command(unresolved)


_paths = click.argument(
    "paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH..."
)
_kind = click.option(
    "--kind", help="The export kind or the source system, when name and content do not tell."
)
_delimiter = click.option("--delimiter", help="Delimiter of a CSV file; a comma by default.")
_encoding = click.option(
    "--encoding", type=click.Choice(["utf-8", "latin-1", "cp1252"]), help="Encoding of a CSV file."
)
_resources = click.option(
    "--resources",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Map from resources of a foreign log to datasets; resources.yaml of the home by default.",
)
_mapping = click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="How files of your own become records of a kind (YAML).",
)


@click.command()
@_paths
@_kind
@_delimiter
@_encoding
@_resources
@_mapping
@json_option
@pass_session
def check(
    session: Session, paths: tuple[Path, ...], kind: str | None,
    delimiter: str | None, encoding: str | None, resources: Path | None, mapping: Path | None,
) -> None:  # fmt: skip
    """Say what loading would do; nothing is changed. Exit 1 when a row would be quarantined."""
    options = Options(kind, _dialect(delimiter, encoding), resources=resources, mapping=mapping)
    report = check_paths(session.home, paths, options=options)
    emit(session, report.as_dict(), report.as_text)
    _leave(report, is_check=True)


@click.command()
@_paths
@_kind
@_delimiter
@_encoding
@_resources
@_mapping
@click.option("--corrects", metavar="LOAD", help="The load whose rejected rows this file corrects.")
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Day of a list (snapshot); today by default."
)
@click.option(
    "--declared/--no-declared",
    "is_declared",
    default=True,
    help="Have great-expectations report on each file (some seconds).",
)
@click.option(
    "--build/--no-build",
    "is_built",
    default=True,
    help="Build the warehouse afterwards, so that pages and KPIs see what landed.",
)
@click.option("--accept-empty", is_flag=True, help="An empty list ends every row of the last one.")
@json_option
@pass_session
def load(
    session: Session, paths: tuple[Path, ...], kind: str | None, delimiter: str | None,
    encoding: str | None, resources: Path | None, mapping: Path | None,
    corrects: str | None, as_of: datetime | None, accept_empty: bool,
    is_declared: bool, is_built: bool,
) -> None:  # fmt: skip
    """Land good rows, quarantine bad ones with their reasons, and rebuild the warehouse.

    Of a folder, the files that stand directly in it are loaded. Loading a file again changes nothing.
    """
    day = as_of.date() if as_of else None
    dialect = _dialect(delimiter, encoding)
    options = Options(
        kind, dialect, day, accept_empty, is_declared, is_built, resources, mapping, corrects
    )
    records, actor = session.records(), session.actor("load")
    try:
        report = load_paths(session.home, paths, records=records, actor=actor, options=options)
        found = [] if report.generation is None else _triggers(session, records, actor)
    finally:
        records.close()
    lines = [
        f"Review: the source of {t.question_id} in the approved assessment {t.assessment_id} changed."
        for t in found
    ]
    emit(
        session,
        report.as_dict() | {"review_triggers": [t.id for t in found]},
        lambda: "\n".join([report.as_text(), *lines]),
    )
    _leave(report, is_check=False)


@click.command()
@click.argument("load_id", metavar="LOAD")
@json_option
@pass_session
def rejected(session: Session, load_id: str) -> None:
    """Print the rejected rows of a load as CSV with their reasons, to correct and load again."""
    text = write_rejected(session.home, load_id)
    emit(session, {"load": load_id, "csv": text}, lambda: text.rstrip("\n"))


@click.command()
@json_option
@pass_session
def unresolved(session: Session) -> None:
    """List resources of audit logs that the resource map does not name; exit 1 when there are any."""
    found = find_unresolved(session.home)
    names = ("source", "resource", "events", "last_on")
    emit(
        session,
        {"resources": [dict(zip(names, row, strict=True)) for row in found]},
        lambda: (
            "\n".join(f"{events:>8}  {source:<11} {name}" for source, name, events, _ in found)
            or "Every resource that was used is mapped to a dataset."
        ),
    )
    if found:
        sys.exit(1)


def _triggers(session: Session, records: Records, actor: Actor) -> list[Trigger]:
    """Which approved assessments now rest on facts that have changed (GDPR Art. 35(11)).

    Approvals whose last day has passed expire first: what has ended is not looked at any more.
    """
    expire_approvals(records, Actor.system("expiry"), datetime.now(UTC).date())
    return office.find_review_triggers(session.home, records, actor)


def _dialect(delimiter: str | None, encoding: str | None) -> Dialect | None:
    if delimiter is None and encoding is None:
        return None
    return Dialect(delimiter=delimiter or ",", encoding=encoding or "utf-8")


def _leave(report: Report, *, is_check: bool) -> None:
    """Exit 2 when a file was left aside whole; for a check, 1 when a row would be quarantined."""
    for held in report.held:
        click.echo(_block(held.error), err=True)
    if report.held:
        sys.exit(2)
    if is_check and report.quarantined:
        sys.exit(1)


def _block(error: WorkbenchError) -> str:
    return f"Error: {error}"
