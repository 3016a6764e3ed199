"""What a repeated section may not get wrong: who may name its questions, and from where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple

from assessments.questionnaire.document import Cursor
from assessments.questionnaire.expressions import Aggregate, Expression, Name, parts_of
from assessments.questionnaire.groups import columns_of, inner_questions, is_repeating
from assessments.questionnaire.template import Question, Section, Template

LONGEST_ID = 78


def check(template: Template, root: Cursor) -> None:
    """Raise BadInput at the line of the first mistake."""
    if not is_repeating(template):
        return
    home = {q.id: s.id for s in template.sections if s.register for q in s.questions}
    for place, section in zip(root.children("sections"), template.sections, strict=True):
        _check_reach(template, place, "show_if", section.show_if, home, "")
        if section.register is not None:
            _check_register(place, section)
        inside = section.id if section.register else ""
        for at, question in zip(place.children("questions"), section.questions, strict=True):
            _check_question(template, at, question, home, inside)
    _check_lints(template, root, home)
    _check_rest(template, root, home)


def _check_register(place: Cursor, section: Section) -> None:
    at = place.child("repeat")
    register = section.register
    if register is not None and register.prefill is not None:
        for name in register.prefill.columns:
            if name != register.label:
                raise at.child("prefill").problem(f"There is no column {name}", key="columns")
    least, most = at.number("min") or 0, at.number("max")
    if least < 0 or (most is not None and most < max(least, 1)):
        raise at.problem("'min' and 'max' leave no number that is right", key="max")
    if not section.repeated:
        raise at.problem("Besides the label there is nothing to ask")
    for question in section.repeated:
        if len(section.id) + len(question.id) > LONGEST_ID:
            raise place.problem(f"The ids {section.id} and {question.id} are too long together")


def _check_question(
    template: Template, place: Cursor, question: Question, home: dict[str, str], inside: str
) -> None:
    for key, tree in (("show_if", question.show_if), ("only_options", question.shape.only_options)):
        _check_reach(template, place, key, tree, home, inside)
    if inside and question.prefill is not None:
        raise place.problem(
            "Only the register of a repeated section can be prefilled", key="prefill"
        )
    for column in question.columns:
        for table in column.shape.references:
            if home.get(table, inside) != inside:
                raise _outside(place, table, "columns")


def _check_reach(
    template: Template,
    place: Cursor,
    key: str,
    tree: Expression | None,
    home: dict[str, str],
    inside: str,
) -> None:
    """A question of a group is named inside its group, or through the register's rows."""
    for name in free_names(template, tree):
        if home.get(name, inside) != inside:
            raise _outside(place, name, key)
        if inside and name in _labels(template, inside):
            raise place.problem(f"{name} names the instance and cannot be compared here", key=key)


def _labels(template: Template, register: str) -> frozenset[str]:
    inner = {question.id for question in inner_questions(template, register)}
    return columns_of(template, register) - inner


def _outside(place: Cursor, name: str, key: str) -> Exception:
    return place.problem(
        f"{name} is asked several times, so it is not known which answer is meant",
        "Say it about the rows of its section, e.g. any(section where ...).",
        key=key,
    )


def free_names(template: Template, tree: Expression | None) -> Iterator[str]:
    """The questions and tables that an expression names, columns inside ``where`` not among them."""
    if tree is None:
        return
    if isinstance(tree, Name):
        yield tree.id
    elif isinstance(tree, Aggregate):
        yield tree.table
        own = columns_of(template, tree.table)
        yield from (name for name in free_names(template, tree.where) if name not in own)
    else:
        for part in parts_of(tree):
            yield from free_names(template, part)


def _check_lints(template: Template, root: Cursor, home: dict[str, str]) -> None:
    for place, lint in zip(root.children("lints"), template.lints, strict=True):
        inside = lint.each if inner_questions(template, lint.each) else ""
        for key, tree in (("where", lint.where), ("require", lint.require)):
            for name in free_names(template, tree):
                if home.get(name, inside) != inside:
                    raise _outside(place, name, key)
        if home.get(lint.question, inside) != inside:
            raise _outside(place, lint.question, "question")


def _check_rest(template: Template, root: Cursor, home: dict[str, str]) -> None:
    """Outcome, record and grants speak of the whole assessment."""
    if template.outcome is not None:
        outcome = template.outcome
        trees = [level.when for level in outcome.levels]
        trees += [trigger.when for trigger in (*outcome.triggers, *outcome.further)]
        for tree in (*trees, *outcome.scores.values()):
            _check_reach(template, root.child("outcome"), "levels", tree, home, "")
    record = template.record
    named = [record.inherent, record.residual, record.measures, record.leakage]
    named += [*record.threats.values(), *(astuple(template.grants) if template.grants else ())]
    for name in named:
        if name in home:
            raise _outside(root, name, "record")
