"""``privacy assessment upgrade``: to the newest version of the template, and back."""

from __future__ import annotations

from typing import Any

import click

from assessments import questionnaire
from assessments.errors import NotFound
from assessments.questionnaire import FactSource
from assessments.questionnaire.upgrade import newer_template, undo_upgrade
from assessments.questionnaire.upgrade import upgrade as take_on
from assessments.questionnaire.versions import VersionChange, compare_versions
from assessments.settings import Home
from dashboard.commands.assessments import group, load_readable
from dashboard.commands.plumbing import Session, emit, json_option, pass_session
from dashboard.warehouse.connect import Warehouse
from dashboard.warehouse.facts import WarehouseFacts


def register(cli: click.Group) -> None:
    """The command belongs to ``privacy assessment``; importing this module adds it there."""
    cli.add_command(group)


@group.command("upgrade")
@click.argument("assessment_id")
@click.option("--look", is_flag=True, help="Only show what the new version changes.")
@click.option("--undo", is_flag=True, help="Go back, as long as no answer has changed since.")
@json_option
@pass_session
def upgrade(session: Session, assessment_id: str, look: bool, undo: bool) -> None:
    """Move to the newest version of the template; answers that do not fit are kept aside."""
    found = load_readable(session, assessment_id)
    if undo:
        version = undo_upgrade(session.records(), session.person(), assessment_id)
        emit(session, {"version": version}, f"Back on version {version}.")
        return
    newest = newer_template(found)
    changes = compare_versions(found.template, newest) if newest else []
    data: dict[str, Any] = {
        "from": found.template.version,
        "to": newest.version if newest else found.template.version,
        "changes": [_change(item) for item in changes],
    }
    lines = [f"{item['kind']:9} {item['question']}: {item['title']}" for item in data["changes"]]
    if look:
        emit(session, data, lambda: "\n".join(lines) or "It is on the newest version.")
        return
    carried = take_on(session.records(), session.person(), assessment_id, _facts(session.home))
    data |= {
        "carried": len(carried.answers),
        "set_aside": [
            {"question": item.question.id, "reason": item.reason} for item in carried.left
        ],
    }
    lines += [f"set aside {item['question']}: {item['reason']}" for item in data["set_aside"]]
    lines.append(f"Version {data['to']}: {data['carried']} answers carried over.")
    emit(session, data, "\n".join(lines))


def _change(item: VersionChange) -> dict[str, Any]:
    question = item.new or item.old
    return {
        "kind": item.kind.value,
        "question": question.id if question else "",
        "was": item.old.id if item.old else None,
        "title": item.title,
        "parts": list(item.parts),
    }


def _facts(home: Home) -> FactSource:
    """What the warehouse knows; nothing before the first load."""
    try:
        return WarehouseFacts(Warehouse.open(home))
    except NotFound:
        return questionnaire.NoFacts()
