"""What the risks of an assessment leave open: by-design harms and events merged and held to each other.

EDPB template 4.1.c: the rating covers every threat of 3.1 and 4.1.a. 4.2.a and b: what is not acceptable
has a measure and a remaining level. The template's own rules stop a submission; this looks at any
template that puts risks on record, and further: at effects, evidence and measured leaks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from assessments.language import say
from assessments.questionnaire.answers import Answers
from assessments.questionnaire.template import Template
from assessments.questionnaire.view import View
from assessments.risk.catalogue import list_threats
from assessments.risk.register import Register, Risk, read_register, rows_of

FEARED = ("access", "change", "loss")
"""The feared events of the CNIL; a template that asks for them is held to all three."""


class GapKind(StrEnum):
    """Which rule of the coverage is not met."""

    NOT_RATED = "not_rated"
    RATES_NOTHING = "rates_nothing"
    EVENT_MISSING = "event_missing"
    NO_MEASURE = "no_measure"
    NOTHING_REMAINS = "nothing_remains"
    NO_EFFECT = "no_effect"
    NO_EVIDENCE = "no_evidence"
    AGAINST_NOTHING = "against_nothing"
    CLAIMS_MORE = "claims_more"
    LEAK_WITHOUT_THREAT = "leak_without_threat"


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is open, in words, and the question and row where it is mended."""

    kind: GapKind
    text: str
    question: str
    row: str = ""


def find_gaps(template: Template, answers: Answers) -> list[Gap]:
    """Every gap, those of threats first."""
    view, register = View(template, answers), read_register(template, answers)
    return [
        *_of_threats(view, register),
        *_of_ratings(view, register),
        *_of_events(view),
        *(gap for risk in register.risks for gap in _of_risk(view, register, risk)),
        *_of_measures(view, register),
        *_of_leaks(view, register),
    ]


def _of_threats(view: View, register: Register) -> Iterator[Gap]:
    rated = {risk.row for risk in register.risks}
    language, rules = view.template.language, view.template.record
    for table in rules.threats.values():
        for row in rows_of(view, table):
            if row["id"] not in rated:
                text = say(language, "'{title}' is not rated.", title=view.label(table, row))
                yield Gap(GapKind.NOT_RATED, text, rules.inherent, row["id"])


def _of_ratings(view: View, register: Register) -> Iterator[Gap]:
    rules, language = view.template.record, view.template.language
    threats = {row["id"] for table in rules.threats.values() for row in rows_of(view, table)}
    for table in filter(None, (rules.inherent, rules.residual)):
        for row in rows_of(view, table):
            if row.get("threat") not in threats:
                text = say(language, "A rating belongs to no threat any more.")
                yield Gap(GapKind.RATES_NOTHING, text, table, row["id"])


def _of_events(view: View) -> Iterator[Gap]:
    table = view.template.record.threats.get("event", "")
    rows = rows_of(view, table)
    if not rows or "event" not in view.columns(table):
        return
    question = view.template.question(table)
    options = {option.id: option.title for option in question.column("event").shape.options}
    covered = {row.get("event") for row in rows}
    for event in FEARED:
        if event in options and event not in covered:
            text = say(view.template.language, "No threat is about: {event}.", event=options[event])
            yield Gap(GapKind.EVENT_MISSING, text, table)


def _of_risk(view: View, register: Register, risk: Risk) -> Iterator[Gap]:
    rules, language = view.template.record, view.template.language
    named = {"risk": risk.id, "title": risk.title}
    if not register.is_acceptable(risk.inherent):
        if not risk.measures:
            text = say(language, "{risk} '{title}' is too high, but nothing is done about it.", **named)  # fmt: skip
            yield Gap(GapKind.NO_MEASURE, text, rules.measures, risk.row)
        if not any(row.get("threat") == risk.row for row in rows_of(view, rules.residual)):
            text = say(language, "{risk} '{title}' is too high, but nothing says what remains.", **named)  # fmt: skip
            yield Gap(GapKind.NOTHING_REMAINS, text, rules.residual, risk.row)
    now, after = risk.current, risk.residual
    if now.severity < after.severity or now.likelihood < after.likelihood:
        text = say(
            language,
            "{risk} '{title}': the measures in place claim more than what is said to remain.",
            **named,
        )
        yield Gap(GapKind.CLAIMS_MORE, text, rules.residual, risk.row)


def _of_measures(view: View, register: Register) -> Iterator[Gap]:
    rules, language = view.template.record, view.template.language
    asked = view.columns(rules.measures) if rules.measures else frozenset()
    rated = {risk.row for risk in register.risks}
    for measure in register.measures:
        named = {"measure": measure.id, "title": measure.title}
        if "threats" in asked and not rated & set(measure.threats):
            text = say(language, "{measure} '{title}' is against no rated risk.", **named)
            yield Gap(GapKind.AGAINST_NOTHING, text, rules.measures, measure.row)
        if measure.status == "implemented" and not measure.counts:
            text = say(language, "{measure} '{title}' is in place without evidence, so it does not count.", **named)  # fmt: skip
            yield Gap(GapKind.NO_EVIDENCE, text, rules.measures, measure.row)
        if "lowers_severity" in asked and not (
            measure.lowers.severity or measure.lowers.likelihood
        ):
            text = say(language, "{measure} '{title}' does not say by how much it lowers a risk.", **named)  # fmt: skip
            yield Gap(GapKind.NO_EFFECT, text, rules.measures, measure.row)


def _of_leaks(view: View, register: Register) -> Iterator[Gap]:
    """A leak over its limit is a threat: by its attack, or by the entry of the catalogue for it."""
    rules, language = view.template.record, view.template.language
    entries = {threat.id: threat.leakage for threat in list_threats()}
    named = {risk.attack for risk in register.risks}
    named |= {entries.get(risk.catalogue, "") for risk in register.risks}
    for row in rows_of(view, rules.leakage):
        score, limit = row.get("score"), row.get("limit")
        if score is None or limit is None or score <= limit or row.get("channel") in named:
            continue
        text = say(
            language,
            "'{subject}' leaks more than its limit ({channel}), but no rated risk is about it.",
            subject=row.get("subject"),
            channel=row.get("channel"),
        )
        yield Gap(GapKind.LEAK_WITHOUT_THREAT, text, rules.threats.get("event", ""), row["id"])
