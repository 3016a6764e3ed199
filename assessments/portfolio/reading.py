"""Reads the portfolio in a handful of queries, whatever its size; only what the reader may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, RowMapping, case, func, select

from assessments.actions.action import Status
from assessments.actions.tables import action_item
from assessments.portfolio.line import NONE, Clock, Line, RiskLevel
from assessments.portfolio.risks import read_risks
from assessments.questionnaire.tables import review_trigger
from assessments.records.actor import Actor
from assessments.records.permissions import EVERYWHERE, has_permission
from assessments.records.tables import assessment, condition, transition
from assessments.review.consultation import list_consultations
from assessments.review.lifecycle import VALID_APPROVALS, WAITS_FOR, State
from assessments.review.tables import review_seat

RiskMemo = MutableMapping[str, tuple[datetime, RiskLevel | None]]
"""The risk of each assessment as of its last change, so that only changed ones are read again."""


@dataclass(frozen=True, slots=True)
class _Counts:
    open: int = 0
    overdue: int = 0


def list_portfolio(
    connection: Connection,
    actor: Actor,
    today: date,
    *,
    projects: Mapping[str, str] | None = None,
    memo: RiskMemo | None = None,
) -> list[Line]:
    """Every readable assessment, then every project without one.

    projects: the owner of each project of the inventory, by project id.
    """
    rows = read_rows(connection)
    known = {row["project_id"] for row in rows}
    readable = readable_projects(connection, actor, known | set(projects or ()))
    rows = [row for row in rows if row["project_id"] in readable]
    risks = read_risks(connection, rows, {} if memo is None else memo)
    since, seats = _state_since(connection), _seats(connection)
    stale, conditions, actions = (
        _stale(connection), _conditions(connection, today), _actions(connection, today)
    )  # fmt: skip
    lines = [
        _line(connection, row, today, since, seats, stale, conditions, actions, risks)
        for row in rows
    ]
    bare = [p for p in (projects or {}) if p in readable and p not in known]
    return [*lines, *(_bare(project, (projects or {})[project]) for project in bare)]


def read_rows(connection: Connection) -> Sequence[RowMapping]:
    """Every assessment without its context, which is long and says nothing that a line shows."""
    columns = [column for column in assessment.c if column.name != "context"]
    return connection.execute(select(*columns)).mappings().all()


def readable_projects(
    connection: Connection, actor: Actor, projects: Iterable[str]
) -> frozenset[str]:
    """The projects whose assessments this reader may see."""
    if has_permission(connection, actor, "assessment.read", EVERYWHERE):
        return frozenset(projects)
    return frozenset(
        project
        for project in projects
        if has_permission(connection, actor, "assessment.read", project)
    )


def _line(
    connection: Connection,
    row: RowMapping,
    today: date,
    since: Mapping[str, datetime],
    seats: Mapping[str, tuple[str, ...]],
    stale: Mapping[str, int],
    conditions: Mapping[str, _Counts],
    actions: Mapping[str, _Counts],
    risks: Mapping[str, RiskLevel | None],
) -> Line:
    name, state = row["id"], State(row["state"])
    turn = WAITS_FOR.get(state, "")
    counts = conditions.get(name, _Counts()) if state in VALID_APPROVALS else _Counts()
    promised = actions.get(name, _Counts())
    return Line(
        assessment_id=name,
        title=row["title"],
        project_id=row["project_id"],
        template_id=row["template_id"],
        state=state.value,
        round=row["round"],
        owner_id=row["author_id"],
        begun_on=row["created_at"].date(),
        state_since=since.get(name, row["created_at"]).date(),
        waits_for=turn,
        people=_people(turn, row, seats),
        clock=_clock(connection, row, today),
        risk=risks.get(name),
        stale=stale.get(name, 0) if state in VALID_APPROVALS else 0,
        open_conditions=counts.open,
        overdue_conditions=counts.overdue,
        open_actions=promised.open,
        overdue_actions=promised.overdue,
    )


def _people(turn: str, row: RowMapping, seats: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Who exactly is to act, where that is known; a role without a name is anybody's who has it."""
    if turn == "author":
        return (row["author_id"],)
    return seats.get(row["id"], ()) if turn == "reviewer" else ()


def _bare(project: str, owner: str) -> Line:
    return Line(
        "", "", project, "", NONE, 0, owner, None, None, "author", (), None, None, 0, 0, 0, 0, 0
    )


def _clock(connection: Connection, row: RowMapping, today: date) -> Clock | None:
    if row["state"] == State.PRIOR_CONSULTATION:
        open_ones = [c for c in list_consultations(connection, row["id"]) if c.closed_on is None]
        return Clock("consultation", open_ones[-1].clock(today).due_on) if open_ones else None
    if row["state"] in VALID_APPROVALS and row["review_due_on"]:
        return Clock("approval", row["review_due_on"])
    return None


def _state_since(connection: Connection) -> dict[str, datetime]:
    newest = select(transition.c.assessment_id, func.max(transition.c.at)).group_by(
        transition.c.assessment_id
    )
    return dict(connection.execute(newest).tuples().all())


def _seats(connection: Connection) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    query = select(review_seat).where(review_seat.c.left_at.is_(None))
    for row in connection.execute(query.order_by(review_seat.c.is_lead.desc())):
        found[row.assessment_id].append(row.reviewer_id)
    return {name: tuple(people) for name, people in found.items()}


def _stale(connection: Connection) -> dict[str, int]:
    rows = connection.execute(
        select(review_trigger.c.assessment_id, func.count())
        .where(review_trigger.c.closed_at.is_(None))
        .group_by(review_trigger.c.assessment_id)
    )
    return {name: int(count) for name, count in rows}


def _conditions(connection: Connection, today: date) -> dict[str, _Counts]:
    late = func.sum(case((condition.c.due_on < today, 1), else_=0))
    rows = connection.execute(
        select(condition.c.assessment_id, func.count(), late)
        .where(condition.c.closed_at.is_(None))
        .group_by(condition.c.assessment_id)
    )
    return {name: _Counts(int(count), int(overdue)) for name, count, overdue in rows}


def _actions(connection: Connection, today: date) -> dict[str, _Counts]:
    late = func.sum(case((action_item.c.due_on < today, 1), else_=0))
    rows = connection.execute(
        select(action_item.c.assessment_id, func.count(), late)
        .where(action_item.c.status == Status.OPEN.value, action_item.c.assessment_id.is_not(None))
        .group_by(action_item.c.assessment_id)
    )
    return {name: _Counts(int(count), int(overdue)) for name, count, overdue in rows}
