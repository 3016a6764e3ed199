"""Renewing an assessment: a successor begins with the answers of the one before, each to be confirmed.

The successor takes the newest version of the template. What a fact says today stands instead of a copy
of what it said then; open points are asked again. It supersedes its predecessor when it is approved.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import rfc8785
from sqlalchemy import Connection, RowMapping, select, update

from assessments.errors import NotPossibleNow
from assessments.questionnaire import (
    Answer,
    Assessment,
    FactSource,
    NoFacts,
    Origin,
    Provenance,
    Status,
    find_template,
    load_in,
    prefill,
    start_in,
)
from assessments.questionnaire.current import find_assessment
from assessments.questionnaire.versions import Left, carry_over
from assessments.records.actor import Actor
from assessments.records.store import Event, Records
from assessments.records.tables import assessment
from assessments.review.lifecycle import VALID_APPROVALS, State, possible_actions

RENEWABLE = frozenset({*VALID_APPROVALS, State.EXPIRED})
COPIED = "copied forward"
"""The source that a copied answer names, with the predecessor as its row."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """The successor, how many answers were copied, and what had no place any more."""

    assessment_id: str
    copied: int
    left: tuple[Left, ...]


def renew(
    records: Records,
    actor: Actor,
    assessment_id: str,
    facts: FactSource | None = None,
    *,
    title: str = "",
    context: Mapping[str, Any] | None = None,
) -> Renewal:
    """Begin the successor of an approval that stands or has expired."""
    with records.read() as connection:
        found = load_in(connection, assessment_id)
    newest = find_template(found.template.id, language=found.language)
    filled = prefill(newest, facts or NoFacts(), dict(found.subject))
    carried = carry_over(found.template, newest, found.answers)
    with records.change(actor) as change:
        row = find_assessment(change.connection, assessment_id)
        _check_renewable(change.connection, row)
        copied = {
            name: _copy(answer, found)
            for name, answer in carried.answers.items()
            if answer.status is not Status.UNKNOWN and not _is_newer(answer, filled.get(name))
        }
        known = {name: row["context"].get(name) for name in ("organisation", "project")}
        made = start_in(
            change, newest, row["project_id"], title or found.title, {**filled, **copied},
            subject=dict(found.subject), language=newest.language, context={**known, **(context or {})},
        )  # fmt: skip
        change.apply(
            Event(
                "assessment.renewed", "assessment", assessment_id, "assessment.create",
                row["project_id"], {"successor": made, "copied": len(copied)},
            ),
            update(assessment).where(assessment.c.id == made).values(renews=assessment_id),
        )  # fmt: skip
        return Renewal(made, len(copied), carried.left)


def find_successor(connection: Connection, assessment_id: str) -> str | None:
    """The assessment that renews this one and was not given up."""
    rows = connection.execute(
        select(assessment.c.id, assessment.c.state)
        .where(assessment.c.renews == assessment_id)
        .order_by(assessment.c.created_at.desc())
    )
    given_up = {State.WITHDRAWN, State.REJECTED}
    return next((row.id for row in rows if row.state not in given_up), None)


def is_copied(answer: Answer) -> bool:
    """Whether the answer waits, copied forward, for a person to confirm it."""
    return (
        answer.needs_confirmation
        and answer.provenance is not None
        and answer.provenance.source == COPIED
    )


def _copy(answer: Answer, found: Assessment) -> Answer:
    """The answer as a value that somebody has to stand behind again."""
    digest = hashlib.sha256(rfc8785.dumps([answer.status.value, answer.value])).hexdigest()
    origin = Provenance(
        COPIED, found.id, digest, found.updated_at.date().isoformat(), Origin.PREFILLED,
        is_document=True,
    )  # fmt: skip
    return replace(answer, provenance=origin)


def _is_newer(old: Answer, fact: Answer | None) -> bool:
    """A fact of today stands instead of a copy of itself; a person's own words are copied."""
    return (
        fact is not None
        and old.provenance is not None
        and old.provenance.origin is not Origin.ADJUSTED
    )


def _check_renewable(connection: Connection, row: RowMapping) -> None:
    if row["state"] not in RENEWABLE:
        raise NotPossibleNow(
            "Only an approval that stands or has expired is renewed",
            f"The assessment is {row['state'].replace('_', ' ')}.",
        )
    successor = find_successor(connection, row["id"])
    if successor is not None:
        state = find_assessment(connection, successor)["state"]
        if state in RENEWABLE or possible_actions(state):
            raise NotPossibleNow(
                "It is being renewed already", f"Its successor is {successor}.", field="assessment"
            )
