"""``privacy import`` and ``privacy export``: other tools' files in and out, each with a loss report."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from assessments.errors import BadInput
from assessments.exchange.formats import MAX_BYTES, readable, writable
from assessments.exchange.keep import Preview, preview
from assessments.exchange.loss import Exported, Imported
from assessments.exchange.past import list_imports
from assessments.exchange.report import MAX_LISTED, loss_report
from assessments.exchange.send import export
from assessments.files import replace_file
from assessments.records.permissions import has_permission
from dashboard import foreign
from dashboard.commands.plumbing import Session, emit, json_option, pass_session


def register(cli: click.Group) -> None:
    """Add the commands to the command line."""
    cli.add_command(import_command)
    cli.add_command(export_command)
    cli.add_command(carry_command)


_losses = click.option(
    "--losses", "report", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="Write the whole loss report to a file.",
)  # fmt: skip


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "format_name", type=click.Choice([f.name for f in readable()]),
              help="The format; recognised by default.")  # fmt: skip
@click.option("--project", help="The project that the assessment belongs to.")
@_losses
@json_option
@pass_session
def import_command(
    session: Session, file: Path, format_name: str | None, project: str | None, report: Path | None
) -> None:
    """Bring another tool's FILE in. An assessment needs --project and --as; else it is only read.

    The original is kept, and everything that has no place here is reported.
    """
    found = preview(_read(file), file.name, format_name)
    needs_project = any(reading.template for reading in found.readings)
    is_read_only = session.person_id is None or (needs_project and project is None)
    if is_read_only:
        made: Sequence[Imported] = foreseen(found)
    else:
        _warn_again(session, found)
        made = foreign.bring(
            session.home, session.records(), session.person(), found, project or ""
        )
    texts = [loss_report(_title(found, item), item.imported, item.losses) for item in made]
    if report:
        replace_file(report, ("\n\n".join(texts) + "\n").encode())
    emit(session, _as_dict(made), lambda: _text(found, made, is_read_only=is_read_only))


@click.command("export")
@click.argument("assessment_id")
@click.option("--format", "format_name", required=True,
              type=click.Choice([f.name for f in writable()]), help="The format to write.")  # fmt: skip
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path),
              help="Where to write; by default a new file here, named as the format has it.")  # fmt: skip
@_losses
@json_option
@pass_session
def export_command(
    session: Session, assessment_id: str, format_name: str, out: Path | None, report: Path | None
) -> None:
    """Write an assessment in another tool's format, and report what that format has no place for."""
    made = export(session.records(), session.person(), assessment_id, format_name)
    target = out or Path(made.name)
    if out is None and target.exists():
        where = {"file": target.name}
        raise BadInput(
            "A file of that name is here already", "Name another with --out.", where=where
        )
    replace_file(target, made.data)
    text = loss_report(f"Written: {target}", {}, made.losses)
    if report:
        replace_file(report, (text + "\n").encode())
    emit(session, _written(made, target, assessment_id),
         lambda: loss_report(f"Written: {target}", {}, made.losses, most=MAX_LISTED))  # fmt: skip


@click.command("carry-over")
@click.argument("assessment_id")
@_losses
@json_option
@pass_session
def carry_command(session: Session, assessment_id: str, report: Path | None) -> None:
    """Begin a DPIA from an imported CNIL PIA; each answer names its question and waits for you."""
    made = foreign.carry(session.home, session.records(), session.person(), assessment_id)
    title, counts = f"DPIA begun: {made.assessment}", {"answers": made.answers}
    if report:
        replace_file(report, (loss_report(title, counts, made.losses) + "\n").encode())
    emit(session, asdict(made), lambda: loss_report(title, counts, made.losses, most=MAX_LISTED))


def foreseen(found: Preview) -> tuple[Imported, ...]:
    """What importing would give; nothing is written."""
    return tuple(
        Imported(found.format.name, None, dict(r.counts), found.losses + r.losses, r.risks)
        for r in found.readings
    )


def _read(file: Path) -> bytes:
    """The bytes; a file above the limit is not even read."""
    if file.stat().st_size > MAX_BYTES:
        raise BadInput(
            "The file is too large", f"At most {MAX_BYTES} bytes.", where={"file": file.name}
        )
    return file.read_bytes()


def _warn_again(session: Session, found: Preview) -> None:
    """The same bytes begin another assessment; that is allowed, and said."""
    with session.records().read() as connection:
        before = [
            item
            for item in list_imports(connection, sha256=found.sha256)
            if has_permission(connection, session.person(), "assessment.read", item.project_id)
        ]
    for item in before:
        click.echo(f"The same file was imported before: {item.assessment_id or item.id}", err=True)


def _as_dict(made: Sequence[Imported]) -> dict[str, Any]:
    """The first document's result; a file with several has all of them under 'documents'."""
    several = {"documents": [item.as_dict() for item in made]} if len(made) > 1 else {}
    return {**made[0].as_dict(), **several}


def _title(found: Preview, item: Imported) -> str:
    name = f"{found.format.title} from {found.name}"
    return f"{name}: assessment {item.assessment}" if item.assessment else name


def _text(found: Preview, made: Sequence[Imported], *, is_read_only: bool) -> str:
    parts = [
        loss_report(_title(found, item), item.imported, item.losses, most=MAX_LISTED)
        for item in made
    ]
    if is_read_only:
        parts.append("Nothing was written. Name yourself with --as and the project with --project.")
    return "\n\n".join(parts)


def _written(made: Exported, target: Path, assessment_id: str) -> dict[str, Any]:
    return {
        "format": made.format,
        "assessment": assessment_id,
        "path": str(target),
        "sha256": hashlib.sha256(made.data).hexdigest(),
        "losses": [asdict(loss) for loss in made.losses],
    }
