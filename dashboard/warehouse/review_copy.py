"""Copies how reviews went into a generation: steps, counts and days; no answers, no votes, no names.

A vote of a running round is its reviewer's secret, so only steps that everybody may read are copied:
that a round ended and how, that the officer has advised, that a condition or an action was closed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, func, select

from assessments.actions.tables import action_item
from assessments.portfolio.reading import read_rows
from assessments.portfolio.risks import answers_to, read_risks
from assessments.questionnaire.answers import Answer, Status
from assessments.questionnaire.current import template_for
from assessments.questionnaire.tables import review_trigger
from assessments.questionnaire.view import View
from assessments.records.tables import answer, opinion, transition
from assessments.review.lifecycle import State
from assessments.review.policy import policy_of
from assessments.review.renewal import COPIED
from assessments.review.tables import gate_override, subjects_view
from assessments.risk.register import read_measures

TABLES: Mapping[str, str] = {
    "record_step": (
        "assessment_id varchar, template varchar, project_id varchar, number bigint, round bigint, "
        "step varchar, to_state varchar, taken_on date"
    ),
    "record_action": (
        "action_id varchar, project_id varchar, assessment_id varchar, origin varchar, "
        "owner_id varchar, due_on date, added_on date, closed_on date, status varchar, "
        "origin_ref varchar"
    ),
    "record_override": (
        "override_id varchar, project_id varchar, reasons bigint, granted_on date, "
        "last_day date, ended_on date"
    ),
    "record_advice": (
        "assessment_id varchar, needs_opinion boolean, has_opinion boolean, needs_views boolean, "
        "has_views boolean"
    ),
    "record_measure": (
        "assessment_id varchar, measure_id varchar, status varchar, has_evidence boolean"
    ),
    "record_renewal": "assessment_id varchar, answers bigint, copied bigint",
    "record_trigger": (
        "trigger_id varchar, assessment_id varchar, question_id varchar, found_on date, closed_on date"
    ),
    "record_risk": "assessment_id varchar, level varchar, not_accepted bigint",
}
"""The columns of each table."""

Rows = Sequence[Sequence[Any]]


def read_review(source: Connection) -> dict[str, Rows]:
    """The rows of every table."""
    rows = read_rows(source)
    levels = read_risks(source, rows, {})
    return {
        "record_step": list(_steps(source, rows)),
        "record_action": _actions(source),
        "record_override": _overrides(source),
        "record_advice": list(_advice(source, rows)),
        "record_measure": list(_measures(source, rows)),
        "record_renewal": list(_renewals(source, rows)),
        "record_trigger": _triggers(source),
        "record_risk": [
            (name, level.title, level.unacceptable) for name, level in levels.items() if level
        ],
    }


def _steps(source: Connection, rows: Sequence[RowMapping]) -> Iterator[tuple[Any, ...]]:
    """The beginning as step 0, then every step of the trail in its order."""
    known = {row["id"]: row for row in rows}
    for row in rows:
        yield (*_place(row), 0, 1, "begin", State.DRAFT.value, _day(row["created_at"]))
    numbers: dict[str, int] = defaultdict(int)
    for step in source.execute(select(transition).order_by(transition.c.id)).mappings():
        numbers[step["assessment_id"]] += 1
        yield (
            *_place(known[step["assessment_id"]]), numbers[step["assessment_id"]], step["round"],
            step["action"], step["to_state"], _day(step["at"]),
        )  # fmt: skip


def _place(row: RowMapping) -> tuple[str, str, str]:
    return row["id"], row["template_id"], row["project_id"]


def _actions(source: Connection) -> Rows:
    c = action_item.c
    found = source.execute(
        select(c.id, c.project_id, c.assessment_id, c.origin, c.owner_id, c.due_on, c.added_at,
               c.closed_at, c.status, c.origin_ref)
    )  # fmt: skip
    return [(*row[:6], _day(row[6]), _day(row[7]), *row[8:]) for row in found]


def _overrides(source: Connection) -> Rows:
    """Granted ones; what was only asked for opens no gate."""
    found = source.execute(select(gate_override).where(gate_override.c.granted_at.is_not(None)))
    return [
        (row.id, row.project_id, len(row.covers), _day(row.granted_at), row.until, _day(row.ended_at))
        for row in found
    ]  # fmt: skip


def _advice(source: Connection, rows: Sequence[RowMapping]) -> Iterator[tuple[Any, ...]]:
    advised = set(source.execute(select(opinion.c.assessment_id)).scalars())
    recorded = set(source.execute(select(subjects_view.c.assessment_id)).scalars())
    asked = {row["id"]: policy_of(template_for(row)).views for row in rows}
    names = frozenset(
        name
        for views in asked.values()
        if views
        for name in (views.sought, views.outcome, views.reason)
        if name
    )
    said = _by_assessment(source, [name for name, views in asked.items() if views], names)
    for row in rows:
        views, template = asked[row["id"]], template_for(row)
        has_views = row["id"] in recorded
        if views:
            values = {n: a.value for n, a in said[row["id"]].items() if a.status is Status.ANSWERED}
            sought = values.get(views.sought)
            needed = {"yes": views.outcome, "no": views.reason}.get(str(sought), "")
            has_views = bool(str(values.get(needed) or "").strip())
        yield row["id"], "dpo" in template.roles, row["id"] in advised, bool(views), has_views


def _measures(source: Connection, rows: Sequence[RowMapping]) -> Iterator[tuple[Any, ...]]:
    """The measures of every template that asks for their evidence."""
    asking = {}
    for row in rows:
        template = template_for(row)
        table = template.record.measures
        if table and any(column.id == "evidence" for column in template.question(table).columns):
            asking[row["id"]] = template
    names = frozenset(n for t in asking.values() for n in (t.record.measures, *t.switches))
    said = _by_assessment(source, list(asking), names)
    for name, template in asking.items():
        for measure in read_measures(View(template, said[name])):
            yield name, measure.id, measure.status, bool(measure.evidence.strip())


def _renewals(source: Connection, rows: Sequence[RowMapping]) -> Iterator[tuple[Any, ...]]:
    """How many answers of a renewal still say what its predecessor said."""
    copied = answer.c.provenance["source"].as_string() == COPIED
    renewing = [row["id"] for row in rows if row["renews"]]
    counted = source.execute(
        select(answer.c.assessment_id, func.count(), func.count().filter(copied))
        .where(answer.c.assessment_id.in_(renewing), answer.c.status == Status.ANSWERED.value)
        .group_by(answer.c.assessment_id)
    )
    yield from (tuple(row) for row in counted)


def _triggers(source: Connection) -> Rows:
    c = review_trigger.c
    found = source.execute(select(c.id, c.assessment_id, c.question_id, c.found_at, c.closed_at))
    return [(*row[:3], _day(row[3]), _day(row[4])) for row in found]


def _by_assessment(
    source: Connection, names: Sequence[str], questions: frozenset[str]
) -> defaultdict[str, dict[str, Answer]]:
    found: defaultdict[str, dict[str, Answer]] = defaultdict(dict)
    for assessment_id, question, said in answers_to(source, names, questions):
        found[assessment_id][question] = said
    return found


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
