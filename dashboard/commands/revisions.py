"""``privacy assessment diff``: two states of an assessment side by side."""

from __future__ import annotations

import dataclasses
from typing import Any

import click

from assessments import questionnaire
from assessments.questionnaire import Answer, Difference
from assessments.questionnaire.compare import NOW, START
from dashboard.commands.assessments import group, load_readable
from dashboard.commands.plumbing import Session, emit, json_option, pass_session


def register(cli: click.Group) -> None:
    """The command belongs to ``privacy assessment``; importing this module adds it there."""
    cli.add_command(group)


@group.command("diff")
@click.argument("assessment_id")
@click.option("--from", "old", default=START, show_default=True, metavar="STATE")
@click.option("--to", "new", default=NOW, show_default=True, metavar="STATE")
@json_option
@pass_session
def diff(session: Session, assessment_id: str, old: str, new: str) -> None:
    """Compare two states, tables cell by cell.

    A STATE is start, round-N (as it was sent the Nth time), decision-N, now, or a moment like
    2026-11-24T14:00 (UTC without an offset).
    """
    found = load_readable(session, assessment_id)
    records = session.records()
    with records.read() as connection:
        known = questionnaire.milestones(connection, found)
        revisions = questionnaire.revisions_in(connection, found.id)
    first, last = (questionnaire.find_milestone(known, name) for name in (old, new))
    before, after = (questionnaire.answers_at(revisions, state.at) for state in (first, last))
    data = [
        _described(item, questionnaire.lines_of(found.template, item, before, after))
        for item in questionnaire.compare_revisions(records, found, first, last)
    ]
    emit(session, data, lambda: "\n".join(_text(item) for item in data) or "Nothing differs.")


def _described(item: Difference, lines: list[questionnaire.Line]) -> dict[str, Any]:
    return {
        "question": item.question_id,
        "title": item.question.title if item.question else None,
        "by": item.by or None,
        "at": item.at.isoformat() if item.at else None,
        "old": _value(item.old),
        "new": _value(item.new),
        "lines": [dataclasses.asdict(line) for line in lines],
    }


def _value(answer: Answer | None) -> dict[str, Any] | None:
    if answer is None:
        return None
    return {"value": answer.value, "status": answer.status.value, "note": answer.note}


def _text(item: dict[str, Any]) -> str:
    head = f"{item['title'] or item['question']} ({item['question']}), by {item['by'] or '-'}"
    lines = [head]
    for line in item["lines"]:
        lines += [f"  {line['where']}"] if line["where"] else []
        lines += [f"    - {line['old']}"] if line["old"] else []
        lines += [f"    + {line['new']}"] if line["new"] else []
    return "\n".join(lines)
