"""Every screening with what it found; those that found that no assessment is needed can be shown alone."""

from __future__ import annotations

import streamlit as st

from assessments.records.permissions import has_permission
from assessments.review.screenings import Screening, list_screenings
from dashboard import identity, state
from dashboard.components import Cell, Link, Tag, empty, page_head, table
from dashboard.pages.assessments import state_tag
from dashboard.text import counted, day, say


def render() -> None:
    """The filter of the address, then one line a screening."""
    page_head(
        say("Screenings"),
        say("A decision against an impact assessment has to be reasoned, advised on and kept."),
        [Link(say("Assessments"), "assessments")],
    )
    actor = identity.current_actor()
    with state.records().read() as connection:
        found = list_screenings(
            connection,
            lambda project: has_permission(connection, actor, "assessment.read", project),
        )
    if not found:
        empty(
            say("No screenings yet"),
            say("Each project begins with a screening."),
            Link(say("Assessments"), "assessments"),
        )
        return
    only_negative = st.toggle(
        say("Only those that found no assessment is needed"), key="negative", bind="query-params"
    )
    shown = [item for item in found if item.is_negative or not only_negative]
    st.write(counted(len(shown), "screening", "screenings"))
    columns = [
        say("Screening"), say("Found"), say("Criteria met"), say("State"), say("Decided"),
        say("Reason"), say("Signed"),
    ]  # fmt: skip
    table(say("Screenings"), columns, [_row(item) for item in shown], key="screenings")


def _row(item: Screening) -> list[Cell]:
    low, high = item.outcome.scores.get("criteria", (0.0, 0.0))
    signed = Tag(say("Signed"), "good") if item.is_signed else Tag(say("Not signed"))
    return [
        Link(item.title, "assessment", {"assessment": item.assessment_id}),
        item.outcome.title,
        f"{low:g}" if low == high else say("{low} to {high}", low=f"{low:g}", high=f"{high:g}"),
        state_tag(item.state),
        day(item.decided_at.date()) if item.decided_at else None,
        item.reason or None,
        signed,
    ]
