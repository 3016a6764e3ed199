"""Sections that are answered once for each of several things: every processor, every model, every country.

Such a section has a register, a table of one column that lists the things; its id is the section's.
Each row is an instance. The questions of the section are asked for each instance, under
``register/row/question``: an instance keeps its answers when rows are moved or renamed, and has them
again when its removal is undone. To everything else an instance's questions are questions like
others; to rules from outside, the register is a table whose rows also hold the instance's answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from assessments.questionnaire.answers import Answers, Status
from assessments.questionnaire.expressions import (
    Aggregate,
    Call,
    Comparison,
    Expression,
    Junction,
    Listing,
    Literal,
    Name,
    Not,
    Sum,
)
from assessments.questionnaire.template import Question, Section, Shape, Template

INSTANCE = re.compile(r"[A-Za-z0-9._-]{1,40}\Z")
Names = Mapping[str, str]


def path(register: str, instance: str, question: str) -> str:
    """The id of an instance's question."""
    return f"{register}/{instance}/{question}"


def is_register(question: Question) -> bool:
    """Whether its rows are the instances of its section."""
    return question.id == question.section_id


def is_repeating(template: Template) -> bool:
    """Whether any section is answered more than once."""
    return any(section.register for section in template.sections)


def expand(template: Template, answers: Answers, known: Iterable[str] = ()) -> Template:
    """The template with the questions of every instance that these answers list.

    Instances that are gone keep their questions too, set aside, for as long as answers are there.
    ``known``: further ids that were answered once. Expanding again brings it up to date.
    """
    if not is_repeating(template):
        return template
    sections: list[Section] = []
    by_id: dict[str, Question] = {}
    gone = _by_register((*answers, *known))
    for section in template.sections:
        if section.register is not None:
            listed = dict(_instances(section.register, answers))
            section = replace(section, questions=tuple(_asked(template, section, listed)))
            missing = {i: None for i in gone.get(section.id, ()) if i not in listed}
            by_id |= {q.id: q for q in _removed(template, section, missing)}
        sections.append(section)
        by_id |= {question.id: question for question in section.questions}
    return replace(
        template,
        sections=tuple(sections),
        by_id=MappingProxyType(by_id),
        switches=_switches(template, by_id),
    )


def _by_register(ids: Iterable[str]) -> dict[str, dict[str, None]]:
    """The instances that answers were ever given for, by register, in order."""
    found: dict[str, dict[str, None]] = {}
    for name in ids:
        register, _, rest = name.partition("/")
        if rest:
            found.setdefault(register, {})[rest.partition("/")[0]] = None
    return found


def _instances(register: Question, answers: Answers) -> Iterator[tuple[str, str]]:
    """Row id and name of each instance; without a name it goes by its number."""
    answer = answers.get(register.id)
    rows = answer.value if answer and answer.status is Status.ANSWERED else []
    for number, row in enumerate(rows, start=1):
        yield row["id"], str(row.get(register.label) or number)


def _asked(template: Template, section: Section, listed: Mapping[str, str]) -> Iterator[Question]:
    if section.register is not None:
        yield section.register
    for instance, name in listed.items():
        yield from _questions(template, section, instance, name)


def _removed(template: Template, section: Section, missing: Iterable[str]) -> Iterator[Question]:
    """Asked only while the row is there: its answers are set aside as behind any condition."""
    for instance in missing:
        is_listed = Aggregate(
            "any", section.id, None, Comparison("=", Name("id"), Literal(instance))
        )
        for question in _questions(template, section, instance, ""):
            yield replace(question, show_if=is_listed)


def _questions(
    template: Template, section: Section, instance: str, name: str
) -> Iterator[Question]:
    names = {question.id: path(section.id, instance, question.id) for question in section.repeated}
    for question in section.repeated:
        yield replace(
            question,
            id=names[question.id],
            title=f"{name}: {question.title}" if name else question.title,
            show_if=_renamed(question.show_if, names, template),
            shape=_reshaped(question.shape, names, template),
            columns=tuple(
                replace(column, shape=_reshaped(column.shape, names, template))
                for column in question.columns
            ),
        )


def _reshaped(shape: Shape, names: Names, template: Template) -> Shape:
    if not shape.references and shape.only_options is None:
        return shape
    return replace(
        shape,
        references=tuple(names.get(table, table) for table in shape.references),
        only_options=_renamed(shape.only_options, names, template),
    )


def _switches(template: Template, by_id: Mapping[str, Question]) -> frozenset[str]:
    """A register decides which instances count, so it is always one."""
    registers = {section.id for section in template.sections if section.register}
    paths = {name for name in by_id if name.rpartition("/")[2] in template.switches}
    return template.switches | registers | paths


def _renamed(tree: Expression | None, names: Names, template: Template) -> Expression | None:
    return None if tree is None else rename(tree, names, template)


def rename(tree: Expression, names: Names, template: Template) -> Expression:
    """The same expression about other questions; inside ``where``, columns keep their names."""

    def again(part: Expression) -> Expression:
        return rename(part, names, template)

    match tree:
        case Name(id=name):
            return Name(names.get(name, name))
        case Not(part=part):
            return Not(again(part))
        case Listing(items=items):
            return Listing(tuple(map(again, items)))
        case Junction(word=word, parts=parts):
            return Junction(word, tuple(map(again, parts)))
        case Comparison(sign=sign, left=left, right=right):
            return Comparison(sign, again(left), again(right))
        case Sum(sign=sign, left=left, right=right):
            return Sum(sign, again(left), again(right))
        case Call(function=function, arguments=arguments):
            return Call(function, tuple(map(again, arguments)))
        case Aggregate(table=table, where=where):
            outer = {k: v for k, v in names.items() if k not in columns_of(template, table)}
            inside = None if where is None else rename(where, outer, template)
            return replace(tree, table=names.get(table, table), where=inside)
        case _:
            return tree


def columns_of(template: Template, table: str) -> frozenset[str]:
    """The names that a row of a table knows; a register's row also knows its instance's answers."""
    question = template.by_id.get(table)
    inner = inner_questions(template, table)
    own = frozenset(column.id for column in question.columns) if question else frozenset()
    return own | {each.id for each in inner}


def inner_questions(template: Template, register: str) -> tuple[Question, ...]:
    """The questions asked for each row of a register; none for any other table."""
    return next((s.repeated for s in template.sections if s.register and s.id == register), ())
