"""Threads of comments: what was said in a place, an answer to it, and a new thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from assessments import talk
from assessments.errors import WorkbenchError
from assessments.questionnaire import Assessment, Section, Type, row_label
from assessments.talk import Access, Comment, Kind, Place, Thread, Visibility
from assessments.talk.access import CLOSED, find_row
from dashboard import identity, state
from dashboard.components.boxes import error_box, status_line
from dashboard.components.listing import tags
from dashboard.components.markup import Link, Node, Tag, link_node, node, show
from dashboard.components.shell import announce
from dashboard.reading import names_of
from dashboard.text import counted, moment, say

_PROBLEM = "threads.problem"
_FRESH = "threads.fresh"


def question_threads(found: Assessment, question_id: str) -> None:
    """Below a question: its threads and those of its rows and cells, folded until somebody looks."""
    threads = [t for t in read_threads(found) if t.place.object_id == question_id
               and t.place.kind is not Kind.SECTION]  # fmt: skip
    waiting = sum(thread.is_open for thread in threads)
    title = counted(waiting, "open thread", "open threads") if waiting else say("Comments")
    with st.expander(title, icon=":material/forum:"):
        show_threads(found, threads, within=question_id)
        new_thread(found, question_places(found, question_id), key=f"q-{question_id}")


def section_comments(found: Assessment, section: Section) -> None:
    """Below a section: where its comments are, and how many threads about it or its questions wait."""
    inside = {section.id, *(question.id for question in section.questions)}
    with state.records().read() as connection:
        counts = talk.count_open(connection, identity.current_actor(), found.id)
    waiting = sum(number for place, number in counts.items() if place.object_id in inside)
    words = (
        counted(waiting, "open thread", "open threads")
        if waiting
        else say("Comment on this section")
    )
    place = {"assessment": found.id, "section": section.id}
    show(node("p", "", link_node(Link(words, "comments", place))), key=f"talk-{section.id}")


def read_threads(found: Assessment) -> list[Thread]:
    """The threads of an assessment that whoever is looking may see."""
    with state.records().read() as connection:
        return talk.list_threads(connection, identity.current_actor(), found.id)


def question_places(found: Assessment, question_id: str) -> dict[Place, str]:
    """A question, and for a table its rows and cells, each with its name."""
    question = found.template.question(question_id)
    places = {Place.question(question_id): say("The whole question")}
    answer = found.answers.get(question_id)
    if question.type is not Type.TABLE or answer is None or not answer.value:
        return places
    for number, row in enumerate(answer.value, 1):
        label = f"{number}. {row_label(question, row)}"
        if question_id in talk.risk_tables(found):
            places[Place.risk(question_id, row["id"])] = label
        for column in question.columns:
            place = Place.cell(question_id, row["id"], column.id)
            places[place] = f"{label}: {column.title}"
    return places


def place_name(found: Assessment, place: Place) -> str:
    """What a thread is about, in words; a row that has gone is said to be gone."""
    if place.kind is Kind.ASSESSMENT:
        return say("The whole assessment")
    if place.kind is Kind.SECTION:
        return next((s.title for s in found.template.sections if s.id == place.object_id), "")
    question = found.template.by_id.get(place.object_id)
    if question is None:
        return say("Something that is no longer asked")
    if place.kind is Kind.QUESTION:
        return question.title
    gone = say("a row that was removed")
    return f"{question.title}: {question_places(found, question.id).get(place, gone)}"


def show_threads(found: Assessment, threads: Sequence[Thread], *, within: str = "") -> None:
    """Each thread with its comments and what the reader may do in it; ``within`` one question."""
    access = _access(found)
    people = names_of("person")
    for thread in threads:
        with st.container(border=True, key=f"box-{thread.id}"):
            _head(found, thread, people, within)
            for comment in thread.comments:
                _comment(found, thread, comment, people, access)
            if is_writable(found, access):
                _reply(found, thread, access)
            _problem(thread.id, 2 if within else 4)


def new_thread(found: Assessment, places: Mapping[Place, str], *, key: str) -> None:
    """A form that begins a thread about one of these places."""
    access = _access(found)
    if not is_writable(found, access):
        st.caption(say("You can read comments here and not write them."))
        return
    key = f"{key}-{found.id}-{st.session_state.get(_FRESH, 0)}"
    offered = list(places)
    place = offered[0]
    if len(offered) > 1:
        place = st.selectbox(say("What is it about?"), offered, key=f"about-{key}",
                             format_func=lambda item: places[item])  # fmt: skip
    visibility = Visibility.EVERYONE
    if access.is_behind:
        visibility = _visibility(key)
    with st.form(f"new-{key}", border=False):
        text = st.text_area(say("New comment"), key=f"text-{key}", max_chars=5_000)
        named = _mention(found, visibility, f"named-{key}-{visibility.value}")
        if st.form_submit_button(say("Comment")):
            _act("new", lambda: talk.open_thread(
                state.records(), identity.current_actor(), found.id, place, text,
                visibility=visibility, mentions=named))  # fmt: skip
    status_line("", key=f"status-{key}")
    _problem("new", 2)


def is_writable(found: Assessment, access: Access) -> bool:
    """Whether this person may write here now."""
    return access.can_write and found.state not in CLOSED


def _visibility(key: str) -> Visibility:
    words = {
        Visibility.EVERYONE: say("Everybody who may read the assessment"),
        Visibility.REVIEWERS: say("The privacy office and the approver, never its authors"),
    }
    return st.radio(say("Who sees it?"), list(words), key=f"seen-{key}",
                    format_func=lambda item: words[item])  # fmt: skip


def _mention(found: Assessment, visibility: Visibility, key: str) -> list[str]:
    with state.records().read() as connection:
        row = find_row(connection, found.id)
        offered = talk.readers(connection, row, visibility)
    people = names_of("person")
    return st.multiselect(
        say("Name people (they get a notice)"), offered, key=key,
        format_func=lambda person_id: people.get(person_id, person_id),
        placeholder=say("Choose people"),
    )  # fmt: skip


def _access(found: Assessment) -> Access:
    with state.records().read() as connection:
        row = find_row(connection, found.id)
        return talk.access_of(connection, row, identity.current_person().id)


def _head(found: Assessment, thread: Thread, people: Mapping[str, str], within: str) -> None:
    shown = [Tag(say("Open"), "info") if thread.is_open else Tag(say("Resolved"), "good")]
    if thread.visibility is Visibility.REVIEWERS:
        shown.append(Tag(say("Among reviewers"), "warn"))
    name = place_name(found, thread.place)
    if within:
        name = question_places(found, within).get(thread.place, name)
    show(node("p" if within else "h3", "pw-strong", name), key=f"head-{thread.id}")
    tags(shown, key=f"tags-{thread.id}")
    if thread.resolved_at is not None:
        who = people.get(thread.resolved_by or "", thread.resolved_by)
        st.caption(say("Resolved by {who}, {when}", who=who, when=moment(thread.resolved_at)))


def _comment(
    found: Assessment, thread: Thread, comment: Comment, people: Mapping[str, str], access: Access
) -> None:
    show(_comment_node(comment, people), key=f"said-{comment.id}-{comment.version}")
    is_mine = comment.by == access.person_id and comment.round == found.round
    if comment.erased_at is None and comment.version > 1:
        with st.expander(say("What it said before"), key=f"before-{comment.id}"):
            with state.records().read() as connection:
                earlier = talk.earlier_texts(
                    connection, identity.current_actor(), thread.id, comment.id
                )
            for at, text in earlier:
                st.text(f"{moment(at)}: {text}")
    if is_mine and comment.erased_at is None and is_writable(found, access):
        _edit(thread, comment)


def _comment_node(comment: Comment, people: Mapping[str, str]) -> Node:
    when = moment(comment.at)
    if comment.edited_at is not None:
        when = say("{when}, edited {edited}", when=when, edited=moment(comment.edited_at))
    lines = comment.text.split("\n") if comment.erased_at is None else [say("Erased.")]
    named = ", ".join(f"@{people.get(item, item)}" for item in comment.mentions)
    return node(
        "article", "",
        node("p", "pw-strong", people.get(comment.by, comment.by)),
        node("p", "pw-hint", when),
        *(node("p", "", line or "\u00a0") for line in lines),
        node("p", "pw-hint", named) if named else None,
    )  # fmt: skip


def _edit(thread: Thread, comment: Comment) -> None:
    with (
        st.expander(say("Change your comment"), key=f"change-{comment.id}-{comment.version}"),
        st.form(f"edit-{comment.id}-{comment.version}", border=False),
    ):
        text = st.text_area(say("Your comment"), comment.text, max_chars=5_000,
                            key=f"edited-{comment.id}-{comment.version}")  # fmt: skip
        if st.form_submit_button(say("Save the change")):
            _act(thread.id, lambda: talk.edit(
                state.records(), identity.current_actor(), comment.id, text,
                expected_version=comment.version))  # fmt: skip


def _reply(found: Assessment, thread: Thread, access: Access) -> None:
    records, actor = state.records(), identity.current_actor()
    key = f"{thread.id}-{st.session_state.get(_FRESH, 0)}"
    with (
        st.expander(say("Reply"), key=f"open-{key}"),
        st.form(f"reply-{key}", border=False),
    ):
        text = st.text_area(say("Your reply"), key=f"answer-{key}", max_chars=5_000, height=80)
        named = _mention(found, thread.visibility, f"name-{key}")
        if st.form_submit_button(say("Send the reply")):
            _act(thread.id, lambda: talk.reply(records, actor, thread.id, text, mentions=named))
    if talk.can_settle(access, by_author=thread.by_author):
        words, settle = (say("Resolve"), talk.resolve) if thread.is_open else (
            say("Open it again"), talk.reopen)  # fmt: skip
        if st.button(words, key=f"settle-{thread.id}", type="tertiary"):
            _act(thread.id, lambda: settle(records, actor, thread.id))


def _act(where: str, act: Callable[[], object]) -> None:
    """Do it and draw anew; what goes wrong is shown where it was tried, with the text still there."""
    try:
        act()
    except WorkbenchError as error:
        st.session_state[_PROBLEM] = (where, error)
    else:
        st.session_state[_FRESH] = st.session_state.get(_FRESH, 0) + 1
        announce(say("Saved."))
    st.rerun()


def _problem(where: str, level: int) -> None:
    at, error = st.session_state.get(_PROBLEM, ("", None))
    if error is not None and at == where:
        st.session_state.pop(_PROBLEM)
        error_box(error, level=level, key=f"problem-{where}")
