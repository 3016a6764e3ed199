"""A DPIA of ours in the words of the CNIL method, and what does not fit into it.

The method knows three feared events. Further risks of an event are merged into it by the highest
one; harms of processing that works as intended have no place in the method at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

from assessments.exchange.cnil.dpia_risks import read_measures, read_risks
from assessments.exchange.frame import Subject
from assessments.exchange.loss import Loss
from assessments.questionnaire import Status, Type, answer_text, table_texts
from assessments.questionnaire.document import read_document

NO_PLACE = "The CNIL method asks nothing like it; it stays here."
NO_COLUMN = "The CNIL method has text here and no such column; it stays here."
ROLES = {"author": "pia_author", "reviewer": "pia_evaluator", "approver": "pia_validator"}
APPROVED = frozenset({"approved", "approved_with_conditions"})
ROW_BY_ROW = frozenset({"by_design"})
"""Tables whose rows are reported one by one, where the risks are read."""

_FIELD = re.compile(r"\{([a-z_]+)\}")
_LOOSE = re.compile(r"(?<=[:,.(])[ ,.:]*(?=[,.:])|[ ,:(]+\Z|(?<=:)[ ,.]+(?= )")


@cache
def read_map() -> Any:
    """The map, as data."""
    file = resources.files("assessments.exchange.cnil").joinpath("from_dpia.yaml")
    return read_document(file.read_bytes(), "from_dpia.yaml").content


def to_pia(subject: Subject) -> tuple[dict[str, Any], tuple[Loss, ...]]:
    """Values of the ``cnil_pia`` template, and the loss report."""
    rules = read_map()
    made: dict[str, Any] = {"pia_name": subject.assessment.title}
    for name, parts in rules["texts"].items():
        made[name] = "\n\n".join(text for part in parts if (text := _part(subject, part)))
    for name, source in rules["answers"].items():
        answer = subject.assessment.answers.get(source)
        made[name] = answer.value if answer else None
    made |= _record(subject.record)
    measures, evaluations = read_measures(subject)
    risks, again, losses = read_risks(subject)
    made |= {"measures": measures, "evaluations": again + evaluations, **risks}
    return {k: v for k, v in made.items() if v}, (*losses, *_left(subject, rules))


def _part(subject: Subject, part: Any) -> str:
    found = subject.assessment
    if isinstance(part, dict):
        return "\n".join(_lines(subject, part))
    answer = found.answers.get(part)
    if answer is None or answer.status is not Status.ANSWERED:
        return ""
    return answer_text(found.template, found.answers, part, subject.names)


def _lines(subject: Subject, part: Mapping[str, Any]) -> Iterator[str]:
    """One line a row; a version of the template without the table or a column gives less."""
    found, table = subject.assessment, part["table"]
    answer = found.answers.get(table)
    if answer is None or answer.value is None:
        return
    columns = [column.id for column in found.template.question(table).columns]
    shown = table_texts(found.template, found.answers, table, subject.names)
    for raw, cells in zip(answer.value, shown, strict=True):
        row = dict(zip(columns, cells, strict=True))
        if any(raw.get(name) != value for name, value in part.get("where", {}).items()):
            continue
        if any(row.get(name) for name in _FIELD.findall(part["line"])):
            yield _filled(part["line"], row)


def _filled(line: str, row: Mapping[str, str]) -> str:
    """The line with its cells, without the punctuation around empty ones."""
    whole = _FIELD.sub(lambda match: row.get(match[1], ""), line)
    return " ".join(_LOOSE.sub("", whole).split())


def _record(record: Mapping[str, Any]) -> dict[str, Any]:
    """People, opinion and decision, as far as they are there."""
    made: dict[str, Any] = {}
    for role, name in ROLES.items():
        people = [p["name"] for p in record.get("people", ()) if p["role"] == role]
        made[name] = ", ".join(dict.fromkeys(people))
    if opinion := record.get("opinion"):
        made |= {"dpo_names": opinion["by"], "dpo_opinion": opinion["text"]}
    decision = record.get("decision")
    if decision:
        is_approved = decision["outcome"] in APPROVED
        made["pia_status"] = "validated" if is_approved else "rejected"
        if not is_approved:
            made["rejection_reason"] = decision["reason"]
    return made


def _left(subject: Subject, rules: Any) -> Iterator[Loss]:
    """Answered questions and filled columns that the map does not read."""
    read = _columns_read(rules)
    found = subject.assessment
    for name, answer in found.answers.items():
        if answer.status is not Status.ANSWERED:
            yield Loss(name, f"'{answer.status.value.replace('_', ' ')}'", NO_PLACE)
        elif name not in read and name not in ROW_BY_ROW:
            yield Loss(name, "an answer", NO_PLACE)
        elif name in read and found.template.question(name).type is Type.TABLE:
            left = sorted(
                {c for row in answer.value for c, v in row.items() if v} - read[name] - {"id"}
            )
            if left:
                yield Loss(name, f"columns {', '.join(left)}", NO_COLUMN)
        if answer.note:
            yield Loss(name, "a note", NO_PLACE)
    for section in subject.record.get("sections", ()):
        if section.get("verdict"):
            yield Loss(section["id"], "a verdict", NO_PLACE)
    for condition in (subject.record.get("decision") or {}).get("conditions", ()):
        yield Loss(f"decision {condition['id']}", "a condition", NO_PLACE)


def _columns_read(rules: Any) -> dict[str, set[str]]:
    read: dict[str, set[str]] = {name: set(columns) for name, columns in rules["columns"].items()}
    for source in rules["answers"].values():
        read.setdefault(source, set())
    for part in (part for parts in rules["texts"].values() for part in parts):
        if isinstance(part, dict):
            columns = {*_FIELD.findall(part["line"]), *part.get("where", {})}
            read.setdefault(part["table"], set()).update(columns)
        else:
            read.setdefault(part, set())
    return read
