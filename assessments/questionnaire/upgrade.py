"""Taking an assessment to the newest version of its template, and back.

An assessment keeps the version that it began with until its author takes it on. Answers move with
their questions; what does not fit is kept beside them with the reason. Going back is possible until
an answer changes: then the new version has been worked with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, insert, select, update

from assessments.errors import NotPossibleNow
from assessments.evidence import uses
from assessments.questionnaire import stored
from assessments.questionnaire.answers import Answer
from assessments.questionnaire.current import (
    Assessment,
    find_assessment,
    load_in,
    template_in,
)
from assessments.questionnaire.library import find_template
from assessments.questionnaire.prefill import FactSource, NoFacts, prefill
from assessments.questionnaire.session import check_writable, files_of
from assessments.questionnaire.tables import left_answer, template_upgrade
from assessments.questionnaire.template import Template
from assessments.questionnaire.text import answer_text, table_texts
from assessments.questionnaire.versions import Carried, Left, carry_over, new_name
from assessments.records.actor import Actor
from assessments.records.store import Change, Event, Records
from assessments.records.tables import answer_revision, assessment


@dataclass(frozen=True, slots=True)
class Upgrade:
    """One step from version to version; is_undoable while no answer has changed since."""

    id: int
    from_version: str
    to_version: str
    by: str
    at: datetime
    is_undoable: bool


@dataclass(frozen=True, slots=True)
class LeftAnswer:
    """What an upgrade could not carry over, as people read it."""

    question_id: str
    title: str
    text: str
    reason: str


def newer_template(found: Assessment) -> Template | None:
    """The newest version of the assessment's template, when it is not on it already."""
    newest = find_template(found.template.id, language=found.language)
    return None if newest.version == found.template.version else newest


def upgrade(
    records: Records, actor: Actor, assessment_id: str, facts: FactSource | None = None
) -> Carried:
    """Move to the newest version; the facts fill what is asked for the first time."""
    with records.read() as connection:
        found = load_in(connection, assessment_id)
    newest = _newest(found)
    filled = prefill(newest, facts or NoFacts(), found.subject)
    with records.change(actor) as change:
        row = check_writable(change, assessment_id)
        found = load_in(change.connection, assessment_id)
        carried = carry_over(found.template, newest, found.answers)
        known = {new_name(newest, name) for name in found.template.by_id}
        fresh = {n: a for n, a in filled.items() if n not in carried.answers and n not in known}
        _move(change, row, found.template.version, newest, carried, {**carried.answers, **fresh})
    return carried


def undo_upgrade(records: Records, actor: Actor, assessment_id: str) -> str:
    """Put version and answers back as they were before the last upgrade; returns the version."""
    with records.change(actor) as change:
        row = check_writable(change, assessment_id)
        last = last_upgrade(change.connection, assessment_id)
        if last is None:
            raise NotPossibleNow("There is no upgrade to undo")
        if not last.is_undoable:
            raise NotPossibleNow(
                "An answer has changed since the upgrade",
                "Going back would lose it. The set-aside answers stay readable.",
            )
        before = _answers_before(change.connection, assessment_id, last.at)
        _write(
            change, row, last.from_version, before,
            _event("assessment.upgrade_undone", row, last.to_version, last.from_version),
        )  # fmt: skip
        change.connection.execute(
            update(template_upgrade)
            .where(template_upgrade.c.id == last.id)
            .values(undone_at=change.now)
        )
        return last.from_version


def last_upgrade(connection: Connection, assessment_id: str) -> Upgrade | None:
    """The newest upgrade that was not undone."""
    row = connection.execute(
        select(template_upgrade)
        .where(
            template_upgrade.c.assessment_id == assessment_id,
            template_upgrade.c.undone_at.is_(None),
        )
        .order_by(template_upgrade.c.id.desc())
    ).first()
    if row is None:
        return None
    later = connection.execute(
        select(answer_revision.c.id)
        .where(
            answer_revision.c.assessment_id == assessment_id, answer_revision.c.changed_at > row.at
        )
        .limit(1)
    ).first()
    return Upgrade(row.id, row.from_version, row.to_version, row.by, row.at, later is None)


def left_answers(connection: Connection, assessment_id: str) -> list[LeftAnswer]:
    """What upgrades that stand could not carry over."""
    rows = connection.execute(
        select(left_answer)
        .join(template_upgrade, template_upgrade.c.id == left_answer.c.upgrade_id)
        .where(
            template_upgrade.c.assessment_id == assessment_id,
            template_upgrade.c.undone_at.is_(None),
        )
        .order_by(left_answer.c.upgrade_id, left_answer.c.question_id)
    )
    return [LeftAnswer(row.question_id, row.title, row.text, row.reason) for row in rows]


def _newest(found: Assessment) -> Template:
    newest = newer_template(found)
    if newest is None:
        raise NotPossibleNow(
            "The assessment is on the newest version already",
            f"It is version {found.template.version} of {found.template.id}.",
        )
    return newest


def _move(
    change: Change,
    row: RowMapping,
    old_version: str,
    newest: Template,
    carried: Carried,
    answers: Mapping[str, Answer],
) -> None:
    event = _event("assessment.upgraded", row, old_version, newest.version, {
        "template_sha256": newest.sha256,
        "carried": len(carried.answers),
        "set_aside": len(carried.left),
    })  # fmt: skip
    old = load_in(change.connection, row["id"])
    _write(change, row, newest.version, answers, event)
    made = change.connection.execute(
        insert(template_upgrade).values(
            assessment_id=row["id"], from_version=old_version, to_version=newest.version,
            by=change.actor.person_id, at=change.now,
        )
    )  # fmt: skip
    upgrade_id = int((made.inserted_primary_key or (0,))[0])
    for item in carried.left:
        change.connection.execute(insert(left_answer).values(**_left(upgrade_id, old, item)))


def _left(upgrade_id: int, old: Assessment, item: Left) -> dict[str, object]:
    is_table = bool(item.question.columns)
    rows = table_texts(old.template, old.answers, item.question.id) if is_table else []
    whole = answer_text(old.template, old.answers, item.question.id)
    origin = item.answer.provenance
    return {
        "upgrade_id": upgrade_id,
        "question_id": item.question.id,
        "title": item.question.title,
        "value": item.answer.value,
        "status": item.answer.status.value,
        "provenance": origin.as_dict() if origin else None,
        "note": item.answer.note,
        "text": "\n".join("; ".join(cell for cell in row if cell) for row in rows) or whole,
        "reason": item.reason,
    }


def _write(
    change: Change, row: RowMapping, version: str, answers: Mapping[str, Answer], event: Event
) -> None:
    """Make the stored answers these, each change a revision, and name the version."""
    held = stored.read_all(change.connection, row["id"])
    names = [n for n in dict.fromkeys([*held, *answers]) if _differs(held.get(n), answers.get(n))]
    change.apply(
        event,
        *(
            statement
            for name in names
            for statement in stored.writing(
                row["id"], name, answers.get(name), held.get(name), change.actor.person_id, change.now
            )
        ),
        update(assessment).where(assessment.c.id == row["id"]).values(
            template_version=version, updated_at=change.now, version=row["version"] + 1),
    )  # fmt: skip
    template = template_in(change.connection, find_assessment(change.connection, row["id"]))
    files = {n: files_of(template.by_id[n], a) for n, a in answers.items() if n in template.by_id}
    uses.follow(change.connection, row["id"], files)


def _differs(held: stored.StoredAnswer | None, wanted: Answer | None) -> bool:
    return (held.answer if held else None) != wanted


def _answers_before(connection: Connection, assessment_id: str, at: datetime) -> dict[str, Answer]:
    """The answers as they stood when the upgrade began."""
    rows = connection.execute(
        select(answer_revision)
        .where(answer_revision.c.assessment_id == assessment_id, answer_revision.c.changed_at < at)
        .order_by(answer_revision.c.id)
    ).mappings()
    held = {row["question_id"]: stored.to_answer(row) for row in rows}
    return {name: answer for name, answer in held.items() if answer is not None}


def _event(
    action: str, row: RowMapping, old: str, new: str, facts: Mapping[str, object] | None = None
) -> Event:
    return Event(
        action, "assessment", row["id"], "assessment.write", row["project_id"],
        {"from": old, "to": new, **(facts or {})},
    )  # fmt: skip
