"""The worst residual risk of many assessments at once: only the tables that put risks on record are read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, select

from assessments.portfolio.line import RiskLevel
from assessments.questionnaire import Answer, Template
from assessments.questionnaire.current import template_for
from assessments.questionnaire.stored import to_answer
from assessments.records.tables import answer
from assessments.risk.register import read_register

AT_ONCE = 400


def read_risks(
    connection: Connection,
    rows: Sequence[RowMapping],
    memo: MutableMapping[str, tuple[datetime, RiskLevel | None]],
) -> Mapping[str, RiskLevel | None]:
    """The level of each assessment; what did not change since it was noted in the memo is not read."""
    changed = [row for row in rows if memo.get(row["id"], (None,))[0] != row["updated_at"]]
    rated = [row for row in changed if template_for(row).record.threats]
    answers = _answers(connection, rated)
    for row in changed:
        level = _worst(template_for(row), answers.get(row["id"], {}))
        memo[row["id"]] = (row["updated_at"], level)
    return {row["id"]: memo[row["id"]][1] for row in rows}


def answers_to(
    connection: Connection, assessments: Sequence[str], questions: frozenset[str]
) -> Iterator[tuple[str, str, Answer]]:
    """Assessment, question and answer of many assessments, for these questions only."""
    for start in range(0, len(assessments), AT_ONCE):
        found = connection.execute(
            select(answer).where(
                answer.c.assessment_id.in_(assessments[start : start + AT_ONCE]),
                answer.c.question_id.in_(questions),
            )
        ).mappings()
        for row in found:
            if (said := to_answer(row)) is not None:
                yield row["assessment_id"], row["question_id"], said


def _answers(connection: Connection, rows: Sequence[RowMapping]) -> dict[str, dict[str, Answer]]:
    read = frozenset(name for row in rows for name in _tables(template_for(row)))
    found: dict[str, dict[str, Answer]] = defaultdict(dict)
    for assessment_id, question, said in answers_to(connection, [r["id"] for r in rows], read):
        found[assessment_id][question] = said
    return found


def _tables(template: Template) -> set[str]:
    """The tables on record, the scale, and the switches that decide whether they are asked."""
    rules = template.record
    named = {*rules.threats.values(), rules.inherent, rules.residual, rules.levels}
    return {*named, rules.meanings, rules.threshold, *template.switches} - {""}


def _worst(template: Template, answers: Mapping[str, Answer]) -> RiskLevel | None:
    register = read_register(template, answers) if answers else None
    if register is None or not register.risks:
        return None
    level = max((register.level(risk.residual) for risk in register.risks), key=lambda x: x.band)
    open_ones = [risk for risk in register.risks if not risk.is_acceptable]
    return RiskLevel(level.band, level.title, len(open_ones))
