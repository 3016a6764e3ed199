"""What an assessment puts on record: sections, risks, measures, scale and leakage results.

The template's ``record`` block names the tables. Column names are fixed, so that any template can
put risks on record: a threat table has ``title, source, impact``; the inherent and residual tables
have ``threat, severity, likelihood, acceptable``; measures have ``title, threats, status, owner,
due_on``; leakage has ``subject, channel, measure, value, low, high, score, limit, measured_on,
data_sha256``. Set-aside answers are not part of the record.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from assessments.language import say, say_number
from assessments.questionnaire.answers import Answer, Answers, Status
from assessments.questionnaire.evaluation import _Unknown
from assessments.questionnaire.packs import load_pack
from assessments.questionnaire.template import Question, Section, Template, Type
from assessments.questionnaire.text import Names, answer_text, own_id, table_texts
from assessments.questionnaire.view import View

Row = Mapping[str, Any]
STANDARD_SCALE = "cnil_4x4"


def record_sections(
    template: Template,
    answers: Answers,
    verdicts: Mapping[str, dict[str, Any]] | None = None,
    names: Names = own_id,
) -> list[dict[str, Any]]:
    """The sections with their questions and answers as text; verdicts by section id as given."""
    view = View(template, answers)
    counted = {name: answer for name, answer in answers.items() if view.answer(name) is answer}
    return [
        {
            "id": section.id,
            "title": section.title,
            "source": section.source,
            "questions": _questions(template, section, view, counted, names),
            "verdict": (verdicts or {}).get(section.id),
        }
        for section in template.sections
        if view.is_section_visible(section)
    ]


def _questions(
    template: Template, section: Section, view: View, counted: Answers, names: Names
) -> list[dict[str, Any]]:
    return [
        _question(template, question, counted, names)
        for question in section.questions
        if view.is_visible(question.id)
    ]


def _question(
    template: Template, question: Question, counted: Answers, names: Names
) -> dict[str, Any]:
    answer = counted.get(question.id)
    is_answered = answer is not None and answer.status is Status.ANSWERED
    entry: dict[str, Any] = {
        "id": question.id,
        "title": question.title,
        "type": question.type.value,
        "status": answer.status.value if answer else "not_provided",
        "value": answer.value if answer else None,
        "text": answer_text(template, counted, question.id, names) if is_answered else "",
        "source": _source(answer),
        "note": answer.note if answer else None,
    }
    if question.type is Type.TABLE:
        entry["text"] = ""
        entry["columns"] = [{"id": c.id, "title": c.title} for c in question.columns]
        entry["rows"] = table_texts(template, counted, question.id, names)
    return entry


def _source(answer: Answer | None) -> dict[str, Any] | None:
    if answer is None or answer.provenance is None:
        return None
    origin = answer.provenance
    return {
        "name": origin.source,
        "row": origin.row,
        "sha256": origin.sha256,
        "as_of": origin.as_of,
    }


def record_scale(template: Template) -> dict[str, Any]:
    """The scale of the risks, from its pack."""
    pack = load_pack(template.record.scale or STANDARD_SCALE, template.language)
    return {
        "id": pack.id.replace("_", "-"),
        "severity": [str(entry["title"]).lower() for entry in pack.entries("severity")],
        "likelihood": [str(entry["title"]).lower() for entry in pack.entries("likelihood")],
        "source": pack.source,
    }


def record_risks(template: Template, answers: Answers) -> list[dict[str, Any]]:
    """Every threat with an inherent level, as R1, R2, ... in the order of the threat tables.

    A risk without a residual level keeps its inherent one, and is acceptable only if that is.
    """
    view, rules = View(template, answers), template.record
    numbers = _measure_ids(view)
    inherent = {row["threat"]: row for row in _rows(view, rules.inherent) if _is_rated(row)}
    residual = {row["threat"]: row for row in _rows(view, rules.residual) if _is_rated(row)}
    found: list[dict[str, Any]] = []
    for kind, table in rules.threats.items():
        for threat in _rows(view, table):
            before = inherent.get(threat["id"])
            if before is not None:
                after = residual.get(threat["id"], before)
                measures = numbers.get(threat["id"], [])
                found.append(_risk(f"R{len(found) + 1}", kind, threat, before, after, measures))
    return found


def _is_rated(row: Row) -> bool:
    return bool(row.get("threat") and row.get("severity") and row.get("likelihood"))


def _risk(
    risk_id: str, kind: str, threat: Row, before: Row, after: Row, measures: list[str]
) -> dict[str, Any]:
    return {
        "id": risk_id,
        "title": threat["title"],
        "kind": kind,
        "source": threat.get("source") or "",
        "impact": threat.get("impact") or "",
        "severity": before["severity"],
        "likelihood": before["likelihood"],
        "residual_severity": after["severity"],
        "residual_likelihood": after["likelihood"],
        "measures": measures,
        "acceptable": after.get("acceptable") == "yes",
    }


def _measure_ids(view: View) -> dict[str, list[str]]:
    """For each threat, the numbers of the measures against it."""
    found: dict[str, list[str]] = {}
    for number, row in enumerate(_rows(view, view.template.record.measures), start=1):
        for threat in row.get("threats") or []:
            found.setdefault(threat, []).append(f"M{number}")
    return found


def record_measures(
    template: Template, answers: Answers, names: Names = own_id
) -> list[dict[str, Any]]:
    """The measures as M1, M2, ... in the order of their table."""
    view = View(template, answers)
    return [
        {
            "id": f"M{number}",
            "title": row.get("title") or "",
            "status": row.get("status") or "planned",
            "owner": names("person", row["owner"]) if row.get("owner") else "",
            "due_on": row.get("due_on"),
        }
        for number, row in enumerate(_rows(view, template.record.measures), start=1)
    ]


def record_leakage(template: Template, answers: Answers) -> list[dict[str, Any]]:
    """The measured results as they were prefilled: the score against its limit, the raw figure named."""
    rows = _rows(View(template, answers), template.record.leakage)
    return [
        {
            "subject": row["subject"],
            "measure": f"{row['channel']}: {_measured(row, template.language)}",
            "value": row["score"],
            "low": None,
            "high": None,
            "limit": row.get("limit"),
            "measured_on": row["measured_on"],
            "source_sha256": row["data_sha256"],
        }
        for row in rows
        if all(row.get(key) is not None for key in _LEAKAGE)
        and _SHA256.fullmatch(row["data_sha256"])
    ]


_SHA256 = re.compile(r"[0-9a-f]{64}")
_LEAKAGE = ("subject", "channel", "measure", "value", "score", "measured_on", "data_sha256")


def _measured(row: Row, language: str) -> str:
    """``tpr 0.011 (0.009 to 0.013)``."""
    value, low, high = (
        "" if row.get(key) is None else say_number(language, f"{row[key]:g}")
        for key in ("value", "low", "high")
    )
    interval = say(language, " ({low} to {high})", low=low, high=high) if low and high else ""
    return f"{row['measure']} {value}{interval}"


def _rows(view: View, table: str) -> list[Row]:
    found = view.rows(table) if table else []
    return [] if isinstance(found, _Unknown) else list(found)
