"""Answers from measured and declared facts, each with its source; and which of them went stale.

A mapping is a text with ``{column}`` (first row), ``{column...}`` (all rows, distinct) and
``{column|pack}`` (the title of a pack's entry), or ``take``
(a column as it is, or multiplied by ``times``; ``distinct: true`` for a list), ``values`` (a translation table), ``yes_if`` (an
expression over the first row), ``choices`` (options whose expression holds for some row).
``explode`` makes a row of each item of a list column; ``group_by`` makes one row of a group.
A source ``pack.<id>`` (its first list) or ``pack.<id>.<list>`` is the entries of a pack: a checklist whose rows go stale when the law changes.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from assessments.errors import BadInput
from assessments.language import say, say_count
from assessments.questionnaire import packs
from assessments.questionnaire.answers import Answer, Answers, Provenance
from assessments.questionnaire.check import check_answer
from assessments.questionnaire.evaluation import UNKNOWN, known, truth
from assessments.questionnaire.expressions import Expression
from assessments.questionnaire.template import Mapped, Prefill, Question, Template
from assessments.questionnaire.values import check_value

_FIELD = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)(?:\|([a-z_]+))?(\.\.\.)?\}")
MAX_JOINED = 12
PACK = "pack."


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of a source, with the digest of the landed row and the day that it speaks of."""

    value: Mapping[str, Any]
    source: str
    row: str | None
    sha256: str
    as_of: str | None


class FactSource(Protocol):
    """Where facts come from; ``subject`` says about what, e.g. {'project': 'prj-churn'}."""

    def query(self, source: str, subject: Mapping[str, str]) -> list[Fact]: ...


class NoFacts:
    """A source that knows nothing; an assessment can always be answered by hand."""

    def query(self, source: str, subject: Mapping[str, str]) -> list[Fact]:
        return []


@dataclass(frozen=True, slots=True)
class StaleAnswer:
    """An answer whose source says something else now; current is None when it says nothing."""

    question_id: str
    answer: Answer
    current: Answer | None


def prefill(template: Template, facts: FactSource, subject: Mapping[str, str]) -> dict[str, Answer]:
    """Every answer that the facts can give, waiting to be confirmed by a person."""
    reader = _Reader(facts, subject, template.language)
    found = {question.id: reader.answer(question) for question in template.questions}
    return {question_id: answer for question_id, answer in found.items() if answer is not None}


def stale_answers(
    template: Template, answers: Answers, facts: FactSource, subject: Mapping[str, str]
) -> list[StaleAnswer]:
    """Exactly the answers whose source rows have another digest than when they were filled."""
    reader = _Reader(facts, subject, template.language)
    stale = []
    for question in template.questions:
        answer = answers.get(question.id)
        if answer is None or answer.provenance is None or question.prefill is None:
            continue
        if answer.provenance.is_document:
            continue
        current = reader.answer(question)
        if current is None or _digest(current) != answer.provenance.sha256:
            stale.append(StaleAnswer(question.id, answer, current))
    return stale


def _digest(answer: Answer) -> str | None:
    return answer.provenance.sha256 if answer.provenance else None


class _Reader:
    """Asks each source once."""

    def __init__(self, facts: FactSource, subject: Mapping[str, str], language: str) -> None:
        self.facts = facts
        self.subject = subject
        self.language = language
        self.seen: dict[str, list[Fact]] = {}

    def answer(self, question: Question) -> Answer | None:
        rule = question.prefill
        if rule is None:
            return None
        used = [fact for fact in self.read(rule.source) if _holds(rule.where, fact.value)]
        if not used:
            return None
        origin = _provenance(rule, used, self.language)
        if not rule.columns:
            return _checked(question, _value(rule, used, self.language), origin)
        rows, dropped = _usable(question, _rows(rule, used, self.language))
        lost = say(self.language, "{number} cells of the source could not be used", number=dropped)
        note = lost if dropped else None
        return _checked(question, rows, origin, note)

    def read(self, source: str) -> list[Fact]:
        if source not in self.seen:
            pack_id = source.removeprefix(PACK)
            self.seen[source] = (
                self.facts.query(source, self.subject)
                if pack_id == source
                else _entries(pack_id, self.language)
            )
        return self.seen[source]


def _entries(named: str, language: str) -> list[Fact]:
    """The entries of a pack's list as facts of the day on which the pack came into force.

    Only the law makes them stale, so the digest is that of the entry and not of its translation.
    """
    pack_id, _, name = named.partition(".")
    pack, told = packs.load_pack(pack_id), packs.load_pack(pack_id, language)
    day = pack.valid_from.isoformat()
    return [
        Fact(dict(said), told.title, str(entry["id"]), _sha256_of(dict(entry)), day)
        for entry, said in zip(pack.entries(name), told.entries(name), strict=True)
    ]


def _sha256_of(row: Mapping[str, Any]) -> str:
    content = json.dumps(row, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(content.encode()).hexdigest()


def _checked(
    question: Question, raw: Any, origin: Provenance, note: str | None = None
) -> Answer | None:
    """An answer, or None when the source says nothing that the question accepts."""
    try:
        return replace(check_answer(question, raw, note=note), provenance=origin)
    except BadInput:
        return None


def _usable(question: Question, rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], int]:
    """The rows without the cells that their columns refuse, and how many those were."""
    dropped = 0
    for row in rows:
        for column in question.columns:
            try:
                check_value(column.shape, row.get(column.id))
            except BadInput:
                row[column.id] = None
                dropped += 1
    return rows, dropped


def _provenance(rule: Prefill, used: Sequence[Fact], language: str) -> Provenance:
    digests = [fact.sha256 for fact in used]
    days = [fact.as_of for fact in used if fact.as_of]
    single = len(used) == 1
    return Provenance(
        source=used[0].source,
        row=used[0].row if single else say_count(language, len(used), "row", "rows"),
        sha256=digests[0] if single else hashlib.sha256("\n".join(digests).encode()).hexdigest(),
        as_of=max(days) if days else None,
    )


def _value(rule: Prefill, used: Sequence[Fact], language: str) -> Any:
    rows = [row for fact in used for row in _explode(rule, fact.value)]
    return None if rule.value is None else _mapped(rule.value, rows, language)


def _rows(rule: Prefill, used: Sequence[Fact], language: str) -> list[dict[str, Any]]:
    groups: dict[Any, list[Mapping[str, Any]]] = {}
    for fact in used:
        for row in _explode(rule, fact.value):
            key = tuple(str(row.get(name)) for name in rule.group_by) or len(groups)
            groups.setdefault(key, []).append(row)
    return [
        {"id": _fill(rule.row_id, rows, language)}
        | {name: _mapped(mapped, rows, language) for name, mapped in rule.columns.items()}
        for rows in groups.values()
    ]


def _explode(rule: Prefill, row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    if not rule.explode:
        return [row]
    items = row.get(rule.explode) or []
    return [{**row, rule.explode: item} for item in items]


def _mapped(rule: Mapped, rows: Sequence[Mapping[str, Any]], language: str) -> Any:
    if rule.text:
        return _fill(rule.text, rows, language)
    if rule.yes_if is not None:
        met = truth(rule.yes_if, FactScope(rows[0]))
        return None if met is UNKNOWN else "yes" if met else "no"
    if rule.choices:
        return [name for name, tree in rule.choices if any(_holds(tree, row) for row in rows)]
    taken = [_translate(rule, item) for row in rows for item in _items(row.get(rule.take))]
    kept = [item for item in dict.fromkeys(taken) if item is not None]
    if rule.distinct:
        return kept
    return kept[0] if kept else rule.otherwise


def _items(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list | tuple) else [value]


def _translate(rule: Mapped, value: Any) -> Any:
    if value is None:
        return None
    if rule.times is not None:
        return round(float(value) * rule.times, 2)
    if not rule.values:
        return value
    word = str(value).lower() if isinstance(value, bool) else str(value)
    return rule.values.get(word, rule.otherwise)


def _fill(text: str, rows: Sequence[Mapping[str, Any]], language: str) -> str:
    def cell(match: re.Match[str]) -> str:
        name, pack, joined = match.groups()
        found = [item for row in rows for item in _items(row.get(name)) if item is not None]
        titles = [packs.lookup(pack, item, "title", language) if pack else None for item in found]
        values = [_word(title or item) for title, item in zip(titles, found, strict=True)]
        if not joined:
            return values[0] if values else ""
        distinct = list(dict.fromkeys(values))
        shown = ", ".join(distinct[:MAX_JOINED])
        if len(distinct) <= MAX_JOINED:
            return shown
        number = len(distinct) - MAX_JOINED
        return say(language, "{shown} and {number} more", shown=shown, number=number)

    return _FIELD.sub(cell, text)


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _holds(condition: Expression | None, row: Mapping[str, Any]) -> bool:
    return condition is None or truth(condition, FactScope(row)) is True


@dataclass(frozen=True, slots=True)
class FactScope:
    """One source row, as expressions see it."""

    row: Mapping[str, Any]

    def value(self, name: str) -> Any:
        return known(self.row.get(name))

    def rows(self, name: str) -> list[Mapping[str, Any]]:
        return []

    def columns(self, name: str) -> frozenset[str]:
        return frozenset()

    def status(self, name: str) -> str | None:
        return None if self.value(name) is UNKNOWN else "answered"

    def score(self, name: str) -> Any:
        return UNKNOWN

    def lookup(self, pack: str, key: str, field: str) -> Any:
        return packs.lookup(pack, key, field)
