"""``privacy register``: the records of GDPR Art. 30 out, register spreadsheets in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from assessments.errors import BadInput
from assessments.exchange.article_30 import ARTICLES, Register
from assessments.exchange.ciso_assistant import write_book, write_flat
from assessments.exchange.loss import Exported
from assessments.exchange.register_sheet import Applied, Proposal, apply, propose
from assessments.exchange.register_sheet.format import reading_of
from assessments.exchange.register_sheet.mapping import (
    Mapping as SheetMapping,
)
from assessments.exchange.register_sheet.mapping import fields, read_mapping, write_mapping
from assessments.exchange.registers import COLUMNS, register_csv, register_page
from assessments.exchange.report import loss_report
from assessments.exchange.sheets import MAX_BYTES, read_sheets
from assessments.exchange.workbook import write_csv, write_workbook
from assessments.files import replace_file
from dashboard.commands.plumbing import Session, emit, json_option, pass_session
from dashboard.exports.result import Report
from dashboard.foreign_registers import land, standing_rows
from dashboard.inventory.article_30 import register as make_register
from dashboard.parties import find_parties

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, path_type=Path)
_CISO = {"ciso-assistant": write_book, "ciso-assistant-flat": write_flat}


def register(cli: click.Group) -> None:
    """Add the group to the command line."""
    cli.add_command(registers)


@click.group("register")
def registers() -> None:
    """The record of processing: written as GDPR Art. 30 asks, read from spreadsheets."""


@registers.command("export")
@click.option("--article", type=click.Choice(ARTICLES), default="30-1", show_default=True,
              help="30-1: as controller. 30-2: for other controllers.")  # fmt: skip
@click.option("--kind", type=click.Choice(list(COLUMNS)),
              help="Write a register of the inventory instead, as a list that loads again.")  # fmt: skip
@click.option("--format", "format_name", type=click.Choice(list(_CISO)),
              help="Write another tool's workbook instead.")  # fmt: skip
@click.option("--out", type=_OUT, metavar="FILE", help="Where to write; .xlsx or .csv.")
@json_option
@pass_session
def export(
    session: Session, article: str, kind: str | None, format_name: str | None, out: Path | None
) -> None:
    """Write the record from the inventory; what each entry lacks is listed with its letter."""
    if format_name or kind:
        _export_other(session, kind, format_name, out)
        return
    found = _register(session, article)
    if out is None:
        emit(session, found.as_dict(), lambda: _text(found))
        return
    data = _written(found, out)
    replace_file(out, data)
    answer = {
        "article": article, "path": str(out), "sha256": hashlib.sha256(data).hexdigest(),
        "entries": len(found.entries), "gaps": found.gaps,
    }  # fmt: skip
    emit(session, answer, lambda: f"{_text(found)}\nWritten: {out}")


@registers.command("propose")
@click.argument("file", type=_FILE)
@click.option("--out", type=_OUT, metavar="MAPPING", help="Write the proposal, to correct it.")
@json_option
@pass_session
def propose_command(session: Session, file: Path, out: Path | None) -> None:
    """Propose which column of a register FILE (CSV, XLSX, ODS) holds what, with the confidence."""
    found = propose(read_sheets(_read(file), file.name), file.name)
    if out:
        replace_file(out, write_mapping(found.mapping))
    emit(session, _proposal(found), lambda: _proposal_text(found, out))


@registers.command("import")
@click.argument("file", type=_FILE)
@click.option("--mapping", "mapping_file", type=_FILE, metavar="MAPPING",
              help="The corrected mapping; the proposal by default.")  # fmt: skip
@click.option("--set", "constants", multiple=True, metavar="FIELD=VALUE",
              help="A value for every row that has none, such as owner_id=p-001.")  # fmt: skip
@click.option("--rejects", type=_OUT, metavar="FILE", help="Write the rejected rows (.xlsx).")
@json_option
@pass_session
def import_command(
    session: Session, file: Path, mapping_file: Path | None, constants: tuple[str, ...],
    rejects: Path | None,
) -> None:  # fmt: skip
    """Add the rows of a register FILE to the inventory. Without --as nothing is written."""
    sheets = read_sheets(_read(file), file.name)
    mapping = (
        read_mapping(mapping_file.read_bytes(), mapping_file.name)
        if mapping_file
        else propose(sheets, file.name).mapping
    )
    mapping = replace(mapping, constants={**mapping.constants, **_constants(constants)})
    found = apply(sheets, mapping, file.name)
    if rejects and found.rejected:
        replace_file(rejects, write_workbook([found.rejected_page()]))
    landing = None
    if session.person_id is not None and found.activities:
        landing = land(
            session.home, reading_of(found, file.name), file.name,
            records=session.records(), actor=session.person(),
        )  # fmt: skip
    emit(session, _applied(found, landing), lambda: _applied_text(found, file.name, landing))


def _register(session: Session, article: str) -> Register:
    parties = find_parties(session.home, session.records())
    with session.warehouse() as warehouse, warehouse.cursor() as cursor:
        return make_register(cursor, article, parties, warehouse.as_of())


def _written(found: Register, out: Path) -> bytes:
    suffix = out.suffix.lower()
    if suffix == ".csv":
        return write_csv(found.as_page())
    if suffix == ".xlsx":
        return write_workbook([found.as_page()], {"title": found.title})
    raise BadInput("The file ends in .xlsx or .csv", field="out", where={"file": out.name})


def _export_other(
    session: Session, kind: str | None, format_name: str | None, out: Path | None
) -> None:
    if out is None:
        raise click.UsageError("Say where to write with --out.")
    made = _ciso(session, format_name) if format_name else _kind(session, str(kind), out)
    replace_file(out, made.data)
    answer = {"format": made.format, "path": str(out), "losses": [asdict(x) for x in made.losses]}
    emit(session, answer, lambda: loss_report(f"Written: {out}", {}, made.losses))


def _ciso(session: Session, format_name: str) -> Exported:
    kinds = ("processing_activities", "purposes", "vendors")
    return _CISO[format_name]({kind: standing_rows(session.home, kind) for kind in kinds})


def _kind(session: Session, kind: str, out: Path) -> Exported:
    rows = standing_rows(session.home, kind)
    suffix = out.suffix.lower()
    if suffix == ".csv":
        return Exported(kind, out.name, register_csv(kind, rows))
    if suffix == ".xlsx":
        return Exported(kind, out.name, write_workbook([register_page(kind, rows)]))
    raise BadInput("The file ends in .xlsx or .csv", field="out", where={"file": out.name})


def _read(file: Path) -> bytes:
    if file.stat().st_size > MAX_BYTES:
        raise BadInput("The file is too large", f"At most {MAX_BYTES} bytes.",
                       where={"file": file.name})  # fmt: skip
    return file.read_bytes()


def _constants(given: tuple[str, ...]) -> Mapping[str, str]:
    pairs = [item.partition("=") for item in given]
    for name, sign, value in pairs:
        if name not in fields() or not sign or not value:
            raise click.UsageError(f"--set takes FIELD=VALUE. Fields: {', '.join(fields())}.")
    return {name: value for name, _, value in pairs}


def _text(found: Register) -> str:
    lines = [
        f"{found.title}: {len(found.entries)} entries, {found.gaps} values missing",
        *found.notes,
    ]
    lines += [f"  every entry: {gap}" for gap in found.shared_gaps]
    lines += [f"  {entry.id}: {gap}" for entry in found.entries for gap in entry.gaps]
    return "\n".join(lines)


def _proposal(found: Proposal) -> dict[str, Any]:
    mapping: SheetMapping = found.mapping
    return {
        "sheet": mapping.sheet, "header_row": mapping.header_row, "rows": found.count,
        "columns": [asdict(match) for match in found.matches], "mapping": asdict(mapping),
    }  # fmt: skip


def _proposal_text(found: Proposal, out: Path | None) -> str:
    lines = [f"Header in row {found.mapping.header_row}, {found.count} rows below it"]
    lines += [
        f"  {match.confidence:>4.0%}  {match.header[:60]} -> {match.field or 'not mapped'}"
        for match in found.matches
    ]
    return "\n".join([*lines, f"Written: {out}"] if out else lines)


def _applied(found: Applied, landing: Report | None) -> dict[str, Any]:
    return {
        "imported": {
            "processing_activities": len(found.activities), "purposes": len(found.purposes),
        },
        "rejected": [{"row": row.row, "reasons": list(row.reasons)} for row in found.rejected],
        "losses": [asdict(loss) for loss in found.losses],
        "written": landing is not None,
        "landing": landing.as_dict() if landing else None,
    }  # fmt: skip


def _applied_text(found: Applied, name: str, landing: Report | None) -> str:
    counts = {"activities": len(found.activities), "purposes": len(found.purposes),
              "rejected": len(found.rejected)}  # fmt: skip
    lines = [loss_report(f"Register from {name}", counts, found.losses)]
    lines += [f"  row {row.row} rejected: {'; '.join(row.reasons)}" for row in found.rejected]
    if landing is None:
        lines.append("Nothing was written. Name yourself with --as to add the rows.")
    else:
        lines += ["", "The registers with these rows:", landing.as_text()]
    return "\n".join(lines)
