"""Beginning an assessment of a project, with everything that the facts can already say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from sqlalchemy import insert

from assessments.errors import BadInput
from assessments.evidence import uses
from assessments.questionnaire import stored
from assessments.questionnaire.answers import Answer
from assessments.questionnaire.earlier import carried_answers
from assessments.questionnaire.groups import expand
from assessments.questionnaire.library import find_template
from assessments.questionnaire.prefill import FactSource, NoFacts, prefill
from assessments.questionnaire.session import files_of
from assessments.questionnaire.template import Template
from assessments.records.actor import Actor
from assessments.records.store import Change, Event, Records
from assessments.records.tables import assessment

MAX_TITLE = 300


def start(
    records: Records,
    actor: Actor,
    template_id: str,
    project: str,
    title: str,
    facts: FactSource | None = None,
    *,
    subject: Mapping[str, str] | None = None,
    language: str = "en",
    context: Mapping[str, Any] | None = None,
) -> str:
    """Begin an assessment, prefilled from the facts and earlier assessments; returns its id.

    context: what the record says besides the answers: organisation, project, sources.
    """
    template = find_template(template_id, language=language)
    about = {"project": project} | dict(subject or {})
    filled = prefill(template, facts or NoFacts(), about)
    with records.change(actor) as change:
        return start_in(
            change,
            template,
            project,
            title,
            carried_answers(change.connection, template, project) | filled,
            subject=about,
            language=template.language,
            context=context,
        )


def start_in(
    change: Change,
    template: Template,
    project: str,
    title: str,
    answers: Mapping[str, Answer],
    *,
    subject: Mapping[str, str] | None = None,
    language: str = "en",
    context: Mapping[str, Any] | None = None,
) -> str:
    """Begin an assessment with these answers, inside somebody's transaction; returns its id."""
    named = " ".join(title.split())
    if not named or len(named) > MAX_TITLE:
        raise BadInput(
            "The assessment needs a title", f"1 to {MAX_TITLE} characters.", field="title"
        )
    assessment_id = f"{template.id.replace('_', '-')[:20]}-{uuid4().hex[:12]}"
    author = change.actor.person_id
    row = insert(assessment).values(
        id=assessment_id,
        template_id=template.id,
        template_version=template.version,
        title=named,
        project_id=project,
        language=language,
        context={**(context or {}), "subject": dict(subject or {"project": project})},
        state="draft",
        round=1,
        author_id=author,
        created_at=change.now,
        updated_at=change.now,
        version=1,
    )
    change.apply(
        _event(template, assessment_id, project, named, answers),
        row,
        *(
            statement
            for question_id, answer in answers.items()
            for statement in stored.writing(
                assessment_id, question_id, answer, None, author, change.now
            )
        ),
    )
    _rest_on_files(change, expand(template, answers), assessment_id, answers)
    return assessment_id


def _rest_on_files(
    change: Change, template: Template, assessment_id: str, answers: Mapping[str, Answer]
) -> None:
    """Files under carried or imported answers are used here too, and only those that may be."""
    for question_id, answer in answers.items():
        if files := files_of(template.question(question_id), answer):
            for statement in uses.writing(
                change.connection, change.actor, assessment_id, question_id, files
            ):
                change.connection.execute(statement)


def _event(
    template: Template, assessment_id: str, project: str, title: str, filled: Mapping[str, Answer]
) -> Event:
    return Event(
        action="assessment.started",
        kind="assessment",
        id=assessment_id,
        permission="assessment.create",
        scope=project,
        facts={
            "template": template.id,
            "template_version": template.version,
            "template_sha256": template.sha256,
            "prefilled": len(filled),
        },
        private={
            "title": title,
            "values": {name: answer.value for name, answer in filled.items()},
        },
    )
