"""Safer options where a measured leak or a risk is too high (GDPR Art. 25, 35(7)(d)).

The rules are data (``packs/risk_options.yaml``): which rows call for an option, what it would change, what
it costs, and the control that it corresponds to. An option whose control is among the measures already
is not proposed again. Nothing is decided here: a person picks, and measures again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from assessments.language import ENGLISH
from assessments.questionnaire.answers import Answers
from assessments.questionnaire.expressions import Expression, parse
from assessments.questionnaire.packs import load_pack
from assessments.questionnaire.prefill import Fact, FactSource, NoFacts
from assessments.questionnaire.template import Template
from assessments.questionnaire.view import View
from assessments.risk.coarsening import Coarsening
from assessments.risk.facts import Facts, holds
from assessments.risk.register import Register, Risk, read_register, rows_of

OPTIONS = "risk_options"
LEAKAGE, RISKS = "leakage", "risks"
COARSEN = "reidentification-coarsen"
MOST_NAMES = 8


@dataclass(frozen=True, slots=True)
class Rule:
    """Which rows call for which option."""

    id: str
    title: str
    reason: str
    rows: str
    when: Expression
    name: str
    is_merged: bool
    control: str
    changes: str
    costs: str
    source: str


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A safer option. origins: the rows of the warehouse that call for it, as file, line and day."""

    rule: str
    title: str
    reason: str
    changes: str
    costs: str
    control: str
    source: str
    origins: tuple[tuple[str, str | None, str | None], ...] = ()


@lru_cache(maxsize=8)
def list_rules(language: str = ENGLISH) -> tuple[Rule, ...]:
    """Every rule, in the order of the pack."""
    return tuple(
        Rule(
            id=str(entry["id"]),
            title=str(entry["title"]),
            reason=str(entry["description"]),
            rows=str(entry["rows"]),
            when=parse(str(entry["when"])),
            name=str(entry["name"]),
            is_merged=bool(entry["merge"]),
            control=str(entry["control"]),
            changes=str(entry["changes"]),
            costs=str(entry["costs"]),
            source=str(entry["source"]),
        )
        for entry in load_pack(OPTIONS, language).entries()
    )


def recommend(
    template: Template,
    answers: Answers,
    facts: FactSource | None = None,
    subject: Mapping[str, str] | None = None,
    coarsening: Coarsening | None = None,
) -> list[Recommendation]:
    """The options that the assessment, and the facts when they are given, call for.

    coarsening: what a re-identification measurement recommends, for the options that coarsen.
    """
    register = read_register(template, answers)
    view = View(template, answers)
    own = {
        LEAKAGE: [_own(row) for row in rows_of(view, template.record.leakage)],
        RISKS: [_own(_seen(register, risk)) for risk in register.risks],
    }
    known = Facts(facts or NoFacts(), subject or {})
    taken = {measure.control for measure in register.measures}
    found: list[Recommendation] = []
    for rule in list_rules(template.language):
        if rule.control not in taken:
            rows = own[rule.rows] if rule.rows in own else known.rows(rule.rows)
            found += _apply(rule, [row for row in rows if holds(rule.when, row.value)])
    return _with_levels(found, coarsening, template.language)


def recommend_for(
    row: Mapping[str, Any], language: str = ENGLISH, coarsening: Coarsening | None = None
) -> list[Recommendation]:
    """The options that one measured result calls for: channel, score, limit, power, subject, measured_on."""
    found = [
        option
        for rule in list_rules(language)
        if rule.rows == LEAKAGE and holds(rule.when, row)
        for option in _apply(rule, [_own(row)])
    ]
    return _with_levels(found, coarsening, language)


def _with_levels(
    found: list[Recommendation], coarsening: Coarsening | None, language: str
) -> list[Recommendation]:
    if coarsening is None:
        return found
    said = coarsening.in_words(language)
    return [
        replace(each, changes=f"{each.changes} {said}") if each.rule == COARSEN else each
        for each in found
    ]


def _apply(rule: Rule, rows: Sequence[Fact]) -> Iterator[Recommendation]:
    if rule.is_merged and rows:
        names = list(dict.fromkeys(str(row.value.get(rule.name) or "") for row in rows))
        more = len(names) - MOST_NAMES
        shown = ", ".join(names[:MOST_NAMES]) + (f" (+{more})" if more > 0 else "")
        yield _option(rule, {"count": len(rows), "names": shown}, rows)
    for row in () if rule.is_merged else rows:
        yield _option(rule, row.value, [row])


def _option(rule: Rule, values: Mapping[str, Any], rows: Sequence[Fact]) -> Recommendation:
    said = {name: _word(value) for name, value in values.items()}
    return Recommendation(
        rule=rule.id,
        title=rule.title.format_map(said),
        reason=rule.reason.format_map(said),
        changes=rule.changes,
        costs=rule.costs,
        control=rule.control,
        source=rule.source,
        origins=tuple((row.source, row.row, row.as_of) for row in rows[:MOST_NAMES] if row.source),
    )


def _word(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _seen(register: Register, risk: Risk) -> dict[str, Any]:
    """A risk as rules see it; it is too high while it is above what the scale accepts."""
    return {
        "id": risk.id,
        "kind": risk.kind,
        "event": risk.event,
        "attack": risk.attack,
        "severity": risk.current.severity,
        "likelihood": risk.current.likelihood,
        "now": "fine" if register.is_acceptable(risk.current) else "too_high",
    }


def _own(row: Mapping[str, Any]) -> Fact:
    """A row of the assessment itself."""
    return Fact(row, "", None, "", None)
