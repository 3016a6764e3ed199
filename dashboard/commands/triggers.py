"""``privacy assessment changes``: what an assessment rests on and what has changed since."""

from __future__ import annotations

import dataclasses
from typing import Any

import click

from assessments import questionnaire
from assessments.questionnaire.changes import changes_since
from assessments.questionnaire.triggers import Trigger, close_trigger, list_triggers
from dashboard.commands.assessments import group, load_readable, plain_row
from dashboard.commands.plumbing import Session, emit, json_option, pass_session
from dashboard.warehouse.facts import WarehouseFacts


def register(cli: click.Group) -> None:
    """The command belongs to ``privacy assessment``; importing this module adds it there."""
    cli.add_command(group)


@group.command("changes")
@click.argument("assessment_id")
@click.option("--close", "trigger", metavar="TRIGGER", help="Say what came of this trigger.")
@click.option("--note", default="", help="What came of it.")
@json_option
@pass_session
def changes(session: Session, assessment_id: str, trigger: str | None, note: str) -> None:
    """Show stale answers and review triggers (GDPR Art. 35(11)); exit 1 while one is open."""
    found = load_readable(session, assessment_id)
    records = session.records()
    if trigger is not None:
        close_trigger(records, session.person(), trigger, note)
    with session.warehouse() as warehouse:
        changed = changes_since(records, found, WarehouseFacts(warehouse))
    with records.read() as connection:
        triggers = list_triggers(connection, assessment_id)
    stale = [
        {
            "question": item.question.id,
            "title": item.question.title,
            "says_something_else": item.is_news,
            "source": item.answer.provenance and item.answer.provenance.as_dict(),
            "now": item.now and item.now.provenance and item.now.provenance.as_dict(),
            "lines": [
                dataclasses.asdict(line)
                for line in questionnaire.lines_of(
                    found.template, item.difference,
                    {**found.answers, item.question.id: item.then},
                    {**found.answers, **({item.question.id: item.now} if item.now else {})},
                )
            ],
        }
        for item in changed.sources
    ]  # fmt: skip
    successor = changed.successor and changed.successor.id
    rows = [plain_row(dataclasses.asdict(item)) for item in triggers]
    data = {"stale": stale, "triggers": rows, "successor": successor}
    emit(session, data, lambda: "\n".join(_lines(stale, triggers)) or "Nothing has changed.")
    if any(item.closed_at is None for item in triggers):
        raise SystemExit(1)


def _lines(stale: list[dict[str, Any]], triggers: list[Trigger]) -> list[str]:
    lines = []
    for item in stale:
        lines.append(f"stale: {item['title']} ({item['question']})")
        for line in item["lines"] if item["says_something_else"] else []:
            lines += [f"    {line['where']}"] if line["where"] else []
            lines += [f"      - {line['old']}", f"      + {line['new']}"]
    for trigger in triggers:
        state = "open" if trigger.closed_at is None else f"closed: {trigger.closing_note}"
        lines.append(f"trigger {trigger.id}: {trigger.question_id}, {state}")
    return lines
