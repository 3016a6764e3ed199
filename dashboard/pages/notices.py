"""What happened that the reader should know, and how they want to be told."""

from __future__ import annotations

import streamlit as st

from assessments import talk
from assessments.errors import NotPermitted
from assessments.talk import KINDS, Choice, Notice
from assessments.talk.outbox import Message, try_again, undelivered
from dashboard import identity, state
from dashboard.components import (
    Cell,
    Link,
    Tag,
    announce,
    empty,
    go,
    page_head,
    status_line,
    table,
)
from dashboard.parameters import optional
from dashboard.reading import names_of
from dashboard.text import counted, language, language_name, languages, moment, say

PAGES = {
    "submitted": "review", "returned": "assessment", "verdicts": "assessment",
    "opinion": "decision", "decision_asked": "decision", "decided": "decision",
    "signature": "report", "stale": "changes", "condition": "decision", "action": "action",
    "clock": "decision", "mention": "comments", "reply": "comments",
}  # fmt: skip
"""Where each kind leads."""


def render() -> None:
    """Unread ones first; a link from a mail opens its notice and leads on."""
    person = identity.current_person()
    with state.records().read() as connection:
        found = talk.list_notices(connection, person.id)
    _follow(found)
    page_head(say("Notices"), say("What happened since you last looked, and what waits for you."))
    unread = [notice for notice in found if notice.read_at is None]
    if not found:
        empty(say("No notices yet"), say("When something concerns you, it appears here."))
    if unread:
        st.header(counted(len(unread), "unread notice", "unread notices"), anchor=False)
        _show(unread, say("Unread"), "unread")
        if st.button(say("Mark all as read")):
            talk.mark_read(state.records(), identity.current_actor())
            announce(say("All marked as read."))
            st.rerun()
    read = [notice for notice in found if notice.read_at is not None]
    if read:
        st.header(say("Read"), anchor=False)
        _show(read, say("Read"), "read")
    _choices(person.id)
    _lost()


def target(notice: Notice) -> Link:
    """The page on which one can do something about it."""
    page = PAGES[notice.kind]
    if page == "action":
        return Link(notice.title, page, {"id": notice.object_id})
    params = {"assessment": notice.assessment_id}
    if page == "comments":
        params["thread"] = notice.object_id
    return Link(notice.title, page, params)


def _follow(found: list[Notice]) -> None:
    """``open`` in the address: mark the notice as read and go where it leads."""
    wanted = next((notice for notice in found if notice.id == optional("open")), None)
    if wanted is None:
        return
    talk.mark_read(state.records(), identity.current_actor(), wanted.id)
    leading = target(wanted)
    go(leading.page, **leading.params)


def _show(found: list[Notice], caption: str, key: str) -> None:
    rows: list[list[Cell]] = [
        [say(KINDS[notice.kind]), Link(notice.title, "notices", {"open": notice.id}),
         moment(notice.at)]
        for notice in found
    ]  # fmt: skip
    table(caption, [say("What"), say("Assessment"), say("When")], rows, key=key)


def _choices(person_id: str) -> None:
    st.header(say("Mail"), anchor=False)
    st.write(say("Every notice appears here. Choose which also come by mail; a mail holds a link and no answers."))  # fmt: skip
    with state.records().read() as connection:
        choice = talk.read_choice(connection, person_id)
    by_mail = [kind for kind in KINDS if kind not in choice.without_mail]
    with st.form("choice", border=False):
        kinds = st.multiselect(say("Also by mail"), list(KINDS), by_mail,
                               format_func=lambda kind: say(KINDS[kind]))  # fmt: skip
        offered = list(languages())
        spoken = choice.language if choice.language in offered else language()
        chosen = st.selectbox(say("Language of mails"), offered, offered.index(spoken),
                              format_func=language_name)  # fmt: skip
        saved = st.form_submit_button(say("Save"))
    if saved:
        kept = Choice(chosen, frozenset(KINDS) - frozenset(kinds))
        talk.choose(state.records(), identity.current_actor(), kept)
    status_line(say("Saved.") if saved else "", key="choice-status")


def _lost() -> None:
    """For the office: mail that was given up, and trying again."""
    try:
        with state.records().read() as connection:
            found = undelivered(connection, identity.current_actor())
    except NotPermitted:
        return
    if not found:
        return
    st.header(say("Mail that could not be delivered"), anchor=False)
    people = names_of("person")
    rows: list[list[Cell]] = [
        [people.get(item.person_id, item.person_id), say(KINDS[item.kind]),
         Tag(item.problem, "bad"), str(item.attempts), moment(item.queued_at)]
        for item in found
    ]  # fmt: skip
    columns = [say("Person"), say("What"), say("Problem"), say("Attempts"), say("When")]
    table(say("Mail that could not be delivered"), columns, rows, key="lost")
    _again(found)


def _again(found: list[Message]) -> None:
    if st.button(say("Try all of them again")):
        for message in found:
            try_again(state.records(), identity.current_actor(), message.id)
        announce(say("They wait to be sent again."))
        st.rerun()
