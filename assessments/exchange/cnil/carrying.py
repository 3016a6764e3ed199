"""Beginning a DPIA from a CNIL PIA, with the loss report kept beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from assessments.errors import BadInput
from assessments.exchange.cnil import fields
from assessments.exchange.cnil.to_dpia import carry
from assessments.exchange.loss import Loss
from assessments.exchange.tables import carried_over
from assessments.questionnaire import (
    Answer,
    Assessment,
    FactSource,
    NoFacts,
    find_template,
    load_in,
    prefill,
    start_in,
)
from assessments.records.actor import Actor
from assessments.records.permissions import check_permission
from assessments.records.store import Change, Event, Records

TARGET = "dpia"


@dataclass(frozen=True, slots=True)
class Carried:
    """The DPIA that was begun, how many answers it got from the PIA, and what stayed behind."""

    assessment: str
    answers: int
    losses: tuple[Loss, ...]


def carry_over(
    records: Records,
    actor: Actor,
    pia_id: str,
    facts: FactSource | None = None,
    context: Mapping[str, Any] | None = None,
) -> Carried:
    """Begin a DPIA of the same project. Permission: assessment.read and assessment.create."""
    with records.read() as connection:
        pia = load_in(connection, pia_id)
        check_permission(connection, actor, "assessment.read", pia.project_id)
    if pia.template.id != fields.TEMPLATE:
        raise BadInput("Only a CNIL PIA can be carried over", field="assessment")
    template = find_template(TARGET, language=pia.language)
    known = prefill(template, facts or NoFacts(), pia.subject)
    carried, losses = carry(pia, template, known)
    with records.change(actor) as change:
        made = start_in(
            change, template, pia.project_id, pia.title, known | carried,
            subject=pia.subject, language=pia.language,
            context=_with_origin(change, pia, context or {}),
        )  # fmt: skip
        result = Carried(made, len(carried), losses)
        _record(change, pia, result)
    return result


def _with_origin(change: Change, pia: Assessment, context: Mapping[str, Any]) -> dict[str, Any]:
    """The PIA among the sources that the record names."""
    origin = {
        "name": fields.SOURCE,
        "path": pia.id,
        "sha256": _digest(pia.answers),
        "loaded_at": change.now.isoformat(timespec="seconds"),
    }
    return {**context, "sources": [*context.get("sources", []), origin]}


def _digest(answers: Mapping[str, Answer]) -> str:
    content = {name: answer.value for name, answer in answers.items()}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _record(change: Change, pia: Assessment, made: Carried) -> None:
    """The loss report stays with the assessment that was begun."""
    change.apply(
        Event(
            action="exchange.carried_over",
            kind="assessment",
            id=made.assessment,
            permission="assessment.create",
            scope=pia.project_id,
            facts={"from": pia.id, "answers": made.answers, "losses": len(made.losses)},
        ),
        insert(carried_over).values(
            assessment_id=made.assessment,
            from_id=pia.id,
            answers=made.answers,
            losses=[asdict(loss) for loss in made.losses],
            carried_by=change.actor.person_id,
            carried_at=change.now,
        ),
    )


def list_carried(connection: Connection, pia_id: str) -> list[Carried]:
    """The DPIAs that were begun from a PIA, the newest first."""
    rows = connection.execute(
        select(carried_over)
        .where(carried_over.c.from_id == pia_id)
        .order_by(carried_over.c.carried_at.desc())
    ).mappings()
    return [
        Carried(row["assessment_id"], row["answers"], tuple(Loss(**loss) for loss in row["losses"]))
        for row in rows
    ]
