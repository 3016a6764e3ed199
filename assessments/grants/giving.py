"""An approval becomes a grant: the template says which answers, this module says under which rules.

Nobody receives what they approved, reviewed or advised on themselves (four eyes). A grant never
starts before its approval, and is not given when its last day has passed. An extension is a new
grant that names the old one; it is for the same person, dataset and purpose.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select

from assessments.errors import BadInput, NotFound, NotPermitted, NotPossibleNow
from assessments.grants.grant import find_grant
from assessments.grants.tables import access_grant
from assessments.questionnaire.current import Assessment, load_in
from assessments.questionnaire.evaluation import UNKNOWN
from assessments.questionnaire.template import GrantRules
from assessments.questionnaire.view import View
from assessments.records.store import Change, Event
from assessments.records.tables import person
from assessments.review.parts import played_parts

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,119}")
SAME = ("person_id", "dataset_id", "purpose_id")


def give_grant(change: Change, assessment_id: str) -> str | None:
    """Create what this approval grants; None when its template grants nothing."""
    found = load_in(change.connection, assessment_id)
    if found.template.grants is None:
        return None
    grant = _asked(found, found.template.grants)
    _check_ids(grant)
    _check_person(change, assessment_id, grant["person_id"])
    _check_days(grant, change.now.date())
    _check_extension(change, grant)
    grant["valid_from"] = max(grant["valid_from"], change.now.date())
    grant_id = f"grant-{uuid4().hex[:12]}"
    change.apply(
        Event(
            action="grant.given",
            kind="grant",
            id=grant_id,
            permission="assessment.decide",
            scope=found.project_id,
            facts={"assessment": assessment_id} | _facts(grant),
        ),
        insert(access_grant).values(
            id=grant_id,
            assessment_id=assessment_id,
            project_id=found.project_id,
            granted_by=change.actor.person_id,
            granted_at=change.now,
            **grant,
        ),
    )
    return grant_id


def _asked(found: Assessment, rules: GrantRules) -> dict[str, Any]:
    """What was asked for, from the answers that count."""
    view = View(found.template, found.answers)

    def answer(question_id: str) -> Any:
        value = view.value(question_id) if question_id else UNKNOWN
        return None if value is UNKNOWN else value

    return {
        "person_id": answer(rules.person),
        "dataset_id": answer(rules.dataset),
        "purpose_id": answer(rules.purpose),
        "level": answer(rules.level) or "",
        "valid_from": date.fromisoformat(answer(rules.valid_from)),
        "valid_to": date.fromisoformat(answer(rules.valid_to)),
        "extends_id": answer(rules.extends),
    }


def _facts(grant: dict[str, Any]) -> dict[str, Any]:
    """Ids and days for the ledger; nothing that a person wrote freely."""
    return {
        name.removesuffix("_id"): value.isoformat() if isinstance(value, date) else value
        for name, value in grant.items()
        if value
    }


def _check_ids(grant: dict[str, Any]) -> None:
    """Ids go into the ledger and into files for other systems, so they are ids and nothing else."""
    for name in ("dataset_id", "purpose_id"):
        if not _ID.fullmatch(grant[name] or ""):
            raise BadInput(
                f"This is not the id of a {name.removesuffix('_id')}",
                "Letters, digits, '.', '_', ':', '/' and '-', and a letter or digit first.",
                field=name.removesuffix("_id"),
            )


def _check_person(change: Change, assessment_id: str, person_id: str) -> None:
    known = change.connection.execute(
        select(person.c.id).where(person.c.id == person_id, person.c.is_active)
    ).first()
    if known is None:
        raise BadInput(f"There is no active person {person_id}", field="person")
    parts = played_parts(change.connection, assessment_id, person_id) - {"author"}
    if parts or person_id == change.actor.person_id:
        raise NotPermitted(
            "Nobody grants access to themselves",
            "Whoever receives the access cannot review the request, advise on it or decide on it.",
            field="person",
        )


def _check_days(grant: dict[str, Any], today: date) -> None:
    if grant["valid_to"] < grant["valid_from"]:
        raise BadInput("The access would end before it begins", field="valid_to")
    if grant["valid_to"] < today:
        raise NotPossibleNow(
            "The last day that was asked for has passed",
            "Return the request, so that its author can ask for other days.",
            field="valid_to",
        )


def _check_extension(change: Change, grant: dict[str, Any]) -> None:
    if grant["extends_id"] is None:
        return
    try:
        earlier = find_grant(change.connection, grant["extends_id"])
    except NotFound as error:
        raise BadInput(
            "The grant to extend does not exist", error.title, field="extends"
        ) from error
    if any(getattr(earlier, name) != grant[name] for name in SAME):
        raise BadInput(
            f"This request does not extend {earlier.id}",
            "An extension is for the same person, the same dataset and the same purpose.",
            field="extends",
        )
