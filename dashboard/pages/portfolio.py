"""The portfolio: every project and assessment, whose turn it is, and what stands against each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

import streamlit as st

from assessments.portfolio import (
    NONE,
    Line,
    RiskMemo,
    apply_filter,
    list_portfolio,
)
from dashboard import identity, state
from dashboard.components import (
    Cell,
    Column,
    Columns,
    Item,
    Link,
    Tag,
    empty,
    link_list,
    page_head,
    paged,
)
from dashboard.inventory.registers import people_names
from dashboard.pages.assessments import state_tag
from dashboard.pages.portfolio_filter import filter_form
from dashboard.pages.portfolio_seats import seats_form
from dashboard.reading import naming, open_warehouse
from dashboard.text import counted, day, say, words

Name = Callable[[str, str], str]


def render() -> None:
    """The filter of the address, the lines that match, and naming reviewers for several at once."""
    page_head(
        say("Portfolio"),
        say("Every project and assessment: where it stands, whose turn it is, and what is open."),
    )
    actor, today = identity.current_actor(), datetime.now(UTC).date()
    with state.records().read() as connection:
        owners, people = _inventory()
        lines = list_portfolio(connection, actor, today, projects=owners, memo=memo())
    links = [
        Item("", Link(say("My work"), "work"), say("What waits for you.")),
        Item("", Link(say("Actions and conditions"), "actions"), say("What was promised, by whom and by when.")),
    ]  # fmt: skip
    if not lines:
        empty(say("Nothing to see yet"), say("Projects appear when an export is loaded, assessments when they are begun."))  # fmt: skip
        return
    known = naming()

    def name(kind: str, object_id: str) -> str:
        said = known(kind, object_id)
        return people.get(object_id, said) if kind == "person" and said == object_id else said

    wanted = filter_form(lines, name)
    found = apply_filter(lines, wanted)
    st.write(counted(len(found), "line", "lines"))
    if found:
        _show(found, name, today)
        seats_form([line for line in found if line.assessment_id], name)
    else:
        empty(
            say("Nothing matches"),
            say("Take a filter away to see more."),
            Link(say("Show everything"), "portfolio"),
        )
    link_list([(say("Read more"), links)], key="more")


@st.cache_resource(show_spinner=False)
def _memo(path: str) -> RiskMemo:
    """Shared by all readers: levels of risk only, shown to those who may read the assessment."""
    return {}


def memo() -> RiskMemo:
    """The levels of risk that were worked out already."""
    return _memo(str(state.home().path))


def _inventory() -> tuple[dict[str, str], dict[str, str]]:
    """The owner of each project of the inventory, and the names of its people."""
    warehouse = open_warehouse()
    if warehouse is None:
        return {}, {}
    with warehouse.cursor() as cursor:
        rows = cursor.execute(
            "select project_id, owner_id from projects where known_until = date '9999-12-31'"
        ).fetchall()
        return {project: owner or "" for project, owner in rows}, people_names(cursor)


def _show(found: Sequence[Line], name: Name, today: date) -> None:
    columns: Columns = [
        say("Assessment"), say("Project"), say("State"), say("Owner"), say("Next step"),
        Column(say("Days in state"), is_number=True), Column(say("Age in days"), is_number=True),
        say("Clock"), say("Remaining risk"), say("Open"),
    ]  # fmt: skip

    def read(limit: int, offset: int) -> list[list[Cell]]:
        return [_row(line, name, today) for line in found[offset : offset + limit]]

    paged(say("Projects and assessments"), columns, len(found), read, key="page")


def _row(line: Line, name: Name, today: date) -> list[Cell]:
    in_state, age = line.age_in_state(today), line.age(today)
    if line.assessment_id:
        what: Cell = Link(line.title, "assessment", {"assessment": line.assessment_id})
    else:
        what = Link(say("Begin an assessment"), "assessments", {"project": line.project_id})
    project = Link(name("project", line.project_id), "project", {"id": line.project_id})
    standing = Tag(say("Nothing begun")) if line.state == NONE else state_tag(line.state)
    return [
        what,
        project,
        standing,
        name("person", line.owner_id) if line.owner_id else None,
        _next_step(line, name),
        None if in_state is None else str(in_state),
        None if age is None else str(age),
        _clock(line, today),
        _risk(line),
        _open(line),
    ]


def _next_step(line: Line, name: Name) -> Cell:
    """What comes next, and whose turn it is: the people where they are known, else the role."""
    steps = {
        "draft": say("Answer and send"),
        "returned": say("Answer and send again"),
        "submitted": say("Review"),
        "in_review": say("Review"),
        "opinion": say("Advise"),
        "decision_pending": say("Decide"),
        "prior_consultation": say("Wait for the authority"),
        NONE: say("Screen the project"),
    }
    step = steps.get(line.state)
    if step is None:
        return say("Review what has changed") if line.stale else None
    who = ", ".join(name("person", person) for person in line.people)
    return f"{step}: {who or words(line.waits_for)}"


def _clock(line: Line, today: date) -> Cell:
    if line.clock is None:
        return None
    text = {"consultation": say("Answer due"), "approval": say("Ends")}[line.clock.kind]
    left = (line.clock.due_on - today).days
    shown = f"{text} {day(line.clock.due_on)}"
    return [shown, Tag(say("Overdue"), "bad")] if left < 0 else shown


def _risk(line: Line) -> Cell:
    if line.risk is None:
        return None
    if line.risk.unacceptable:
        return Tag(f"{line.risk.title}, {counted(line.risk.unacceptable, 'risk not accepted', 'risks not accepted')}", "bad")  # fmt: skip
    return Tag(line.risk.title, "neutral")


def _open(line: Line) -> Cell:
    """What is promised or has changed, in words and numbers."""
    shown: list[str | Link | Tag] = []
    if line.stale:
        shown.append(Tag(counted(line.stale, "fact changed", "facts changed"), "warn"))
    if line.open_conditions:
        tone = "bad" if line.overdue_conditions else "info"
        shown.append(Tag(counted(line.open_conditions, "condition", "conditions"), tone))  # type: ignore[arg-type]
    if line.open_actions:
        tone = "bad" if line.overdue_actions else "info"
        shown.append(Tag(counted(line.open_actions, "action", "actions"), tone))  # type: ignore[arg-type]
    return shown or None
