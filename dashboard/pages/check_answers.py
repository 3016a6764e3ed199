"""Every answer of an assessment by section, what still blocks it, and sending it for review."""

from __future__ import annotations

import streamlit as st

from assessments import questionnaire
from assessments.errors import WorkbenchError
from assessments.questionnaire import Answer, Assessment, Question, Section, Type
from assessments.review import rounds
from dashboard import identity, state
from dashboard.components import (
    Item,
    Link,
    announce,
    error_box,
    facts,
    go,
    link_list,
    notice,
    page_head,
    table,
)
from dashboard.components.findings import findings
from dashboard.components.threads import section_comments
from dashboard.components.versions import newer_version
from dashboard.reading import find_readable, naming
from dashboard.text import counted, say


def render() -> None:
    """Blockers first, then the answers, then what happens next."""
    found = find_readable()
    can_write = found.can_write(identity.current_person().id)
    page_head(
        say("Check your answers") if can_write else say("Answers"),
        found.title,
        [
            Link(say("Assessments"), "assessments"),
            Link(found.title, "assessment", {"assessment": found.id}),
        ],
    )
    if found.template.outcome is not None:
        show_outcome(found)
    if can_write:
        _to_do(found)
    findings(found)
    for section in found.template.sections:
        show_section(found, section, can_write=can_write)
    _set_aside(found)
    newer_version(found)
    if can_write:
        _send(found)


def show_outcome(found: Assessment) -> None:
    """The outcome that follows from the answers, with every reason."""
    outcome = questionnaire.screening_outcome(found.template, found.answers)
    notice(outcome.text, title=outcome.title, tone=outcome.tone, key="outcome")  # type: ignore[arg-type]
    if outcome.reasons:
        table(
            say("Why"),
            [say("Reason"), say("Source")],
            [[reason.text, reason.source] for reason in outcome.reasons],
            key="reasons",
        )
    if outcome.further:
        table(
            say("Further assessments"),
            [say("What else to look at"), say("Source")],
            [[reason.text, reason.source] for reason in outcome.further],
            key="further",
            show_caption=True,
        )


def show_section(found: Assessment, section: Section, *, can_write: bool) -> None:
    """One section's answers: short ones as a summary list, tables as tables."""
    view = questionnaire.View(found.template, found.answers)
    shown = [question for question in section.questions if view.is_visible(question.id)]
    if not shown:
        return
    st.header(section.title, anchor=False)
    st.caption(section.source)
    facts(
        [
            (
                question.title,
                _text(found, question),
                _change(found, question) if can_write else None,
            )
            for question in shown
        ],
        key=f"facts-{section.id}",
    )
    for question in shown:
        answer = found.answers.get(question.id)
        if question.type is Type.TABLE and answer is not None and answer.value:
            _rows(found, question)
    section_comments(found, section)


def _text(found: Assessment, question: Question) -> str | None:
    answer: Answer | None = found.answers.get(question.id)
    if answer is None:
        return None
    text = questionnaire.answer_text(found.template, found.answers, question.id, naming())
    if answer.needs_confirmation:
        text += " " + say("(prefilled, not confirmed yet)")
    return text


def _change(found: Assessment, question: Question) -> Link:
    return Link(say("Change"), "question", {"assessment": found.id, "q": question.id})


def _rows(found: Assessment, question: Question) -> None:
    texts = questionnaire.table_texts(found.template, found.answers, question.id, naming())
    table(
        question.title,
        [column.title for column in question.columns],
        [[cell or None for cell in row] for row in texts],
        key=f"rows-{question.id}",
        show_caption=True,
    )


def _to_do(found: Assessment) -> None:
    """What is missing; broken rules are among the findings."""
    missing = questionnaire.gaps(found.template, found.answers)
    if not missing:
        return
    st.header(counted(len(missing), "thing to do first", "things to do first"), anchor=False)
    items = [
        Item("", Link(item.text, "question", {"assessment": found.id, "q": item.question_id}))
        for item in missing
    ]
    link_list([("", items)], key="blockers")


def _set_aside(found: Assessment) -> None:
    aside = questionnaire.set_aside(found.template, found.answers)
    if not aside:
        return
    with st.expander(counted(len(aside), "answer set aside", "answers set aside")):
        st.write(
            say("Kept in the history and left out of the record, because another answer changed.")
        )
        facts(
            [
                (
                    found.template.question(name).title,
                    questionnaire.answer_text(found.template, {name: answer}, name),
                    None,
                )
                for name, answer in aside.items()
            ],
            key="aside",
        )


def _send(found: Assessment) -> None:
    st.header(say("Send for review"), anchor=False)
    st.write(
        say(
            "The privacy office reviews each section. You cannot change answers meanwhile; "
            "when a section is returned you can."
        )
    )
    if not st.button(say("Send for review"), type="primary"):
        return
    try:
        rounds.submit(state.records(), identity.current_actor(), found.id)
    except WorkbenchError as error:
        error_box(error, key="send-error")
        return
    announce(say("Sent for review."))
    go("assessment", assessment=found.id)
