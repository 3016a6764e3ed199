"""A template in another language: the same template with other texts.

``templates/<id>.<language>.yaml`` mirrors ids and holds texts alone; what it leaves out stays
English, and ``translation.missing_texts`` lists it, ``version`` too when the English texts went on. It cannot change a rule. Options of a pack speak
through the pack's own texts, and sources are cited as the language cites them.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from assessments.questionnaire.citations import cite
from assessments.questionnaire.document import Cursor, read_document
from assessments.questionnaire.packs import load_pack
from assessments.questionnaire.template import (
    Column,
    Guidance,
    Lint,
    Option,
    OutcomeRules,
    Question,
    Section,
    Shape,
    Template,
)


def apply_overlay(template: Template, data: bytes, file: str) -> Template:
    """The template with the texts of an overlay; BadInput when it names what is not there."""
    root = Cursor.at_root(read_document(data, file))
    root.check_keys("id language", "version title description sections questions lints outcome")
    if root.text("id") != template.id:
        raise root.problem(f"This is no overlay of {template.id}", key="id")
    language = root.text("language")
    questions = {
        q.id: _question(q, _find(root, "questions", q.id), language) for q in template.questions
    }
    _refuse_strangers(root, "questions", set(questions))
    _refuse_strangers(root, "sections", {section.id for section in template.sections})
    _refuse_strangers(root, "lints", {rule.id for rule in template.lints})
    sections = tuple(
        _section(s, _find(root, "sections", s.id), questions, language) for s in template.sections
    )
    return replace(
        template,
        language=language,
        source=cite(template.source, language),
        title=root.text("title", template.title),
        description=root.text("description", template.description),
        sections=sections,
        lints=tuple(_lint(rule, root) for rule in template.lints),
        outcome=_outcome(template.outcome, root),
        by_id=MappingProxyType(questions),
    )


def _find(root: Cursor, key: str, name: str) -> Cursor | None:
    return next((cursor for found, cursor in root.entries(key) if found == name), None)


def _refuse_strangers(root: Cursor, key: str, known: set[str]) -> None:
    for name, cursor in root.entries(key):
        if name not in known:
            raise cursor.problem(f"The template has no '{name}' among its {key}")


def _section(
    section: Section, at: Cursor | None, questions: dict[str, Question], language: str
) -> Section:
    own = tuple(questions[q.id] for q in section.questions)
    texts = replace(
        section,
        questions=own,
        repeated=tuple(questions[q.id] for q in section.repeated),
        register=questions[section.register.id] if section.register else None,
        source=cite(section.source, language),
    )
    if at is None:
        return texts
    at.check_keys("", "title intro")
    return replace(
        texts, title=at.text("title", section.title), intro=at.text("intro", section.intro)
    )


def _question(question: Question, at: Cursor | None, language: str) -> Question:
    if at is None:
        columns = tuple(_column(column, None, language) for column in question.columns)
        shape, source = _shape(question.shape, None, language), cite(question.source, language)
        return replace(question, source=source, shape=shape, columns=columns)
    at.check_keys("", "title hint why example options columns unit")
    _refuse_strangers(at, "columns", {column.id for column in question.columns})
    return replace(
        question,
        title=at.text("title", question.title),
        hint=at.text("hint", question.hint),
        guidance=Guidance(
            at.text("why", question.guidance.why), at.text("example", question.guidance.example)
        ),
        source=cite(question.source, language),
        shape=_shape(question.shape, at, language),
        columns=tuple(_column(c, _find(at, "columns", c.id), language) for c in question.columns),
    )


def _column(column: Column, at: Cursor | None, language: str) -> Column:
    if at is None:
        return replace(column, shape=_shape(column.shape, None, language))
    at.check_keys("", "title hint options unit")
    return replace(
        column,
        title=at.text("title", column.title),
        hint=at.text("hint", column.hint),
        shape=_shape(column.shape, at, language),
    )


def _shape(shape: Shape, at: Cursor | None, language: str) -> Shape:
    """The options of a pack speak the language of the pack's own texts."""
    if shape.pack:
        options = load_pack(shape.pack, language).options(shape.pack_list)
        return replace(
            shape, options=options, unit=at.text("unit", shape.unit) if at else shape.unit
        )
    if at is None:
        return shape
    _refuse_strangers(at, "options", {option.id for option in shape.options})
    return replace(
        shape,
        unit=at.text("unit", shape.unit),
        options=tuple(_option(option, _find(at, "options", option.id)) for option in shape.options),
    )


def _option(option: Option, at: Cursor | None) -> Option:
    if at is None:
        return option
    if isinstance(at.content, str):
        return replace(option, title=at.content)
    at.check_keys("title", "hint")
    return replace(option, title=at.text("title"), hint=at.text("hint", option.hint))


def _lint(rule: Lint, root: Cursor) -> Lint:
    at, source = _find(root, "lints", rule.id), cite(rule.source, root.text("language"))
    return replace(rule, source=source, text=rule.text if at is None else str(at.content))


def level_names(rules: OutcomeRules) -> list[str]:
    """Two ways to the same level have texts of their own: ``no_dpia`` and ``no_dpia.2``."""
    ids = [level.id for level in rules.levels]
    times = [ids[: place + 1].count(name) for place, name in enumerate(ids)]
    return [name if time == 1 else f"{name}.{time}" for name, time in zip(ids, times, strict=True)]


def _outcome(rules: OutcomeRules | None, root: Cursor) -> OutcomeRules | None:
    if rules is None or not root.has("outcome"):
        return rules
    at = root.child("outcome")
    at.check_keys("", "levels triggers further")
    triggers, further = (
        tuple(
            replace(
                rule,
                source=cite(rule.source, root.text("language")),
                text=str(found.content) if (found := _find(at, key, rule.code)) else rule.text,
            )
            for rule in group
        )
        for key, group in (("triggers", rules.triggers), ("further", rules.further))
    )
    levels = tuple(
        replace(level, title=found.text("title", level.title), text=found.text("text", level.text))
        if (found := _find(at, "levels", name))
        else level
        for name, level in zip(level_names(rules), rules.levels, strict=True)
    )
    return replace(rules, levels=levels, triggers=triggers, further=further)
