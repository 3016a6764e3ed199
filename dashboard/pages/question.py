"""One question a page: it is saved as somebody answers, and every answer can say where it came from."""

from __future__ import annotations

from typing import Any

import streamlit as st

from assessments import questionnaire
from assessments.errors import BadInput, NotFound, WorkbenchError
from assessments.questionnaire import Answer, Assessment, Question, Status, Type
from assessments.questionnaire.session import AnswerConflict
from dashboard import identity, state
from dashboard.components import (
    Link,
    autosave_area,
    error_box,
    field_error,
    go,
    page_head,
    status_line,
)
from dashboard.components import conflict as conflicts
from dashboard.components.fields import answer_field, searched
from dashboard.components.files import files_editor
from dashboard.components.history import history_box
from dashboard.components.provenance import forget_origin, origin_box, remark_box
from dashboard.components.rows import rows_editor
from dashboard.components.threads import question_threads
from dashboard.reading import find_readable, names_of
from dashboard.text import clock, say

_PROBLEM = "question.problem"
_FRESH = "question.fresh"


def render() -> None:
    """Question, input, what to do next, and below it the state of saving."""
    found = find_readable()
    question = found.template.question(st.query_params.get("q", ""))
    if question not in questionnaire.visible_questions(found.template, found.answers):
        raise NotFound(say("This question does not apply now"), _why_not(found, question))
    section = found.template.section(question.section_id)
    page_head(
        question.title,
        question.hint or section.title,
        [
            Link(say("Assessments"), "assessments"),
            Link(found.title, "assessment", {"assessment": found.id}),
            Link(section.title, "check_answers", {"assessment": found.id}),
        ],
    )
    answer = found.answers.get(question.id)
    remark_box(found, section)
    origin_box(found, question, answer)
    _input(found, question, answer)
    _unknown(found, question, answer)
    _guidance(question)
    _buttons(found, question, answer)
    _status(found, question)
    if history_box(found, question, can_undo=_can_write(found)):
        _undo(found, question)
    question_threads(found, question.id)


def _why_not(found: Assessment, question: Question) -> str:
    return questionnaire.explain_hidden(found.template, found.answers, question.id)


def _input(found: Assessment, question: Question, answer: Answer | None) -> None:
    key = _key(found, question)
    disabled = not _can_write(found)
    value = answer.value if answer else None
    problem = _beside(question)
    if question.type is Type.TABLE:
        rows_editor(found, question, value or [], save=lambda raw: _save(found, question, raw),
                    problem=problem, disabled=disabled)  # fmt: skip
        return
    if question.type is Type.FILE:
        files_editor(found, question, value or [], save=lambda raw: _save(found, question, raw),
                     disabled=disabled)  # fmt: skip
    elif question.type is Type.LONG_TEXT:
        person = identity.current_person().id
        autosave_area(
            question.title, value or "", key=key, disabled=disabled,
            draft=f"{person}:{found.id}:{question.id}",
            on_save=lambda text: _save(found, question, text),
        )  # fmt: skip
    else:
        if question.shape.unit:
            st.caption(say("In {unit}", unit=question.shape.unit))
        answer_field(
            question.shape, question.title, value, key=key, disabled=disabled,
            choices=searched(_choices(found, question), value, key=f"search:{found.id}:{question.id}"),
            options=questionnaire.options_for(found.template, found.answers, question.id),
            on_change=lambda: _save_field(found, question, key),
        )  # fmt: skip
    field_error(problem, key="beside")


def _beside(question: Question) -> WorkbenchError | None:
    """What is wrong with the input itself; it is said beside it and not a second time below."""
    problem = st.session_state.get(_PROBLEM)
    if isinstance(problem, BadInput) and problem.field == question.id:
        return problem
    return None


def _choices(found: Assessment, question: Question) -> dict[str, str]:
    if question.shape.references:
        tables = question.shape.references
        return questionnaire.reference_choices(found.template, found.answers, tables)
    if question.type is Type.PERSON:
        return dict(names_of("person"))
    return dict(names_of(question.shape.inventory)) if question.shape.inventory else {}


def _save_field(found: Assessment, question: Question, key: str) -> None:
    raw = st.session_state.get(key)
    _save(found, question, raw.isoformat() if hasattr(raw, "isoformat") else raw)
    if isinstance(st.session_state.get(_PROBLEM), AnswerConflict):
        _show_stored()


def _unknown(found: Assessment, question: Question, answer: Answer | None) -> None:
    if not _can_write(found):
        return
    if question.columns and not question.required:
        _none(found, question, answer)
    if not question.allow_unknown:
        return
    is_unknown = answer is not None and answer.status is Status.UNKNOWN
    key = _unknown_key(found, question)
    st.checkbox(
        say("I do not know yet (stays an open point in the record)"),
        is_unknown,
        key=key,
        on_change=lambda: _toggle_unknown(found, question, bool(st.session_state[key])),
    )


def _none(found: Assessment, question: Question, answer: Answer | None) -> None:
    """A table that may stay empty is settled by saying that there is nothing to list."""
    is_none = answer is not None and answer.status is Status.NOT_APPLICABLE
    if answer is not None and not is_none:
        return
    key = f"none:{found.id}:{question.id}"

    def toggle() -> None:
        if st.session_state[key]:
            _save(found, question, None, status=Status.NOT_APPLICABLE)
        else:
            _clear(found, question)

    st.checkbox(say("There is nothing to list here"), is_none, key=key, on_change=toggle)


def _toggle_unknown(found: Assessment, question: Question, is_unknown: bool) -> None:
    if is_unknown:
        _save(found, question, None, status=Status.UNKNOWN)
    else:
        _clear(found, question)
    if _PROBLEM in st.session_state:
        st.session_state[_unknown_key(found, question)] = not is_unknown
    _show_stored()


def _guidance(question: Question) -> None:
    with st.expander(say("Why we ask, and an example")):
        if question.guidance.why:
            st.write(question.guidance.why)
        if question.guidance.example:
            st.write(say("Example: {text}", text=question.guidance.example))
        st.caption(say("Source: {source}", source=question.source))


def _buttons(found: Assessment, question: Question, answer: Answer | None) -> None:
    with st.container(horizontal=True):
        words = say("Save and continue") if _can_write(found) else say("Next question")
        if st.button(words, type="primary", key="continue"):
            _continue(found, question, answer)
        if st.button(say("Back to tasks"), type="tertiary"):
            forget_origin()
            go("assessment", assessment=found.id)


def _continue(found: Assessment, question: Question, answer: Answer | None) -> None:
    if answer is not None and answer.needs_confirmation and _can_write(found):
        _attempt(lambda: questionnaire.confirm_prefill(
            state.records(), identity.current_actor(), found.id, question.id))  # fmt: skip
    if _PROBLEM in st.session_state:
        return
    forget_origin()
    following = questionnaire.next_question(found.template, found.answers, question.id)
    if following is None:
        go("assessment", assessment=found.id)
    else:
        go("question", assessment=found.id, q=following.id)


def _save(
    found: Assessment, question: Question, raw: Any, status: Status = Status.ANSWERED
) -> None:
    """Save against the version that this tab showed: another tab's answer is never overwritten."""
    if status is Status.ANSWERED:
        st.session_state[_unknown_key(found, question)] = False
    if raw in (None, "", []) and status is Status.ANSWERED:
        if question.id in found.answers:
            _clear(found, question)
        return
    _attempt(lambda: questionnaire.save_answer(
        state.records(), identity.current_actor(), found.id, question.id, raw,
        status=status, expected_version=found.versions.get(question.id, 0),
    ))  # fmt: skip


def _clear(found: Assessment, question: Question) -> None:
    _attempt(lambda: questionnaire.clear_answer(
        state.records(), identity.current_actor(), found.id, question.id,
        expected_version=found.versions.get(question.id, 0),
    ))  # fmt: skip


def _attempt(act: Any) -> None:
    """Do it; what goes wrong is shown below the buttons, where nothing moves."""
    st.session_state.pop(_PROBLEM, None)
    try:
        act()
        conflicts.forget()
    except WorkbenchError as error:
        st.session_state[_PROBLEM] = error


def _status(found: Assessment, question: Question) -> None:
    beside = _beside(question)
    problem = st.session_state.pop(_PROBLEM, None)
    status_line(_saved(found, question) if problem is None else say("Not saved"))
    if isinstance(problem, AnswerConflict):
        conflicts.remember(found, question, problem)
    elif problem is not None and beside is None:
        error_box(problem, key="question-problem")
    conflicts.conflict_box(
        found, question,
        save=lambda conflict, chosen: _settle(found, question, conflict, chosen),
        keep_theirs=_keep_theirs,
    )  # fmt: skip


def _saved(found: Assessment, question: Question) -> str:
    answer, at = found.answers.get(question.id), found.saved_at.get(question.id)
    if at is None:
        return ""
    if answer is not None and answer.needs_confirmation:
        return say("Prefilled, not confirmed yet")
    return say("Saved {time}", time=clock(at))


def _settle(
    found: Assessment, question: Question, conflict: AnswerConflict, chosen: Answer | None
) -> None:
    records, actor, version = state.records(), identity.current_actor(), conflict.version
    if chosen is None:
        _attempt(lambda: questionnaire.clear_answer(
            records, actor, found.id, question.id, expected_version=version))  # fmt: skip
    else:
        _attempt(lambda: questionnaire.save_answer(
            records, actor, found.id, question.id, chosen.value, status=chosen.status,
            note=chosen.note, expected_version=version))  # fmt: skip
    _show_stored()


def _keep_theirs() -> None:
    conflicts.forget()
    _show_stored()


def _undo(found: Assessment, question: Question) -> None:
    _attempt(lambda: questionnaire.undo(
        state.records(), identity.current_actor(), found.id, question.id))  # fmt: skip
    st.session_state.pop(_unknown_key(found, question), None)
    _show_stored()
    st.rerun()


def _can_write(found: Assessment) -> bool:
    return found.can_write(identity.current_person().id)


def _unknown_key(found: Assessment, question: Question) -> str:
    return f"unknown:{found.id}:{question.id}"


def _key(found: Assessment, question: Question) -> str:
    return f"answer:{found.id}:{question.id}:{st.session_state.get(_FRESH, 0)}"


def _show_stored() -> None:
    """Draw the input anew: it keeps what the browser holds otherwise, not what is stored."""
    st.session_state[_FRESH] = st.session_state.get(_FRESH, 0) + 1
