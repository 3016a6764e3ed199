"""Search over titles, answers and comments; nobody finds what they may not read."""

from __future__ import annotations

import streamlit as st

from assessments import questionnaire
from assessments.questionnaire import Template
from assessments.talk.index import Index
from assessments.talk.search import MOST, Hit, search
from dashboard import identity, state
from dashboard.components import Cell, Link, empty, notice, page_head, table
from dashboard.parameters import optional
from dashboard.text import counted, say


def render() -> None:
    """The words are in the address, so that a search can be kept and sent."""
    page_head(say("Search"), say("In titles, answers and comments of the assessments that you may read."))  # fmt: skip
    wanted = st.text_input(
        say("Words"), key="q", type="search", bind="query-params", max_chars=100, width=420
    )
    wanted = (wanted or optional("q")).strip()
    if not wanted:
        empty(
            say("Type what you look for"),
            say("Each word finds the words that begin with it; all of them have to be there."),
        )
        return
    records, actor = state.records(), identity.current_actor()
    found = search(records, _index(str(records.engine.url)), actor, wanted)
    if not found.total:
        empty(say("Nothing found"), say("Try fewer or shorter words."))
        return
    st.header(counted(found.total, "place", "places"), anchor=False)
    if found.total > MOST:
        notice(say("The first {count} are shown; more words find less.", count=MOST))
    templates = _templates({hit.assessment_id for hit in found.hits})
    rows: list[list[Cell]] = [
        [Link(hit.title, "assessment", {"assessment": hit.assessment_id}),
         _place(hit, templates[hit.assessment_id]), hit.snippet]
        for hit in found.hits
    ]  # fmt: skip
    table(say("What was found"), [say("Assessment"), say("Where"), say("Text")], rows)


def _place(hit: Hit, template: Template) -> Cell:
    if hit.kind == "comment":
        params = {"assessment": hit.assessment_id, "thread": hit.object_id}
        return Link(say("Comment"), "comments", params)
    if hit.kind == "answer":
        question = template.by_id.get(hit.object_id)
        title = question.title if question else hit.object_id
        return Link(title, "question", {"assessment": hit.assessment_id, "q": hit.object_id})
    return say("Title")


def _templates(assessments: set[str]) -> dict[str, Template]:
    with state.records().read() as connection:
        return {name: questionnaire.template_of(connection, name) for name in assessments}


@st.cache_resource(show_spinner=False, max_entries=2)
def _index(url: str) -> Index:
    """One index a process; the lock inside it lets one reader at a time bring it up to date."""
    return Index()
