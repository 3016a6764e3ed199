"""All that is said about one assessment, as far as the reader may see it."""

from __future__ import annotations

import streamlit as st

from assessments.questionnaire import Assessment
from assessments.talk import Place, Thread
from dashboard.components import Link, empty, page_head
from dashboard.components.threads import new_thread, read_threads, show_threads
from dashboard.parameters import optional
from dashboard.reading import find_readable
from dashboard.text import say


def render() -> None:
    """The thread in the address first, then what is open, then what is resolved."""
    found = find_readable()
    page_head(
        say("Comments"),
        found.title,
        [
            Link(say("Assessments"), "assessments"),
            Link(found.title, "assessment", {"assessment": found.id}),
        ],
    )
    threads = read_threads(found)
    wanted, section = optional("thread"), optional("section")
    if section:
        inside = {section, *(q.id for q in found.template.section(section).questions)}
        threads = [thread for thread in threads if thread.place.object_id in inside]
    if not threads:
        empty(
            say("No comments yet"),
            say("Write one below, or beside the question that it is about."),
        )
    named = [thread for thread in threads if thread.id == wanted]
    others = [thread for thread in threads if thread.id != wanted]
    _part(found, say("This thread"), named)
    _part(found, say("Open"), [thread for thread in others if thread.is_open])
    _part(found, say("Resolved"), [thread for thread in others if not thread.is_open])
    st.header(say("Begin a thread"), anchor=False)
    new_thread(found, _places(found, section), key="page")


def _part(found: Assessment, title: str, threads: list[Thread]) -> None:
    if threads:
        st.header(title, anchor=False)
        show_threads(found, threads)


def _places(found: Assessment, first: str) -> dict[Place, str]:
    places = {Place(): say("The whole assessment")}
    places |= {Place.section(s.id): s.title for s in found.sections}
    wanted = Place.section(first)
    return {wanted: places[wanted]} | places if wanted in places else places
