"""Beginning an assessment of a project, with everything that the facts can already say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from sqlalchemy import insert

from assessments.errors import BadInput
from assessments.questionnaire import stored
from assessments.questionnaire.answers import Answer
from assessments.questionnaire.library import find_template
from assessments.questionnaire.prefill import FactSource, NoFacts, prefill
from assessments.questionnaire.template import Template
from assessments.records.actor import Actor
from assessments.records.store import Event, Records
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
    """Begin an assessment of a project, prefilled from the facts; returns its id.

    context: what the record says besides the answers: organisation, project, sources.
    """
    template = find_template(template_id, language=language)
    named = " ".join(title.split())
    if not named or len(named) > MAX_TITLE:
        raise BadInput(
            "The assessment needs a title", f"1 to {MAX_TITLE} characters.", field="title"
        )
    about = {"project": project} | dict(subject or {})
    filled = prefill(template, facts or NoFacts(), about)
    assessment_id = f"{template.id.replace('_', '-')[:20]}-{uuid4().hex[:12]}"
    with records.change(actor) as change:
        row = insert(assessment).values(
            id=assessment_id,
            template_id=template.id,
            template_version=template.version,
            title=named,
            project_id=project,
            language=language,
            context={**(context or {}), "subject": about},
            state="draft",
            round=1,
            author_id=actor.person_id,
            created_at=change.now,
            updated_at=change.now,
            version=1,
        )
        change.apply(
            _event(template, assessment_id, project, named, filled),
            row,
            *(
                statement
                for question_id, answer in filled.items()
                for statement in stored.writing(
                    assessment_id, question_id, answer, None, actor.person_id, change.now
                )
            ),
        )
    return assessment_id


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
