"""What an earlier assessment of the same project already said: carried over, and confirmed anew.

A question names the kind of assessment and a mapping under ``carry``. Unlike a prefilled answer, a
carried one does not go stale: the earlier assessment was decided, and stays as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import rfc8785
from sqlalchemy import Connection, select

from assessments.questionnaire.answers import Answer, Status
from assessments.questionnaire.current import load_in
from assessments.questionnaire.prefill import Fact, prefill
from assessments.questionnaire.template import Template
from assessments.questionnaire.view import View
from assessments.records.tables import assessment
from assessments.review.lifecycle import State

UNFINISHED = (State.DRAFT.value, State.RETURNED.value, State.WITHDRAWN.value)


def carried_answers(connection: Connection, template: Template, project: str) -> dict[str, Answer]:
    """Every answer that an earlier assessment can give, waiting to be confirmed by a person."""
    asking = {
        question.id: replace(question, prefill=question.carry)
        for question in template.questions
        if question.carry is not None
    }
    if not asking:
        return {}
    asked = replace(template, by_id=MappingProxyType(asking))
    return prefill(asked, _Earlier(connection, project), {"project": project})


@dataclass(frozen=True, slots=True)
class _Earlier:
    """A fact source whose sources are kinds of assessment: the newest that was sent."""

    connection: Connection
    project: str

    def query(self, source: str, subject: Mapping[str, str]) -> list[Fact]:
        row = self.connection.execute(
            select(assessment.c.id, assessment.c.updated_at)
            .where(
                assessment.c.project_id == self.project,
                assessment.c.template_id == source,
                assessment.c.state.not_in(UNFINISHED),
            )
            .order_by(assessment.c.updated_at.desc())
        ).first()
        if row is None:
            return []
        values = _values(self.connection, row.id)
        digest = hashlib.sha256(rfc8785.dumps(values)).hexdigest()
        return [Fact(values, source, row.id, digest, row.updated_at.date().isoformat())]


def _values(connection: Connection, assessment_id: str) -> dict[str, Any]:
    """What was answered and counts."""
    found = load_in(connection, assessment_id)
    view = View(found.template, found.answers)
    counted = ((name, view.answer(name)) for name in found.template.by_id)
    return {name: a.value for name, a in counted if a and a.status is Status.ANSWERED}
