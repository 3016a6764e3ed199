"""``privacy assessment view``: an assessment as an authority or a standard wants it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from assessments import questionnaire
from assessments.files import replace_file
from assessments.records.permissions import check_permission
from assessments.reports.working_copy import render_working_copy
from assessments.views import Block, FilledForm, FilledItem, fill_live
from dashboard.commands.assessments import group
from dashboard.commands.plumbing import Session, emit, json_option, pass_session


def register(cli: click.Group) -> None:
    """Add the command to the assessments."""
    group.add_command(view)


@click.command("view")
@click.argument("assessment_id")
@click.option(
    "--as", "form_id", metavar="VIEW", required=True, help="edpb, ico, cnil, iso29134 or fria."
)
@click.option("--pdf", type=click.Path(dir_okay=False, path_type=Path), help="Also write this PDF.")
@click.option("--complete", is_flag=True, help="Exit 1 while the view lacks something.")
@json_option
@pass_session
def view(
    session: Session, assessment_id: str, form_id: str, pdf: Path | None, complete: bool
) -> None:
    """Lay an assessment out as an authority wants it, and list what that view lacks."""
    filled = _fill(session, assessment_id, form_id)
    if pdf is not None:
        replace_file(pdf, render_working_copy(filled))
    emit(session, _data(filled) | {"pdf": str(pdf) if pdf else None}, lambda: _text(filled))
    if complete and filled.gaps:
        raise SystemExit(1)


def _fill(session: Session, assessment_id: str, form_id: str) -> FilledForm:
    records = session.records()
    found = questionnaire.load(records, assessment_id)
    with records.read() as connection:
        if session.person_id:
            check_permission(connection, session.person(), "assessment.read", found.project_id)
        return fill_live(connection, assessment_id, form_id)


def _data(filled: FilledForm) -> dict[str, Any]:
    return {
        "view": filled.form.id,
        "title": filled.form.title,
        "version": filled.form.version,
        "source": filled.form.source,
        "not_asked_for": filled.excuse or None,
        "lacking": [
            {"refs": list(one.refs), "what": one.text, "question": one.question or None}
            for one in filled.lacking
        ],
        "sections": [
            {"ref": section.ref, "title": section.title, "items": [_item(i) for i in section.items]}
            for section in filled.sections
        ],
    }


def _item(item: FilledItem) -> dict[str, Any]:
    return {
        "ref": item.ref,
        "title": item.title,
        "source": item.source,
        "applies": not item.does_not_apply,
        "filled_by": [_block(block) for block in item.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    said: dict[str, Any] = {"title": block.title, "question": block.question or None}
    if block.columns:
        return said | {"columns": list(block.columns), "rows": [list(row) for row in block.rows]}
    return said | {"text": block.text}


def _text(filled: FilledForm) -> str:
    lines = [filled.form.title, *([filled.excuse] if filled.excuse else [])]
    for section in filled.sections:
        lines.append(f"\n{section.ref} {section.title}")
        lines += [f"  {_mark(item)} {item.ref} {item.title}" for item in section.items]
    lines.append(f"\n{len(filled.lacking)} lacking")
    lines += [f"  {one.text} ({', '.join(one.refs)})" for one in filled.lacking]
    return "\n".join(lines)


def _mark(item: FilledItem) -> str:
    if item.does_not_apply:
        return "-"
    return "!" if item.gaps else "ok"
