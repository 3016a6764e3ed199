"""What an assessment puts on record: sections and leakage results; risks are in ``assessments.risk``.

The template's ``record`` block names the tables. Column names are fixed, so that any template can
put risks on record: a threat table has ``title, source, impact``; the inherent and residual tables
have ``threat, severity, likelihood, acceptable``; measures have ``title, threats, status, owner,
due_on``, and may have ``effect, lowers_severity, lowers_likelihood, evidence, control``; leakage has
``subject, channel, measure, value, low, high, score, limit, measured_on, data_sha256``. Set-aside
answers are not part of the record.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from assessments.language import say, say_number
from assessments.questionnaire.answers import Answer, Answers, Status
from assessments.questionnaire.evaluation import _Unknown
from assessments.questionnaire.template import Question, Section, Template, Type
from assessments.questionnaire.text import Names, answer_text, own_id, table_texts
from assessments.questionnaire.view import View

Row = Mapping[str, Any]


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
