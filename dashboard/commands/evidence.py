"""``privacy evidence``: files that answers rest on, for pipelines that measure and attach."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from assessments import evidence, questionnaire
from assessments.errors import BadInput, Refused
from assessments.questionnaire import Type
from assessments.records.permissions import check_permission
from dashboard.commands.plumbing import Session, emit, json_option, pass_session


def register(cli: click.Group) -> None:
    """Add the commands of this module."""
    cli.add_command(group)


@click.group("evidence")
def group() -> None:
    """Files that answers rest on."""


@group.command("add")
@click.argument("assessment_id")
@click.argument("question_id")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), help="The last good day.")
@json_option
@pass_session
def add(
    session: Session,
    assessment_id: str,
    question_id: str,
    files: tuple[Path, ...],
    expires: datetime | None,
) -> None:
    """Keep FILES and let the answer to a file question rest on them, beside those it has."""
    records, actor = session.records(), session.person()
    found = questionnaire.load(records, assessment_id)
    if found.template.question(question_id).type is not Type.FILE:
        raise BadInput(f"The question {question_id} takes no files", field=question_id)
    kept = []
    for file in files:
        with _opened(file) as source:
            kept.append(
                evidence.add(
                    records, session.home, actor, file.name, source, scope=found.project_id,
                    expires_on=expires.date() if expires else None,
                )
            )  # fmt: skip
    answer = found.answers.get(question_id)
    before = list(answer.value or []) if answer else []
    digests = list(dict.fromkeys([*before, *(item.sha256 for item in kept)]))
    questionnaire.save_answer(
        records, actor, assessment_id, question_id, digests,
        expected_version=found.versions.get(question_id, 0),
    )  # fmt: skip
    data = {"files": [{"name": k.name, "sha256": k.sha256, "size": k.size} for k in kept]}
    emit(session, data, "\n".join(f"{item.sha256}  {item.name}" for item in kept))


def _opened(file: Path) -> Any:
    try:
        return file.open("rb")
    except OSError as error:
        raise BadInput("The file cannot be read", where={"file": str(file)}) from error


@group.command("list")
@click.argument("assessment_id")
@json_option
@pass_session
def list_(session: Session, assessment_id: str) -> None:
    """What an assessment rests on: question, file, last good day, what made it."""
    found = questionnaire.load(session.records(), assessment_id)
    with session.records().read() as connection:
        check_permission(connection, session.person(), "assessment.read", found.project_id)
        uses = evidence.list_uses(connection, assessment_id)
    data = [
        {
            "question": use.question_id,
            "name": use.name,
            "sha256": use.sha256,
            "size": use.size,
            "media_type": use.media_type,
            "expires_on": use.expires_on,
            "origin": use.origin,
            "scanned_by": use.scanned_by,
        }
        for use in uses
    ]
    lines = [
        f"{u.sha256[:16]}  {u.expires_on or 'no end given'}  {u.question_id}  {u.name}"
        for u in uses
    ]
    emit(session, {"evidence": data}, "\n".join(lines) or "No answer rests on a file.")


@group.command("check")
@json_option
@pass_session
def check(session: Session) -> None:
    """Whether every file that the records name is there, byte for byte."""
    damaged = evidence.check_evidence(session.home, session.records())
    data = {"damaged": [{"sha256": item.sha256, "kind": item.kind} for item in damaged]}
    emit(
        session, data, "\n".join(f"{d.kind}  {d.sha256}" for d in damaged) or "All files are there."
    )
    if damaged:
        raise click.exceptions.Exit(Refused.exit_code)
