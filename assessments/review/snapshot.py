"""What an assessment says at one moment, as assessment record version 1.

Names of people enter here and only here: the signed record names who acted, the ledger does not.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from assessments import questionnaire
from assessments.evidence import described
from assessments.questionnaire import Answers, Assessment, Template
from assessments.questionnaire.session import files_of
from assessments.records.tables import (
    assessment,
    condition,
    decision,
    opinion,
    person,
    transition,
)
from assessments.review.lifecycle import Action
from assessments.review.rounds import section_verdicts
from assessments.review.votes import visible_votes
from assessments.risk.record import (
    record_measures,
    record_recommendations,
    record_risks,
    record_scale,
)
from assessments.signing.roles import signers_for

SCHEMA = "privacy-workbench/assessment-record/v1"
_REVIEW_ENDS = (Action.RETURN.value, Action.ACCEPT.value, Action.FORWARD.value)


def describe(
    connection: Connection, assessment_id: str, revision: int, frozen_at: datetime
) -> dict[str, Any]:
    """The record of the assessment as it stands; what is not there yet (a decision) is None."""
    found = questionnaire.load_in(connection, assessment_id)
    template, answers = found.template, found.answers
    row = connection.execute(
        select(assessment).where(assessment.c.id == assessment_id)
    ).mappings().one()  # fmt: skip
    people = _People(connection)
    context: Mapping[str, Any] = row["context"] or {}
    advice = _opinion(connection, assessment_id, people)
    return {
        "schema": SCHEMA,
        "seed": secrets.token_hex(32),
        "assessment": {
            "id": row["id"],
            "title": row["title"],
            "revision": revision,
            "language": row["language"],
            "state": row["state"],
            "created_at": _moment(row["created_at"]),
            "frozen_at": _moment(frozen_at),
            "organisation": context.get("organisation") or "",
        },
        "template": {
            "id": template.id,
            "version": template.version,
            "title": template.title,
            "sha256": template.sha256,
        },
        "project": _project(row, context),
        "people": _parts(connection, row, people),
        "signers": list(signers_for(template.signers, is_advised=advice is not None)),
        "screening": _screening(template, answers),
        "sections": questionnaire.record_sections(
            template, answers, _verdicts(connection, assessment_id, template, people), people.named
        ),
        "risks": record_risks(template, answers),
        "scale": record_scale(template, answers),
        "measures": record_measures(template, answers, people.named),
        "recommendations": record_recommendations(template, answers),
        "leakage": questionnaire.record_leakage(template, answers),
        "deviations": _deviations(found, people),
        "reviews": _reviews(connection, assessment_id, people),
        "opinion": advice,
        "decision": _decision(connection, assessment_id, people),
        "evidence": _evidence(connection, template, answers),
        "sources": context.get("sources") or [],
    }


def _evidence(connection: Connection, template: Template, answers: Answers) -> list[dict[str, Any]]:
    """The files that answers rest on; those under answers that are set aside are not among them."""
    under: dict[str, list[str]] = {}
    for question in questionnaire.visible_questions(template, answers):
        for digest in files_of(question, answers.get(question.id)):
            under.setdefault(digest, []).append(question.id)
    known = described(connection, under)
    return [known[digest] | {"questions": under[digest]} for digest in sorted(known)]


class _People:
    """Names by id, read once."""

    def __init__(self, connection: Connection) -> None:
        rows = connection.execute(select(person.c.id, person.c.name, person.c.title))
        self._found = {row.id: (row.name, row.title) for row in rows}
        self._connection = connection

    def name(self, person_id: str) -> str:
        return self._found.get(person_id, (person_id, ""))[0]

    def title(self, person_id: str) -> str:
        return self._found.get(person_id, ("", ""))[1]

    def named(self, kind: str, object_id: str) -> str:
        if kind == "evidence":
            return str(described(self._connection, [object_id]).get(object_id, {}).get("name", ""))
        return self.name(object_id) if kind == "person" else object_id


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _project(row: RowMapping, context: Mapping[str, Any]) -> dict[str, str]:
    known: Mapping[str, Any] = context.get("project") or {}
    return {
        "id": row["project_id"],
        "name": str(known.get("name") or row["project_id"]),
        "description": str(known.get("description") or ""),
        "owner": str(known.get("owner") or ""),
    }


def _parts(connection: Connection, row: RowMapping, people: _People) -> list[dict[str, str]]:
    played = [("author", row["author_id"])]
    played += [("reviewer", who) for who in _reviewers(connection, row["id"])]
    for role, table in (("dpo", opinion), ("approver", decision)):
        who = connection.execute(
            select(table.c.by)
            .where(table.c.assessment_id == row["id"])
            .order_by(table.c.round.desc())
        ).scalar()
        played += [(role, who)] if who else []
    return [
        {"role": role, "id": who, "name": people.name(who), "title": people.title(who)}
        for role, who in played
    ]


def _reviewers(connection: Connection, assessment_id: str) -> list[str]:
    """Whoever closed a round or voted in one that is closed; a running round names nobody."""
    closed = connection.execute(
        select(transition.c.by)
        .where(transition.c.assessment_id == assessment_id, transition.c.action.in_(_REVIEW_ENDS))
        .order_by(transition.c.id)
    ).scalars()
    template = questionnaire.template_of(connection, assessment_id)
    votes = visible_votes(connection, assessment_id, template, None)
    return list(dict.fromkeys([*closed, *(vote.reviewer_id for vote in votes)]))


def _deviations(found: Assessment, people: _People) -> list[dict[str, Any]]:
    """The findings that were set aside, as they stand: lapsed and unaccepted ones are not there."""
    return [
        {
            "rule": judged.finding.rule,
            "severity": judged.finding.severity.value,
            "text": judged.finding.text,
            "source": judged.finding.source,
            "question": judged.finding.question,
            "row": judged.finding.place or None,
            "reason": said.reason,
            "proposed_by": people.name(said.proposed_by),
            "proposed_at": _moment(said.proposed_at),
            "accepted_by": people.name(said.accepted_by or ""),
            "accepted_as": said.accepted_as,
            "accepted_at": _moment(said.accepted_at or said.proposed_at),
        }
        for judged in questionnaire.judge(found.template, found.answers, found.deviations)
        if not judged.is_open and (said := judged.deviation) is not None
    ]


def _screening(template: Template, answers: Answers) -> dict[str, Any] | None:
    if template.outcome is None:
        return None
    found = questionnaire.screening_outcome(template, answers)
    return {
        "outcome": found.level,
        "title": found.title,
        "reasons": [{"code": reason.code, "text": reason.text} for reason in found.reasons],
    }


def _verdicts(
    connection: Connection, assessment_id: str, template: Template, people: _People
) -> dict[str, dict[str, Any]]:
    return {
        section_id: {
            "verdict": found.verdict.value,
            "comment": found.comment,
            "reviewer": people.name(found.reviewer_id),
            "at": _moment(found.at),
        }
        for section_id, found in section_verdicts(connection, assessment_id, template).items()
    }


def _reviews(connection: Connection, assessment_id: str, people: _People) -> list[dict[str, Any]]:
    rows = connection.execute(
        select(transition)
        .where(transition.c.assessment_id == assessment_id, transition.c.action.in_(_REVIEW_ENDS))
        .order_by(transition.c.id)
    ).mappings()
    return [
        {
            "round": row["round"],
            "reviewer": people.name(row["by"]),
            "outcome": row["to_state"],
            "at": _moment(row["at"]),
        }
        for row in rows
    ]


def _opinion(connection: Connection, assessment_id: str, people: _People) -> dict[str, Any] | None:
    row = connection.execute(
        select(opinion, decision.c.opinion_followed, decision.c.overruled_reason)
        .outerjoin(
            decision,
            (decision.c.assessment_id == opinion.c.assessment_id)
            & (decision.c.round == opinion.c.round),
        )
        .where(opinion.c.assessment_id == assessment_id)
        .order_by(opinion.c.round.desc())
    ).mappings().first()  # fmt: skip
    if row is None:
        return None
    return {
        "by": people.name(row["by"]),
        "text": row["text"],
        "followed": row["opinion_followed"],
        "at": _moment(row["at"]),
    } | ({"overruled": row["overruled_reason"]} if row["overruled_reason"] else {})


def _decision(connection: Connection, assessment_id: str, people: _People) -> dict[str, Any] | None:
    row = connection.execute(
        select(decision)
        .where(decision.c.assessment_id == assessment_id)
        .order_by(decision.c.round.desc())
    ).mappings().first()  # fmt: skip
    if row is None:
        return None
    conditions = connection.execute(
        select(condition)
        .where(condition.c.assessment_id == assessment_id)
        .order_by(condition.c.position)
    ).mappings()
    return {
        "outcome": row["outcome"],
        "reason": row["reason"],
        "by": people.name(row["by"]),
        "at": _moment(row["at"]),
        "conditions": [
            {
                "id": f"C{item['position']}",
                "text": item["text"],
                "owner": people.name(item["owner_id"]),
                "due_on": item["due_on"].isoformat(),
            }
            for item in conditions
        ],
    }
