"""Bringing a file in: everything that it says becomes records in one transaction, or nothing does.

The original bytes are kept, so that nothing is lost by a conversion; the ledger holds counts and a
salted commitment to the digest, no content.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.sql.base import Executable

from assessments.errors import BadInput
from assessments.exchange.formats import Read, read_file
from assessments.exchange.frame import ForeignFile, Format, Given, Reading
from assessments.exchange.loss import Imported, Loss
from assessments.exchange.tables import foreign_file, foreign_import
from assessments.questionnaire import Answer, Provenance, check_answer, find_template, start_in
from assessments.questionnaire.template import Template
from assessments.records.actor import Actor
from assessments.records.permissions import EVERYWHERE
from assessments.records.store import Change, Event, Records

PLAIN_NAME = 300
MAX_LOSSES = 5_000
MAX_PLACE = 300
UNPLACED = "The answer does not fit its question: {reason} The original is kept."


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would become, before anything is written."""

    format: Format
    name: str
    data: bytes
    sha256: str
    readings: tuple[Reading, ...]
    losses: tuple[Loss, ...]
    attachments: tuple[ForeignFile, ...] = ()


def preview(data: bytes, name: str, format_name: str | None = None) -> Preview:
    """Recognise and read a file; nothing is written. Answers that do not fit become losses."""
    shown = _plain_name(name)
    found = read_file(data, shown, format_name)
    checked = tuple(_checked(_counted(reading, found)) for reading in found.readings)
    sha256 = hashlib.sha256(data).hexdigest()
    losses = _bounded(found.losses)
    return Preview(found.format, shown, data, sha256, checked, losses, found.beside)


def _bounded(losses: Sequence[Loss]) -> tuple[Loss, ...]:
    """A list that people can read: short places, and an end that says how much follows."""
    kept = [Loss(loss.where[:MAX_PLACE], loss.what[:MAX_PLACE], loss.why) for loss in losses]
    if len(kept) <= MAX_LOSSES:
        return tuple(kept)
    more = f"{len(kept) - MAX_LOSSES} further things"
    return (*kept[:MAX_LOSSES], Loss("the rest of the file", more, "The original is kept."))


def _counted(reading: Reading, found: Read) -> Reading:
    beside = {"attachments": len(found.beside)} if found.beside else {}
    return replace(reading, counts={**reading.counts, **beside})


def _plain_name(name: str) -> str:
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if c.isprintable())[-PLAIN_NAME:] or "file"


def _checked(reading: Reading) -> Reading:
    if not reading.template:
        return replace(reading, losses=_bounded(reading.losses))
    template = find_template(reading.template, language=reading.language)
    kept: dict[str, Given] = {}
    losses = list(reading.losses)
    for question_id, given in reading.answers.items():
        try:
            check_answer(template.question(question_id), given.value, note=given.note)
            kept[question_id] = given
        except BadInput as error:
            reason = f"{error.title}." if not error.detail else f"{error.title}: {error.detail}"
            losses.append(Loss(given.row, question_id, UNPLACED.format(reason=reason)))
    return replace(reading, answers=kept, losses=_bounded(losses))


def bring_in(
    records: Records,
    actor: Actor,
    found: Preview,
    project: str = "",
    context: Mapping[str, Any] | None = None,
) -> tuple[Imported, ...]:
    """Store what was previewed; one Imported a document.

    Permission: assessment.create for the project, or export.load for what fills registers only.
    context: what the record says besides the answers, as ``questionnaire.start`` takes it.
    """
    if not project and any(reading.template for reading in found.readings):
        raise BadInput("An assessment belongs to a project", "Name it.", field="project")
    with records.change(actor) as change:
        return tuple(
            _bring_in(change, found, reading, project, context or {}) for reading in found.readings
        )


def _bring_in(
    change: Change, found: Preview, reading: Reading, project: str, context: Mapping[str, Any]
) -> Imported:
    losses = found.losses + reading.losses
    assessment_id = None
    if reading.template:
        assessment_id = _begin(change, found, reading, project, context)
    imported = Imported(
        found.format.name, assessment_id, dict(reading.counts), losses, reading.risks
    )
    _record(change, found, reading, project, imported)
    return imported


def _begin(
    change: Change, found: Preview, reading: Reading, project: str, context: Mapping[str, Any]
) -> str:
    template = find_template(reading.template, language=reading.language)
    answers = {
        question_id: made_answer(template, question_id, given, reading.source, found.sha256)
        for question_id, given in reading.answers.items()
    }
    origin = {
        "name": reading.source,
        "path": found.name,
        "sha256": found.sha256,
        "loaded_at": change.now.isoformat(timespec="seconds"),
    }
    return start_in(
        change,
        template,
        project,
        reading.title,
        answers,
        language=reading.language,
        context={**context, "sources": [origin]},
    )


def made_answer(
    template: Template, question_id: str, given: Given, source: str, sha256: str
) -> Answer:
    """An answer that says where it came from and waits for a person to confirm it."""
    made = check_answer(template.question(question_id), given.value, note=given.note)
    return replace(
        made, provenance=Provenance(source, given.row, sha256, given.as_of, is_document=True)
    )


def _record(
    change: Change, found: Preview, reading: Reading, project: str, imported: Imported
) -> None:
    import_id = f"import-{uuid4().hex[:12]}"
    row = insert(foreign_import).values(
        id=import_id, sha256=found.sha256, format=found.format.name,
        member=reading.member, place=reading.place,
        project_id=project, assessment_id=imported.assessment, title=reading.title[:PLAIN_NAME],
        counts=imported.imported, losses=[asdict(loss) for loss in imported.losses],
        imported_by=change.actor.person_id, imported_at=change.now,
    )  # fmt: skip
    change.apply(
        Event(
            action="exchange.imported",
            kind="import",
            id=import_id,
            permission="assessment.create" if reading.template else "export.load",
            scope=project or EVERYWHERE,
            facts={
                "format": found.format.name,
                "assessment": imported.assessment,
                "losses": len(imported.losses),
            },
            private={"sha256": found.sha256, "counts": imported.imported},
        ),
        *_keeping(change, found),
        row,
    )


def _keeping(change: Change, found: Preview) -> list[Executable]:
    """The bytes are kept once; a file that was erased and comes again is kept again."""
    named = foreign_file.c.sha256 == found.sha256
    kept = change.connection.execute(select(foreign_file.c.erased_at).where(named)).first()
    if kept is None:
        made = insert(foreign_file).values(
            sha256=found.sha256, name=found.name, size=len(found.data), data=found.data
        )
        return [made]
    if kept.erased_at is None:
        return []
    return [update(foreign_file).where(named).values(data=found.data, erased_at=None)]
