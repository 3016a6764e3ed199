"""``privacy template``: the kinds of assessment, and whether a template file is sound."""

from __future__ import annotations

from pathlib import Path

import click

from assessments.questionnaire import Template, list_templates, read_template
from dashboard.commands.plumbing import Session, emit, json_option, pass_session


def register(cli: click.Group) -> None:
    """Add the group to the command line."""
    cli.add_command(template)


@click.group()
def template() -> None:
    """Templates of assessments."""


@template.command("list")
@json_option
@pass_session
def list_(session: Session) -> None:
    """List the templates that ship with the product."""
    found = list_templates()
    emit(session, [_describe(item) for item in found], lambda: "\n".join(map(_line, found)))


@template.command("lint")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
@pass_session
def lint(session: Session, file: Path) -> None:
    """Read a template file; the first mistake is named with its line and field."""
    found = read_template(file.read_bytes(), str(file))
    emit(
        session, _describe(found) | {"file": str(file)}, lambda: f"{file} is sound: {_line(found)}"
    )


def _describe(item: Template) -> dict[str, object]:
    return {
        "id": item.id,
        "version": item.version,
        "title": item.title,
        "kind": item.kind,
        "source": item.source,
        "sections": len(item.sections),
        "questions": len(item.questions),
        "lints": len(item.lints),
        "roles": list(item.roles),
        "sha256": item.sha256,
    }


def _line(item: Template) -> str:
    return (
        f"{item.id} {item.version}: {item.title}"
        f" ({len(item.sections)} sections, {len(item.questions)} questions, {len(item.lints)} lints)"
    )
