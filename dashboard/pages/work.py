"""My work: what waits for the reader, the oldest first, each with the reason why it is theirs."""

from __future__ import annotations

from datetime import UTC, datetime

from assessments.portfolio import Waiting, WaitingKind, list_portfolio, list_waiting
from dashboard import identity, state
from dashboard.components import Cell, Item, Link, Tag, empty, link_list, page_head, table
from dashboard.pages.portfolio import memo
from dashboard.reading import naming
from dashboard.text import counted, day, say

PAGES = {
    WaitingKind.WRITE: ("assessment", "assessment"),
    WaitingKind.REVIEW: ("review", "assessment"),
    WaitingKind.ADVISE: ("decision", "assessment"),
    WaitingKind.DECIDE: ("decision", "assessment"),
    WaitingKind.DO_ACTION: ("action", "id"),
    WaitingKind.MEET_CONDITION: ("condition", "id"),
    WaitingKind.CONFIRM_CONDITION: ("condition", "id"),
    WaitingKind.LOOK_AT_CHANGE: ("changes", "assessment"),
}


def render() -> None:
    """The queue of whoever is looking."""
    page_head(
        say("My work"), say("What waits for you, the oldest first, and why it is yours to do.")
    )
    actor, today = identity.current_actor(), datetime.now(UTC).date()
    with state.records().read() as connection:
        lines = list_portfolio(connection, actor, today, memo=memo())
        found = list_waiting(connection, actor, lines, today)
    if not found:
        empty(
            say("Nothing waits for you"),
            say("What others send you, and what you promised, appears here."),
            Link(say("Go to the portfolio"), "portfolio"),
        )
    else:
        name = naming()
        columns = [say("What"), say("Why it is yours"), say("Project"), say("Waits since"), say("Due")]  # fmt: skip
        rows: list[list[Cell]] = [
            [
                _link(item),
                reason(item),
                name("project", item.project_id),
                day(item.since),
                _due(item, today.toordinal()),
            ]
            for item in found
        ]
        table(counted(len(found), "task", "tasks"), columns, rows, key="work", show_caption=True)
    link_list([(say("Read more"), [
        Item("", Link(say("Portfolio"), "portfolio"), say("Every project and assessment.")),
        Item("", Link(say("Actions and conditions"), "actions"), say("What was promised, by whom and by when.")),
    ])], key="more")  # fmt: skip


def reason(item: Waiting) -> str:
    """Why it is theirs, in one sentence."""
    if item.is_returned:
        return say("A reviewer or the approver sent it back to you")
    return {
        WaitingKind.WRITE: say("You write it"),
        WaitingKind.REVIEW: say("It waits for a reviewer, and you can be it"),
        WaitingKind.ADVISE: say("It waits for the advice of the data protection officer"),
        WaitingKind.DECIDE: say("It waits for the approver's decision"),
        WaitingKind.DO_ACTION: say("You own this action"),
        WaitingKind.MEET_CONDITION: say("You own this condition of an approval"),
        WaitingKind.CONFIRM_CONDITION: say("This condition is overdue, and you can say that it is met"),
        WaitingKind.LOOK_AT_CHANGE: say("Facts behind this approval have changed"),
        WaitingKind.GRANT_OVERRIDE: say("Somebody asks to open the gate of this project"),
    }[item.kind]  # fmt: skip


def _link(item: Waiting) -> Link:
    if item.kind is WaitingKind.GRANT_OVERRIDE:
        return Link(item.title, "gate", {"project": item.project_id})
    page, parameter = PAGES[item.kind]
    return Link(item.title, page, {parameter: item.id})


def _due(item: Waiting, today: int) -> Cell:
    if item.due_on is None:
        return None
    if item.due_on.toordinal() < today:
        return [day(item.due_on), Tag(say("Overdue"), "bad")]
    return day(item.due_on)
