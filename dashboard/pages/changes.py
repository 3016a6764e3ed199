"""What changed since sign-off: sources behind the answers, measured leakage, a successor's answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from assessments import questionnaire
from assessments.errors import WorkbenchError
from assessments.questionnaire import Assessment
from assessments.questionnaire.changes import Changes, LeakageChange, SourceChange, changes_since
from assessments.questionnaire.triggers import Trigger, close_trigger, list_triggers
from assessments.review.lifecycle import DECIDED
from assessments.review.parts import played_parts
from dashboard import identity, state
from dashboard.components import (
    Cell,
    Columns,
    Link,
    Tag,
    announce,
    empty,
    error_box,
    facts,
    page_head,
    table,
)
from dashboard.pages.compare import show_lines
from dashboard.reading import facts as known_facts
from dashboard.reading import find_readable, names_of, naming
from dashboard.text import counted, day, moment, number, say


def render() -> None:
    """Triggers, stale answers, leakage, the successor."""
    found = find_readable()
    is_decided = found.state in DECIDED
    page_head(
        say("What changed since sign-off") if is_decided else say("What changed in the sources"),
        found.title,
        [
            Link(say("Assessments"), "assessments"),
            Link(found.title, "assessment", {"assessment": found.id}),
        ],
    )
    changes = changes_since(state.records(), found, known_facts())
    with state.records().read() as connection:
        triggers = list_triggers(connection, found.id)
    if changes.is_empty and not triggers:
        empty(
            say("Nothing has changed"),
            say("Every source says what it said when the answers were made."),
        )
    _triggers(found, triggers)
    _sources(found, changes.sources)
    _leakage(changes.leakage)
    _successor(found, changes)


def _triggers(found: Assessment, triggers: Sequence[Trigger]) -> None:
    if not triggers:
        return
    st.header(say("Review triggers"), anchor=False)
    st.caption(say("GDPR Art. 35(11): a review when what the assessment rests on has changed"))
    titles = {trigger.question_id: _title(found, trigger.question_id) for trigger in triggers}
    table(
        say("Changed facts behind this approval"),
        [say("Question"), say("Source"), say("Found"), say("State"), say("What came of it")],
        [
            [titles[t.question_id], t.source, moment(t.found_at), _state(t), _outcome(t)]
            for t in triggers
        ],
        key="triggers",
    )
    _answer_form(found, {t.id: t for t in triggers if t.closed_at is None}, titles)


def _title(found: Assessment, question_id: str) -> str:
    question = found.template.by_id.get(question_id)
    return question.title if question else question_id


def _state(trigger: Trigger) -> Tag:
    return Tag(say("Open"), "warn") if trigger.closed_at is None else Tag(say("Closed"), "good")


def _outcome(trigger: Trigger) -> Cell:
    if trigger.closed_at is None or trigger.closing_note is None:
        return None
    who = names_of("person").get(trigger.closed_by or "", "")
    said = say(trigger.closing_note)
    return [said, f"{who}, {moment(trigger.closed_at)}"] if who else [said]


def _answer_form(
    found: Assessment, triggers: Mapping[str, Trigger], titles: Mapping[str, str]
) -> None:
    person = identity.current_person()
    with state.records().read() as connection:
        parts = played_parts(connection, found.id, person.id)
    if not triggers or not {"reviewer", "dpo"} & person.roles or "author" in parts:
        return
    with (
        st.expander(say("Say what came of a trigger")),
        st.form("trigger", border=False, clear_on_submit=True),
    ):
        chosen = st.selectbox(
            say("Trigger"), list(triggers), None, placeholder=say("Choose a trigger"),
            format_func=lambda i: titles[triggers[i].question_id],
        )  # fmt: skip
        note = st.text_area(say("What came of it"), height=100)
        sent = st.form_submit_button(say("Close trigger"))
    if sent and chosen:
        _close(chosen, note)


def _close(trigger_id: str, note: str) -> None:
    try:
        close_trigger(state.records(), identity.current_actor(), trigger_id, note)
    except WorkbenchError as error:
        error_box(error, key="trigger-error")
        return
    announce(say("The trigger is closed."))
    st.rerun()


def _sources(found: Assessment, changed: Sequence[SourceChange]) -> None:
    if not changed:
        return
    silent = [item.question.title for item in changed if not item.is_news]
    changed = [item for item in changed if item.is_news]
    st.header(
        counted(len(changed), "answer rests on a source that changed", "answers rest on sources that changed"),
        anchor=False,
    )  # fmt: skip
    names = naming()
    for item in changed:
        st.subheader(item.question.title, anchor=False)
        facts(_origins(found, item), key=f"origin-{item.question.id}")
        before = {**found.answers, item.question.id: item.then}
        after = dict(found.answers)
        after.pop(item.question.id, None)
        if item.now is not None:
            after[item.question.id] = item.now
        show_lines(
            questionnaire.lines_of(found.template, item.difference, before, after, names),
            say("Then and now: {question}", question=item.question.title),
            (say("The source said then"), say("The source says now")),
            key=f"source-{item.question.id}",
        )
    if silent:
        st.write(
            say(
                "A source row changed in what these answers do not say: {titles}.",
                titles="; ".join(silent),
            )
        )


def _origins(
    found: Assessment, item: SourceChange
) -> list[tuple[str, Cell] | tuple[str, Cell, Link | None]]:
    """Row, digest and age of the source, as it was and as it is."""
    params = {"assessment": found.id, "q": item.question.id}
    action = Link(say("Look at the answer"), "question", params)
    now = item.now.provenance if item.now else None
    return [
        (say("Then"), _origin(item.answer.provenance), action),
        (say("Now"), _origin(now) if now else say("The source says nothing any more")),
    ]


def _origin(origin: questionnaire.Provenance | None) -> Cell:
    if origin is None:
        return None
    row = f"{origin.source}, {origin.row}" if origin.row else origin.source
    digest = say("SHA-256 {digest}", digest=origin.sha256[:12])
    return [row, *([say("as of {day}", day=day(origin.as_of))] if origin.as_of else []), digest]


def _leakage(changed: Sequence[LeakageChange]) -> None:
    if not changed:
        return
    st.header(say("Measured leakage"), anchor=False)
    columns: Columns = [
        say("Subject"), say("Measure"), say("Score then"), say("Score now"), say("Limit"),
        say("Measured now"),
    ]  # fmt: skip
    models, datasets = names_of("model"), names_of("dataset")
    table(
        say("Leakage results that differ"),
        columns,
        [
            [
                models.get(item.of("subject")) or datasets.get(item.of("subject"), item.of("subject")),
                f"{item.of('channel')}: {item.of('measure')}",
                _figure(item.old), _figure(item.new), _limit(item), day((item.new or {}).get("measured_on")),
            ]
            for item in changed
        ],
        key="leakage",
    )  # fmt: skip


def _figure(row: Mapping[str, Any] | None) -> str | None:
    score = (row or {}).get("score")
    return None if score is None else number(score, 2)


def _limit(item: LeakageChange) -> Cell:
    limit, score = item.of("limit"), (item.new or {}).get("score")
    if limit is None:
        return None
    shown = number(limit, 2)
    return [shown, Tag(say("Above the limit"), "bad")] if score and score > limit else shown


def _successor(found: Assessment, changes: Changes) -> None:
    if changes.successor is None:
        return
    st.header(say("The newer assessment"), anchor=False)
    newer, names = changes.successor, naming()
    facts(
        [(say("Assessment"), Link(newer.title, "assessment", {"assessment": newer.id}))],
        key="newer",
    )
    for item in changes.answers:
        title = item.question.title if item.question else item.question_id
        st.subheader(title, anchor=False)
        show_lines(
            questionnaire.lines_of(newer.template, item, found.answers, newer.answers, names),
            say("Here and in the newer assessment: {question}", question=title),
            (say("Here"), say("In the newer assessment")),
            key=f"newer-{item.question_id}",
        )
