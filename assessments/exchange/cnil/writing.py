"""An assessment as a CNIL front export: an import as it was with its changes, or a new document."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from assessments.errors import BadInput
from assessments.exchange.cnil import fields
from assessments.exchange.cnil.editing import put
from assessments.exchange.cnil.from_dpia import to_pia
from assessments.exchange.frame import Subject
from assessments.exchange.loss import Exported, Loss

DPIA = "dpia"
ORPHAN = "The measure that it speaks of is not in the table any more."
NO_FILES = "The tool's export holds no files; they stay here."
NO_PLACE = "The CNIL format has no place for it; it stays here."


def write(subject: Subject) -> Exported:
    """The file, its name as their tool would give it, and what has no place in it."""
    made, losses = _document(subject)
    name = f"pia-{_slug(subject.assessment.title)}.json"
    return Exported(fields.TEMPLATE, name, dump(made), losses)


def _document(subject: Subject) -> tuple[Any, tuple[Loss, ...]]:
    found, original = subject.assessment, subject.original
    if found.template.id == DPIA:
        values, losses = to_pia(subject)
        return put(_blank(subject), "", found.id, {}, values), losses
    if found.template.id != fields.TEMPLATE:
        raise BadInput(
            "Only a DPIA or a CNIL PIA can be written in this format",
            f"This is: {found.template.title}.",
            field="format",
        )
    current = {name: a.value for name, a in found.answers.items() if a.value is not None}
    if original is None or original.format != fields.TEMPLATE:
        return put(_blank(subject), "", found.id, {}, current), _losses(subject)
    file = original.file
    made = put(file.content, original.place, file.place, original.answers, current)
    return made, _losses(subject)


def dump(content: Any) -> bytes:
    """JSON as UTF-8; half characters of a foreign file stay the escapes that they were."""
    try:
        return json.dumps(content, ensure_ascii=False, indent=2).encode()
    except UnicodeEncodeError:
        return json.dumps(content, indent=2).encode()


def _blank(subject: Subject) -> dict[str, Any]:
    """A new document, with the fields that their import reads."""
    found = subject.assessment
    moments = {
        "created_at": f"{found.created_at.isoformat(timespec='milliseconds')[:23]}Z",
        "updated_at": f"{found.updated_at.isoformat(timespec='milliseconds')[:23]}Z",
    }
    pia = {
        "id": 1, "name": found.title, "category": "", "status": 0, "is_example": 0,
        "is_archive": 0, "author_name": "", "evaluator_name": "", "validator_name": "",
        "structure_id": "", **moments,
    }  # fmt: skip
    return {"pia": pia, "answers": [], "measures": [], "evaluations": [], "comments": []}


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "export"


def _losses(subject: Subject) -> tuple[Loss, ...]:
    """What was added here and has no place there."""
    answers = subject.assessment.answers
    files = answers["attachments"].value if "attachments" in answers else None
    losses = [Loss("attachments", f"file {digest[:12]}", NO_FILES) for digest in files or []]
    losses += [
        Loss(name, f"the answer '{answer.status.value.replace('_', ' ')}'", NO_PLACE)
        for name, answer in answers.items()
        if answer.value is None
    ]
    losses += _orphans({name: a.value for name, a in answers.items()})
    losses += [Loss(name, "a note", NO_PLACE) for name, answer in answers.items() if answer.note]
    losses += [
        Loss(part, f"the {part} given here", NO_PLACE)
        for part in ("opinion", "decision")
        if subject.record.get(part)
    ]
    judged = [s["id"] for s in subject.record.get("sections", ()) if s.get("verdict")]
    return tuple(losses + [Loss(name, "a verdict", NO_PLACE) for name in judged])


def _orphans(values: Mapping[str, Any]) -> list[Loss]:
    """Rows about a measure that was taken out of the table."""
    there = {row["id"] for row in values.get("measures") or []}
    return [
        Loss(f"{table}: {row['id']}", "a row", ORPHAN)
        for table in ("evaluations", "comments")
        for row in values.get(table) or []
        if row["measure"] and row["measure"] not in there
    ]
