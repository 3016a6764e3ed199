"""Grants: who may use which dataset for what; in force, about to begin, and ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import streamlit as st

from assessments.grants import Grant, Standing, list_grants
from assessments.records.permissions import has_permission
from dashboard import identity, state
from dashboard.components import Cell, Item, Link, Tag, empty, link_list, page_head, table
from dashboard.components.markup import Tone
from dashboard.reading import naming
from dashboard.text import counted, day, say

SOON = 14
MOST_ENDED = 50
TONES: dict[Standing, Tone] = {
    Standing.ACTIVE: "good",
    Standing.UPCOMING: "info",
    Standing.SUSPENDED: "warn",
    Standing.EXPIRED: "neutral",
    Standing.REVOKED: "bad",
}


def render() -> None:
    """Every grant that the reader may see, those that end first in front."""
    page_head(
        say("Grants"),
        say("Access to datasets for one person, one purpose and a limited time. An approved request makes a grant; it ends by itself."),
    )  # fmt: skip
    ask = Link(say("Ask for access"), "assessments", {"template": "access_request"})
    found = _readable()
    if not found:
        empty(
            say("No grants yet"),
            say("When an access request is approved, its grant appears here."),
            ask,
        )
        return
    link_list([("", [Item("", ask)])], key="ask")
    running = [g for g in found if g.standing in {Standing.ACTIVE, Standing.SUSPENDED}]
    coming = [g for g in found if g.standing is Standing.UPCOMING]
    ended = [g for g in reversed(found) if g.standing in {Standing.EXPIRED, Standing.REVOKED}]
    _part(say("In force"), say("No grant is in force today."), running, "running", ask)
    if coming:
        _part(say("Not begun yet"), "", coming, "coming")
    if ended:
        _part(say("Ended"), "", ended[:MOST_ENDED], "ended")


def _readable() -> list[Grant]:
    actor = identity.current_actor()
    with state.records().read() as connection:
        return [
            grant
            for grant in list_grants(connection)
            if has_permission(connection, actor, "grant.read", grant.project_id)
        ]


def _part(
    title: str, nothing: str, found: Sequence[Grant], key: str, ask: Link | None = None
) -> None:
    st.header(title, anchor=False)
    if not found:
        empty(nothing, say("Those that ended are below."), ask, key=f"no-{key}")
        return
    name = naming()
    today = datetime.now(UTC).date()
    columns = [say("Person"), say("Dataset"), say("Purpose"), say("From"), say("Until"), say("State")]  # fmt: skip
    lines: list[list[Cell]] = [
        [
            Link(name("person", grant.person_id), "grant", {"id": grant.id}),
            Link(name("dataset", grant.dataset_id), "dataset", {"id": grant.dataset_id}),
            name("purpose", grant.purpose_id),
            day(grant.valid_from),
            day(grant.valid_to),
            standing_tags(grant, today),
        ]
        for grant in found
    ]
    table(counted(len(found), "grant", "grants"), columns, lines, key=f"grants-{key}")


def standing_tags(grant: Grant, today: date) -> list[Tag]:
    """Whether a grant counts; and a word of warning in its last two weeks."""
    titles = {
        Standing.ACTIVE: say("In force"),
        Standing.UPCOMING: say("Not begun"),
        Standing.SUSPENDED: say("Waits for a condition"),
        Standing.EXPIRED: say("Expired"),
        Standing.REVOKED: say("Revoked"),
    }
    shown = [Tag(titles[grant.standing], TONES[grant.standing])]
    left = (grant.valid_to - today).days
    if grant.standing is Standing.ACTIVE and left < SOON:
        shown.append(Tag(say("Ends soon"), "warn"))
    return shown
