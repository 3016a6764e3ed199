"""The outcome of a screening: the first level whose condition holds, with a reason per trigger.

An outcome is undetermined while open answers could still change it (WP248 rev.01, section III.B).
The text of a level may name a score in braces.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from assessments.errors import BadInput
from assessments.language import say
from assessments.questionnaire.answers import Answers, Status
from assessments.questionnaire.evaluation import UNKNOWN, Range, evaluate, truth
from assessments.questionnaire.expressions import names_in
from assessments.questionnaire.template import Level, Question, Template, Trigger
from assessments.questionnaire.view import View

UNDETERMINED = "undetermined"
SCORE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Reason:
    """Something that speaks for the outcome; template names a further assessment to make."""

    code: str
    text: str
    source: str
    template: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """level is the id of the level, or 'undetermined'; open names what must be answered first."""

    level: str
    title: str
    text: str
    reasons: tuple[Reason, ...]
    further: tuple[Reason, ...]
    open: tuple[Question, ...]
    scores: Mapping[str, tuple[float, float]]
    tone: str = "info"

    @property
    def is_determined(self) -> bool:
        return self.level != UNDETERMINED


def screening_outcome(template: Template, answers: Answers) -> Outcome:
    """Apply the template's outcome rules to what counts."""
    if template.outcome is None:
        raise BadInput(f"The template {template.id} decides nothing", field="template")
    rules, view = template.outcome, View(template, answers)
    level = _first_level(view, rules.levels)
    scores = {name: _bounds(evaluate(tree, view)) for name, tree in rules.scores.items()}
    return Outcome(
        level=level.id if level else UNDETERMINED,
        title=level.title if level else say(template.language, "Not decided yet"),
        text=_scored(level.text, scores, template.language)
        if level
        else say(template.language, "Open answers can still change the outcome."),
        reasons=_reasons(view, rules.triggers),
        further=_reasons(view, rules.further),
        open=() if level else _open_questions(view, rules.levels),
        scores=scores,
        tone=level.tone if level else "info",
    )


def _first_level(view: View, levels: tuple[Level, ...]) -> Level | None:
    for level in levels:
        met = truth(level.when, view)
        if met is UNKNOWN:
            return None
        if met:
            return level
    return None


def _reasons(view: View, triggers: tuple[Trigger, ...]) -> tuple[Reason, ...]:
    return tuple(
        Reason(trigger.code, trigger.text, trigger.source, trigger.template)
        for trigger in triggers
        if truth(trigger.when, view) is True
    )


def _open_questions(view: View, levels: tuple[Level, ...]) -> tuple[Question, ...]:
    named = {name for level in levels for name in names_in(level.when)}
    return tuple(
        question
        for question in view.template.questions
        if question.id in named
        and view.is_visible(question.id)
        and view.status(question.id) in (None, Status.UNKNOWN)
    )


def _bounds(value: object) -> tuple[float, float]:
    if isinstance(value, Range):
        return (value.low, value.high)
    return (0.0, 0.0)


def _scored(text: str, scores: Mapping[str, tuple[float, float]], language: str) -> str:
    """The text with ``{name}`` replaced by that score; open answers leave a range."""

    def figure(match: re.Match[str]) -> str:
        if match[1] not in scores:
            return match[0]
        low, high = (f"{bound:g}" for bound in scores[match[1]])
        return low if low == high else say(language, "{low} to {high}", low=low, high=high)

    return SCORE.sub(figure, text)
