"""``privacy assessment``: the life of an assessment from the shell, with the same rules as the pages."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path
from typing import Any

import click
import yaml
from sqlalchemy import select

from assessments import questionnaire
from assessments.errors import BadInput
from assessments.language import ENGLISH, languages
from assessments.questionnaire.triggers import list_triggers
from assessments.records.permissions import check_permission
from assessments.records.tables import assessment
from assessments.review import decisions, rounds
from assessments.review.moves import trail
from assessments.review.rounds import Verdict
from dashboard import office
from dashboard.commands.plumbing import Session, emit, json_option, pass_session
from dashboard.warehouse.facts import WarehouseFacts


def register(cli: click.Group) -> None:
    """Add the group to the command line."""
    cli.add_command(group)


@click.group("assessment")
def group() -> None:
    """Begin, answer, review and decide assessments."""


@group.command("new")
@click.argument("template")
@click.option("--project", required=True, help="Project id, as the inventory names it.")
@click.option("--title", help="Title; made from template and project by default.")
@click.option("--dataset", help="Dataset that it is about, as in a request for access.")
@click.option("--vendor", help="Vendor that it is about, as in a review.")
@click.option(
    "--language",
    type=click.Choice(languages()),
    default=ENGLISH,
    show_default=True,
    help="Language of its questions, record and report.",
)
@json_option
@pass_session
def new(
    session: Session,
    template: str,
    project: str,
    title: str | None,
    dataset: str | None,
    vendor: str | None,
    language: str,
) -> None:
    """Begin an assessment, prefilled from the inventory."""
    about = {"dataset": dataset, "vendor": vendor}
    with session.warehouse() as warehouse:
        made = office.begin(
            session.records(), session.person(), WarehouseFacts(warehouse), template, project,
            title
            or f"{questionnaire.find_template(template, language=language).title}: {project}",
            organisation=office.organisation(session.home),
            sources=office.describe_sources(warehouse),
            about={kind: named for kind, named in about.items() if named}, language=language,
        )  # fmt: skip
    emit(session, {"assessment": made}, made)


@group.command("list")
@click.option("--project", help="Only this project.")
@json_option
@pass_session
def list_(session: Session, project: str | None) -> None:
    """List assessments, the newest change first."""
    query = select(assessment).order_by(assessment.c.updated_at.desc())
    if project:
        query = query.where(assessment.c.project_id == project)
    with session.records().read() as connection:
        rows = connection.execute(query).mappings().all()
    data = [
        {"id": r["id"], "template": r["template_id"], "project": r["project_id"],
         "title": r["title"], "state": r["state"], "round": r["round"], "author": r["author_id"]}
        for r in rows
    ]  # fmt: skip
    emit(session, data, lambda: "\n".join(f"{d['id']}  {d['state']:26} {d['title']}" for d in data)
         or "No assessments yet. Begin one with: privacy --as PERSON assessment new TEMPLATE --project P")  # fmt: skip


@group.command("show")
@click.argument("assessment_id")
@json_option
@pass_session
def show(session: Session, assessment_id: str) -> None:
    """Show tasks, answers and what blocks sending."""
    found = load_readable(session, assessment_id)
    tasks = questionnaire.tasks(found.template, found.answers)
    blockers = questionnaire.blockers(found.template, found.answers, found.deviations)
    with session.records().read() as connection:
        triggers = list_triggers(connection, found.id, is_open=True)
    data = {
        "id": found.id, "title": found.title, "state": found.state, "project": found.project_id,
        "tasks": [{"section": t.section_id, "status": t.status.value, "answered": t.answered,
                   "asked": t.asked} for t in tasks],
        "answers": {name: {"value": a.value, "status": a.status.value} for name, a in found.answers.items()},
        "blockers": [b.text for b in blockers],
        "review_triggers": [{"id": t.id, "question": t.question_id, "since": t.found_at.isoformat()}
                            for t in triggers],
    }  # fmt: skip
    lines = [f"{found.title}: {found.state}"]
    lines += [f"  {t.status.value:18} {t.title} ({t.answered}/{t.asked})" for t in tasks]
    lines += [f"  to do: {b.text}" for b in blockers]
    lines += [f"  review: the source of {t.question_id} changed ({t.id})" for t in triggers]
    emit(session, data, "\n".join(lines))


@group.command("answer")
@click.argument("assessment_id")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
@pass_session
def answer(session: Session, assessment_id: str, file: Path) -> None:
    """Save answers from a YAML or JSON FILE: question id to value."""
    try:
        given = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadInput(
            "The answers cannot be read", str(error), where={"file": file.name}
        ) from error
    if not isinstance(given, dict):
        raise BadInput("Answers are a mapping of question ids", where={"file": file.name})
    saved = [
        questionnaire.save_answer(
            session.records(), session.person(), assessment_id, str(name), _plain(raw)
        )
        for name, raw in given.items()
    ]
    changed = sum(item.is_changed for item in saved)
    emit(
        session,
        {"saved": len(saved), "changed": changed},
        f"{len(saved)} answers, {changed} changed",
    )


@group.command("submit")
@click.argument("assessment_id")
@json_option
@pass_session
def submit(session: Session, assessment_id: str) -> None:
    """Send for review."""
    state = rounds.submit(session.records(), session.person(), assessment_id)
    emit(session, {"state": state.value}, state.value)


@group.command("review")
@click.argument("assessment_id")
@click.option("--section", help="Give a verdict on this section; without it, close the round.")
@click.option("--request-changes", is_flag=True)
@click.option("--comment", default="")
@json_option
@pass_session
def review(
    session: Session, assessment_id: str, section: str | None, request_changes: bool, comment: str
) -> None:
    """Accept a section or ask for changes, or close the round."""
    records, actor = session.records(), session.person()
    if section is None:
        state = rounds.finish_review(records, actor, assessment_id, reason=comment).value
    else:
        verdict = Verdict.CHANGES_REQUESTED if request_changes else Verdict.ACCEPTED
        rounds.give_verdict(records, actor, assessment_id, section, verdict, comment)
        state = verdict.value
    emit(session, {"state": state}, state)


@group.command("advise")
@click.argument("assessment_id")
@click.option("--position", type=click.Choice([p.value for p in decisions.Position]), required=True)
@click.option("--text", required=True)
@json_option
@pass_session
def advise(session: Session, assessment_id: str, position: str, text: str) -> None:
    """Give the data protection officer's advice."""
    state = decisions.advise(
        session.records(), session.person(), assessment_id, decisions.Position(position), text
    )
    emit(session, {"state": state.value}, state.value)


@group.command("approve")
@click.argument("assessment_id")
@click.option(
    "--outcome", type=click.Choice([o.value for o in decisions.Outcome]), default="approved"
)
@click.option("--reason", required=True)
@click.option("--condition", "conditions", multiple=True, metavar="TEXT|OWNER|DATE")
@click.option("--followed", is_flag=True, help="The officer's advice is followed.")
@click.option("--overruled", metavar="REASON", help="It is not, and why.")
@json_option
@pass_session
def approve(
    session: Session,
    assessment_id: str,
    outcome: str,
    reason: str,
    conditions: tuple[str, ...],
    followed: bool,
    overruled: str | None,
) -> None:
    """Decide as the approver; an approval freezes the record."""
    state = decisions.decide(
        session.records(), session.person(), assessment_id, decisions.Outcome(outcome), reason,
        tuple(_condition(text) for text in conditions),
        is_followed=False if overruled is not None else (True if followed else None),
        overruling=overruled or "",
    )  # fmt: skip
    emit(session, {"state": state.value}, state.value)


@group.command("history")
@click.argument("assessment_id")
@click.option("--question", help="Every revision of this answer; without it, the steps taken.")
@json_option
@pass_session
def history(session: Session, assessment_id: str, question: str | None) -> None:
    """Show who did what when."""
    load_readable(session, assessment_id)
    if question is None:
        with session.records().read() as connection:
            data = [plain_row(dict(row)) for row in trail(connection, assessment_id)]
    else:
        found = questionnaire.history(session.records(), assessment_id, question)
        data = [plain_row(dataclasses.asdict(item)) for item in found]
    emit(session, data, lambda: "\n".join(str(item) for item in data))


def load_readable(session: Session, assessment_id: str) -> questionnaire.Assessment:
    """The assessment, if whoever acts may read it."""
    found = questionnaire.load(session.records(), assessment_id)
    if session.person_id:
        with session.records().read() as connection:
            check_permission(connection, session.person(), "assessment.read", found.project_id)
    return found


def _condition(text: str) -> decisions.NewCondition:
    try:
        what, owner, due = (part.strip() for part in text.rsplit("|", 2))
        return decisions.NewCondition(what, owner, date.fromisoformat(due))
    except ValueError as error:
        raise BadInput(
            "A condition is TEXT|OWNER|DATE",
            "For example: --condition 'Measure again|p-001|2027-01-31'",
            field="condition",
        ) from error


def _plain(raw: Any) -> Any:
    if isinstance(raw, dict):
        return {str(name): _plain(value) for name, value in raw.items()}
    if isinstance(raw, list):
        return [_plain(item) for item in raw]
    return raw.isoformat() if hasattr(raw, "isoformat") else raw


def plain_row(row: dict[str, Any]) -> dict[str, Any]:
    """Values that JSON knows: days and moments as text."""
    return {name: _plain(value) for name, value in row.items()}
