"""How far an assessment is: the task list, open points, and what blocks sending it for review."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from assessments.language import say
from assessments.questionnaire.answers import Answer, Answers, Status
from assessments.questionnaire.deviations import Deviation, judge
from assessments.questionnaire.lints import Finding
from assessments.questionnaire.template import Question, Section, Template
from assessments.questionnaire.view import View


class TaskStatus(StrEnum):
    """The states of a task, as the task list words them."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANNOT_START = "cannot_start"
    CHANGES_REQUESTED = "changes_requested"


class SectionWord(Protocol):
    """What a reviewer said of a section; ``review.rounds.SectionVerdict`` is one."""

    @property
    def verdict(self) -> str: ...

    @property
    def comment(self) -> str: ...

    @property
    def is_current(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Task:
    """One section on the task list; reason says why it cannot start, or what should change."""

    section_id: str
    title: str
    status: TaskStatus
    reason: str
    answered: int
    asked: int
    first_open: str | None


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """A question answered with 'I do not know yet', carried until somebody knows."""

    question: Question
    note: str | None


class BlockerKind(StrEnum):
    """Why an assessment cannot be sent yet."""

    MISSING = "missing"
    UNCONFIRMED = "unconfirmed"
    LINT = "lint"


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing to do before sending for review."""

    kind: BlockerKind
    question_id: str
    section_id: str
    text: str
    finding: Finding | None = None


def tasks(
    template: Template, answers: Answers, verdicts: Mapping[str, SectionWord] | None = None
) -> list[Task]:
    """The task list: one task a section that applies, in order."""
    view = View(template, answers)
    done = {s.id for s in template.sections if is_complete(view, s)}
    return [
        _task(view, section, done, (verdicts or {}).get(section.id))
        for section in template.sections
        if view.is_section_visible(section)
    ]


def is_complete(view: View, section: Section) -> bool:
    """Every required question that is shown has an answer that a person stands behind.

    A section without required questions is complete once something in it is answered.
    """
    shown = [q for q in section.questions if view.is_visible(q.id)]
    required = [q for q in shown if q.required]
    if not required and shown:
        return any(_is_settled(view.answer(q.id)) for q in shown)
    settled = all(_is_settled(view.answer(q.id)) for q in required)
    return settled and not any(_waits(view.answer(q.id)) for q in shown)


def _is_settled(answer: Answer | None) -> bool:
    return answer is not None and not answer.needs_confirmation


def _waits(answer: Answer | None) -> bool:
    return answer is not None and answer.needs_confirmation


def _task(view: View, section: Section, done: set[str], word: SectionWord | None) -> Task:
    shown = [q for q in section.questions if view.is_visible(q.id)]
    settled = {q.id for q in shown if _is_settled(view.answer(q.id))}
    left = [q for q in shown if q.id not in settled]
    still_open = [q.id for q in left if q.required or view.answer(q.id)]
    waits = [s for s in section.after if s not in done and _applies(view, s)]
    status, reason = TaskStatus.NOT_STARTED, ""
    if section.id in done:
        status = TaskStatus.COMPLETED
    elif settled:
        status = TaskStatus.IN_PROGRESS
    elif waits:
        language = view.template.language
        named = (view.template.section(name).title for name in waits)
        titles = ", ".join(say(language, "“{title}”", title=title) for title in named)
        reason = say(language, "First complete {titles}.", titles=titles)
        status = TaskStatus.CANNOT_START
    if word is not None and word.is_current and word.verdict == "changes_requested":
        status, reason = TaskStatus.CHANGES_REQUESTED, word.comment
    first = still_open[0] if still_open else (shown[0].id if shown else None)
    return Task(section.id, section.title, status, reason, len(settled), len(shown), first)


def _applies(view: View, section_id: str) -> bool:
    return view.is_section_visible(view.template.section(section_id))


def open_points(template: Template, answers: Answers) -> list[OpenPoint]:
    """What nobody knows yet, in the template's order."""
    view = View(template, answers)
    found = ((question, view.answer(question.id)) for question in template.questions)
    return [OpenPoint(q, a.note) for q, a in found if a and a.status is Status.UNKNOWN]


def blockers(
    template: Template, answers: Answers, deviations: Iterable[Deviation] = ()
) -> list[Blocker]:
    """Everything that stops sending for review; an empty list means ready."""
    found = gaps(template, answers)
    for judged in judge(template, answers, deviations):
        finding = judged.finding
        if finding.is_blocking and judged.is_open:
            section_id = template.question(finding.question).section_id
            found.append(
                Blocker(BlockerKind.LINT, finding.question, section_id, finding.text, finding)
            )
    return found


def gaps(template: Template, answers: Answers) -> list[Blocker]:
    """The questions that still need an answer or a look; broken rules are not among them."""
    view = View(template, answers)
    return [
        Blocker(*problem, question.section_id, _words(template, problem[0], question))
        for question in template.questions
        if view.is_visible(question.id) and (problem := _problem(view, question))
    ]


def _problem(view: View, question: Question) -> tuple[BlockerKind, str] | None:
    answer = view.answer(question.id)
    if answer is None:
        return (BlockerKind.MISSING, question.id) if question.required else None
    return (BlockerKind.UNCONFIRMED, question.id) if answer.needs_confirmation else None


def _words(template: Template, kind: BlockerKind, question: Question) -> str:
    if kind is BlockerKind.MISSING:
        return say(template.language, "Not answered yet: {title}", title=question.title)
    return say(template.language, "Prefilled and not looked at yet: {title}", title=question.title)
