"""``privacy assessment lint``: broken rules, and setting them aside with a reason."""

from __future__ import annotations

import sys
from typing import Any

import click

from assessments import questionnaire
from assessments.questionnaire import Assessment, Judged
from assessments.review.acceptance import (
    accept_deviation,
    propose_deviation,
    withdraw_deviation,
)
from dashboard.commands.assessments import group, load_readable
from dashboard.commands.plumbing import Session, emit, json_option, pass_session


def register(cli: click.Group) -> None:
    """The command belongs to ``privacy assessment``; importing this module adds it there."""
    cli.add_command(group)


@group.command("lint")
@click.argument("assessment_id")
@click.option("--deviate", metavar="LINT[:ROW]", help="Ask to set this finding aside.")
@click.option("--reason", default="", help="Why; it goes into the signed record.")
@click.option("--accept", metavar="LINT[:ROW]", help="Accept what somebody else proposed.")
@click.option("--withdraw", metavar="LINT[:ROW]", help="Take your proposal or acceptance back.")
@json_option
@pass_session
def lint(
    session: Session, assessment_id: str, deviate: str | None, reason: str,
    accept: str | None, withdraw: str | None,
) -> None:  # fmt: skip
    """List every broken rule with its law, cell and state; exit 1 while a blocking one is open.

    A finding is named LINT[:ROW] as the list names it.
    """
    if sum(option is not None for option in (deviate, accept, withdraw)) > 1:
        raise click.UsageError("Use one of --deviate, --accept and --withdraw.")
    load_readable(session, assessment_id)
    if deviate is not None:
        propose_deviation(session.records(), session.person(), assessment_id, deviate, reason)
    if accept is not None:
        accept_deviation(session.records(), session.person(), assessment_id, accept)
    if withdraw is not None:
        _withdraw(session, assessment_id, withdraw)
    found = load_readable(session, assessment_id)
    judged = questionnaire.judge(found.template, found.answers, found.deviations)
    data = [_described(item) for item in judged]
    emit(session, data, lambda: "\n".join(_line(found, item) for item in judged)
         or "No broken rule.")  # fmt: skip
    sys.exit(1 if any(item.is_open and item.finding.is_blocking for item in judged) else 0)


def _withdraw(session: Session, assessment_id: str, key: str) -> None:
    found = load_readable(session, assessment_id)
    judged = questionnaire.judge(found.template, found.answers, found.deviations)
    said = questionnaire.find_judged(judged, key).deviation
    if said is None:
        raise click.UsageError(f"Nobody asked to set {key} aside.")
    withdraw_deviation(session.records(), session.person(), assessment_id, said.id)


def _described(item: Judged) -> dict[str, Any]:
    finding, said = item.finding, item.deviation
    return {
        "finding": finding.key, "rule": finding.rule, "severity": finding.severity.value,
        "state": item.state.value, "text": finding.text, "source": finding.source,
        "question": finding.question, "row": finding.row, "column": finding.column,
        "is_pending": finding.is_pending,
        "deviation": said and {
            "id": said.id, "reason": said.reason, "proposed_by": said.proposed_by,
            "proposed_at": said.proposed_at.isoformat(), "accepted_by": said.accepted_by,
            "accepted_as": said.accepted_as,
            "accepted_at": said.accepted_at and said.accepted_at.isoformat(),
        },
    }  # fmt: skip


def _line(found: Assessment, item: Judged) -> str:
    finding, said = item.finding, item.deviation
    lines = [
        f"{finding.severity.value}, {item.state.value.replace('_', ' ')}: {finding.text}",
        f"  law:  {finding.source}",
        f"  cell: {_cell(found, item)}",
        f"  name: {finding.key}",
    ]
    if said is not None:
        accepted = f", accepted by {said.accepted_by}" if said.accepted_by else ""
        lines.append(f"  because: {said.reason} (proposed by {said.proposed_by}{accepted})")
    return "\n".join(lines)


def _cell(found: Assessment, item: Judged) -> str:
    """Question, row and column in words."""
    finding = item.finding
    question = found.template.question(finding.question)
    parts = [question.title]
    if finding.row is not None:
        answer = found.answers.get(question.id)
        rows = answer.value if answer and isinstance(answer.value, list) else []
        at = next((n for n, row in enumerate(rows, 1) if row.get("id") == finding.row), None)
        parts.append(f"row {at}" if at else finding.row)
    if finding.column:
        parts.append(question.column(finding.column).title)
    return ", ".join(parts)
