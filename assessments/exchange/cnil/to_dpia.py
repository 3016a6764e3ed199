"""Answers of a DPIA out of a CNIL PIA, where the map says, each with its question.

Where the inventory answers a question too, the PIA counts, because somebody wrote it about this
processing; rows that a table begins with are filled, not replaced.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Any

from assessments.errors import BadInput
from assessments.exchange.cnil import fields
from assessments.exchange.cnil.derived import with_derived
from assessments.exchange.cnil.questions import numbered
from assessments.exchange.loss import Loss
from assessments.questionnaire import (
    Answer,
    Assessment,
    Provenance,
    Question,
    Template,
    Type,
    answer_text,
    check_answer,
)
from assessments.questionnaire.document import read_document
from assessments.questionnaire.values import MAX_TEXT

NOWHERE = "No question of the DPIA asks for it in this form; it stays in the PIA."


@cache
def read_map() -> Any:
    """The map, as data."""
    file = resources.files("assessments.exchange.cnil").joinpath("to_dpia.yaml")
    return read_document(file.read_bytes(), "to_dpia.yaml").content


def carry(
    pia: Assessment, template: Template, known: Mapping[str, Answer]
) -> tuple[dict[str, Answer], tuple[Loss, ...]]:
    """Answers of the DPIA by question, and what of the PIA has no place.

    known: what facts and packs fill in already.
    """
    return _Carrier(pia, template, known).run()


class _Carrier:
    """Goes through the map once, and remembers what it used and what it had to cut."""

    def __init__(self, pia: Assessment, template: Template, known: Mapping[str, Answer]) -> None:
        self.pia, self.template, self.known, self.rules = pia, template, known, read_map()
        said = {name: a.value for name, a in pia.answers.items() if a.value is not None}
        self.values = with_derived(said)
        self.used: set[str] = {"pia_name", "measures", *self.rules["measures"]["threats"]}
        self.losses: list[Loss] = []

    def run(self) -> tuple[dict[str, Answer], tuple[Loss, ...]]:
        made = dict(self._answers())
        self.losses += [
            Loss(_place(name), "an answer", NOWHERE)
            for name in self.pia.answers
            if name not in self.used and self.pia.answers[name].value is not None
        ]
        return made, tuple(self.losses)

    def _answers(self) -> Iterator[tuple[str, Answer]]:
        for name, sources in self.rules["answers"].items():
            given = [source for source in sources if self.values.get(source)]
            if given:
                yield from self._made(
                    name, self._joined(self.template.question(name), given), given
                )
        for name, rows in self.rules["rows"].items():
            cells = [(self._row(name, row), _sources(row)) for row in rows]
            used = [source for row, sources in cells if row for source in sources]
            yield from self._made(name, self._merged(name, [row for row, _ in cells if row]), used)
        yield from self._made("measures", self._measures(), ["measures"])

    def _made(self, name: str, value: Any, used: list[str]) -> Iterator[tuple[str, Answer]]:
        """One answer, unless nothing was said."""
        question = self.template.question(name)
        present = [source for source in used if self.values.get(source)]
        if not value or not present:
            return
        try:
            answer = check_answer(question, value)
        except BadInput as error:
            self.losses.append(Loss(_place(present[0]), question.id, f"{error.title}. {NOWHERE}"))
            return
        derived = self.rules["derived"]
        origins = dict.fromkeys(part for name in present for part in derived.get(name, [name]))
        self.used |= origins.keys()
        yield name, replace(answer, provenance=self._provenance(present, list(origins)))

    def _merged(self, name: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Rows that are there already, with the empty cells that the PIA can fill."""
        key, there = self.rules["merge"].get(name), self.known.get(name)
        if key is None or there is None:
            return rows
        said = {row[key]: row for row in rows}
        filled = [
            row | {c: v for c, v in said.pop(row[key], {}).items() if row.get(c) is None}
            for row in there.value
        ]
        return filled + list(said.values())

    def _provenance(self, present: list[str], origins: list[str]) -> Provenance:
        places = list(dict.fromkeys(_place(source) for source in origins))
        known = [self.pia.answers[name].provenance for name in origins if name in self.pia.answers]
        days = [origin.as_of for origin in known if origin and origin.as_of]
        content = json.dumps([self.values[source] for source in present], sort_keys=True)
        sha256 = hashlib.sha256(content.encode()).hexdigest()
        return Provenance(
            fields.SOURCE, _shortened(places), sha256, max(days, default=None), is_document=True
        )

    def _joined(self, question: Question, given: list[str]) -> Any:
        if len(given) == 1 and question.type is Type.YES_NO_UNKNOWN:
            return self.values[given[0]]
        text = "\n\n".join(self._text(source) for source in given)
        return self._cut(text, _place(given[0])) if question.type is Type.TEXT else text

    def _text(self, source: str) -> str:
        if source in self.pia.answers:
            return answer_text(self.pia.template, self.pia.answers, source)
        return str(self.values[source])

    def _row(self, name: str, rule: Mapping[str, Any]) -> dict[str, Any] | None:
        """A row, when at least one of its values was said."""
        question = self.template.question(name)
        row: dict[str, Any] = {}
        for column, cell in rule.items():
            is_value = isinstance(cell, str) and cell.startswith("=")
            value = self.values.get(cell[1:]) if is_value else cell
            if value and column != "id" and question.column(column).type is Type.TEXT:
                value = self._cut(str(value), _place(str(cell)[1:]))
            row[column] = value or None
        return row if any(row[c] for c, v in rule.items() if str(v).startswith("=")) else None

    def _measures(self) -> list[dict[str, Any]]:
        rule = self.rules["measures"]
        return [
            {
                "id": f"cnil-{row['id']}",
                "threats": [
                    threat
                    for source, threat in rule["threats"].items()
                    if row["id"] in (self.values.get(source) or [])
                ],
                **{
                    column: self._cut(row[theirs] or "", f"measure {row['id']}")
                    for column, theirs in rule["cells"].items()
                },
            }
            for row in self.values.get("measures") or []
        ]

    def _cut(self, text: str, where: str) -> str:
        """Cells and short texts hold one line of limited length."""
        plain = " ".join(text.split())
        if len(plain) > MAX_TEXT:
            lost = f"{len(plain) - MAX_TEXT} characters"
            self.losses.append(Loss(where, lost, f"At most {MAX_TEXT} fit; the PIA has all of it."))
        return plain[:MAX_TEXT]


def _shortened(places: list[str]) -> str:
    shown = ", ".join(places[:6])
    return shown if len(places) <= 6 else f"{shown} and {len(places) - 6} more"


def _sources(rule: Mapping[str, Any]) -> list[str]:
    return [cell[1:] for cell in rule.values() if isinstance(cell, str) and cell.startswith("=")]


def _place(source: str) -> str:
    """q215 as people read it: question 2.1.5."""
    digits = source.removeprefix("q").removesuffix("_level")
    if source.startswith("q") and digits.isdigit():
        return f"question {numbered(int(digits))}"
    return source.replace("_", " ")
