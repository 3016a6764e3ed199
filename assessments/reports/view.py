"""What the templates see: the record with cleaned texts and everything that must be computed.

Templates only lay out. Words for codes, order, levels, column weights and reading direction are
decided here, so that they are tested in Python.
"""

from __future__ import annotations

from typing import Any

from assessments.language import known, say
from assessments.reports import words
from assessments.reports.attached import shown
from assessments.reports.cells import cell, paragraphs, weights
from assessments.reports.record import Record
from assessments.reports.spoken import spoken
from assessments.reports.text import Cleaning
from assessments.signing.roles import signers_of

TOP_RISKS = 5
DARKEST = 4


def make_view(record: Record, cleaning: Cleaning, *, has_proof: bool = False) -> dict[str, Any]:
    """The JSON handed to Typst."""
    content = cleaning.clean_all(_shown(record.content))
    language = known(content["assessment"]["language"])
    risks = [_risk(risk, content["scale"], language) for risk in content["risks"]]
    view = {
        **content,
        "assessment": _titled(content["assessment"]),
        "language": language,
        "words": spoken(language, signers_of(record.content)),
        "state": say(language, words.state(content["assessment"]["state"])),
        "sha256": _edition(record).get("original_sha256", record.sha256),
        "hidden": _edition(record).get("hidden"),
        "frozen_on": words.date_time(content["assessment"]["frozen_at"], language),
        "decision": _decision(content["decision"], language),
        "opinion": _opinion(content["opinion"], language),
        "signers": [
            _signer(role, content["people"], language) for role in signers_of(record.content)
        ],
        "people": [{**p, "role": say(language, words.ROLES[p["role"]])} for p in content["people"]],
        "screening": _screening(content["screening"]),
        "sections": [_section(section, language) for section in content["sections"]],
        "risks": risks,
        "top_risks": sorted(risks, key=_gravity)[:TOP_RISKS],
        "recommendations": content.get("recommendations", []),
        "matrix": {when: _cells(risks, content["scale"], when) for when in ("before", "after")},
        "measures": [_measure(measure, language) for measure in content["measures"]],
        "leakage": [_leakage(result, language) for result in content["leakage"]],
        "deviations": [_deviation(item, language) for item in content.get("deviations", [])],
        "reviews": [_review(review, language) for review in content["reviews"]],
        "sources": [_source(source, language) for source in content["sources"]],
        "evidence": shown(content, language),
        "has_proof": has_proof,
    }
    return view | {"replaced": _counts(cleaning.replaced), "dropped": _counts(cleaning.dropped)}


def _titled(item: dict[str, Any]) -> dict[str, Any]:
    """PDF/UA wants headings with a text; one of nothing but invisible characters gives way to the id."""
    return item if item["title"].strip() else item | {"title": item["id"]}


def _edition(record: Record) -> dict[str, Any]:
    """Of a redacted edition: the digest of the signed record, and how much is hidden."""
    return dict(record.content.get("edition") or {})


def _shown(content: dict[str, Any]) -> dict[str, Any]:
    """Without the raw values of answers: the report prints their text."""
    sections = [
        section
        | {
            "questions": [
                {k: v for k, v in q.items() if k != "value"} for q in section["questions"]
            ]
        }
        for section in content["sections"]
    ]
    return content | {"sections": sections}


def _decision(decision: dict[str, Any], language: str) -> dict[str, Any]:
    conditions = [{**c, "due_on": words.day(c["due_on"], language)} for c in decision["conditions"]]
    return {
        **decision,
        "outcome_word": say(language, words.OUTCOMES[decision["outcome"]]),
        "reason": paragraphs(decision["reason"]),
        "at": words.date_time(decision["at"], language),
        "conditions": conditions,
    }


def _opinion(opinion: dict[str, Any] | None, language: str) -> dict[str, Any] | None:
    if opinion is None:
        return None
    followed = say(language, words.FOLLOWED[opinion["followed"]])
    why = opinion.get("overruled", "")
    return {
        **opinion,
        "text": paragraphs(opinion["text"]),
        "at": words.date_time(opinion["at"], language),
        "followed": f"{followed} {why}".strip(),
    }


def _signer(role: str, people: list[dict[str, Any]], language: str) -> dict[str, Any]:
    person = next((person for person in people if person["role"] == role), None)
    named = person or {"name": "", "title": ""}
    return {
        "role": role,
        "label": say(language, words.ROLES[role]),
        "name": named["name"],
        "title": named["title"],
        "statement": say(language, words.STATEMENTS[role]),
    }


def _screening(screening: dict[str, Any] | None) -> dict[str, Any] | None:
    if screening is None:
        return None
    reasons = [{**r, "text": paragraphs(r["text"])} for r in screening["reasons"]]
    return {**screening, "reasons": reasons}


def _section(section: dict[str, Any], language: str) -> dict[str, Any]:
    verdict = section["verdict"]
    return {
        **_titled(section),
        "questions": [_question(question, language) for question in section["questions"]],
        "verdict": verdict
        and {
            **verdict,
            "word": say(language, words.VERDICTS[verdict["verdict"]]),
            "at": words.date_time(verdict["at"], language),
        },
    }


def _question(question: dict[str, Any], language: str) -> dict[str, Any]:
    columns, rows = question.get("columns", []), question.get("rows", [])
    width = len(columns)
    even = [(row + [""] * width)[:width] for row in rows]
    return {
        **_titled(question),
        "text": paragraphs(question["text"]),
        "missing": _missing(question["status"], language),
        "columns": columns,
        "rows": [[cell(text, language) for text in row] for row in even],
        "weights": weights(columns, even),
        "wide": width > 7,
        "source": question["source"] and _provenance(question["source"], language),
    }


def _missing(status: str, language: str) -> str | None:
    found = words.MISSING.get(status)
    return None if found is None else say(language, found)


def _provenance(source: dict[str, Any], language: str) -> dict[str, Any]:
    return {
        "name": source["name"],
        "row": None if source["row"] is None else str(source["row"]),
        "sha256": source["sha256"],
        "as_of": words.day(source["as_of"], language),
    }


def _risk(risk: dict[str, Any], scale: dict[str, Any], language: str) -> dict[str, Any]:
    is_known = "current_severity" in risk and "current_likelihood" in risk
    return {
        **risk,
        "kind": say(language, words.KINDS[risk["kind"]]),
        "before": _level(risk["severity"], risk["likelihood"], scale),
        "now": _level(risk["current_severity"], risk["current_likelihood"], scale)
        if is_known
        else None,
        "working": ", ".join(risk.get("working", [])),
        "after": _level(risk["residual_severity"], risk["residual_likelihood"], scale),
        "measures": ", ".join(risk["measures"]) or say(language, "none"),
    }


def _level(severity: int, likelihood: int, scale: dict[str, Any]) -> dict[str, Any]:
    """One cell of the grid, in the words of the scale."""
    return {
        "severity": severity,
        "likelihood": likelihood,
        "severity_word": scale["severity"][severity - 1],
        "likelihood_word": scale["likelihood"][likelihood - 1],
        "band": band(severity, likelihood, scale),
    }


def band(severity: int, likelihood: int, scale: dict[str, Any]) -> int:
    """1 to 4: how dark a cell of the matrix is drawn; records without a matrix go by the sum of both."""
    matrix = scale.get("matrix")
    if matrix is not None:
        return min(DARKEST, int(matrix[severity - 1][likelihood - 1]))
    return (1, 1, 2, 2, 3, 3, 4)[severity + likelihood - 2]


def _gravity(risk: dict[str, Any]) -> tuple[int, int, int, str]:
    after, before = risk["after"], risk["before"]
    return (
        -(after["severity"] + after["likelihood"]),
        -after["severity"],
        -(before["severity"] + before["likelihood"]),
        risk["id"],
    )


def _cells(
    risks: list[dict[str, Any]], scale: dict[str, Any], when: str
) -> list[list[dict[str, Any]]]:
    """Rows from the highest severity down, columns by rising likelihood."""
    size = len(scale["severity"])
    return [
        [
            {
                "band": band(severity, likelihood, scale),
                "risks": [
                    risk["id"]
                    for risk in risks
                    if (risk[when]["severity"], risk[when]["likelihood"]) == (severity, likelihood)
                ],
            }
            for likelihood in range(1, size + 1)
        ]
        for severity in range(size, 0, -1)
    ]


def _measure(measure: dict[str, Any], language: str) -> dict[str, Any]:
    return {
        **measure,
        "status": say(language, words.MEASURES[measure["status"]]),
        "due_on": words.day(measure["due_on"], language),
    }


def _leakage(result: dict[str, Any], language: str) -> dict[str, Any]:
    """Bars are drawn between 0 and the largest of value, upper end and limit."""
    shown = [result[key] for key in ("value", "high", "limit") if result[key] is not None]
    top = max([abs(number) for number in shown] + [1e-9])
    scale = 1.0 if top <= 1 else top
    state = words.leakage_state(result["value"], result["low"], result["high"], result["limit"])
    return {
        **result,
        "at": {key: _part(result[key], scale) for key in ("value", "low", "high", "limit")},
        "words": {
            key: words.number(result[key], language) for key in ("value", "low", "high", "limit")
        },
        "scale": words.number(scale, language),
        "state": state,
        "state_word": say(language, words.LEAKAGE[state]),
        "measured_on": words.day(result["measured_on"], language),
    }


def _part(value: float | None, scale: float) -> float | None:
    return None if value is None else round(min(1.0, max(0.0, value / scale)), 4)


def _deviation(item: dict[str, Any], language: str) -> dict[str, Any]:
    return {
        **item,
        "text": paragraphs(item["text"]),
        "reason": paragraphs(item["reason"]),
        "severity": say(language, words.SEVERITIES[item["severity"]]),
        "accepted_as": say(language, words.ROLES[item["accepted_as"]]),
        "accepted_at": words.date_time(item["accepted_at"], language),
    }


def _review(review: dict[str, Any], language: str) -> dict[str, Any]:
    outcome = say(language, words.REVIEW_OUTCOMES.get(review["outcome"], review["outcome"]))
    return {**review, "at": words.date_time(review["at"], language), "outcome": outcome}


def _source(source: dict[str, Any], language: str) -> dict[str, Any]:
    return {**source, "loaded_at": words.date_time(source["loaded_at"], language)}


def _counts(counts: dict[str, int]) -> list[dict[str, Any]]:
    return [{"name": name, "times": counts[name]} for name in sorted(counts)]
