"""Conditions in words: 'Shown because you answered Yes to ...'."""

from __future__ import annotations

from collections.abc import Iterable

from assessments.questionnaire.answers import Answers
from assessments.questionnaire.evaluation import UNKNOWN, evaluate, truth
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
    This,
)
from assessments.questionnaire.template import Question, Shape, Template, Type
from assessments.questionnaire.view import View

_SIGNS = {
    "=": "is",
    "!=": "is not",
    "<": "is below",
    "<=": "is at most",
    ">": "is above",
    ">=": "is at least",
}


def explain_shown(template: Template, answers: Answers, question_id: str) -> str:
    """Why a conditional question is shown; an empty text when it is always asked."""
    return _explain(template, answers, question_id, wanted=True)


def explain_hidden(template: Template, answers: Answers, question_id: str) -> str:
    """What would have to be so for a set-aside answer to count again."""
    return _explain(template, answers, question_id, wanted=False)


def _explain(template: Template, answers: Answers, question_id: str, *, wanted: bool) -> str:
    question = template.question(question_id)
    view = View(template, answers)
    trees = [template.section(question.section_id).show_if, question.show_if]
    conditions = [tree for tree in trees if tree is not None]
    if wanted:
        reasons = [_say(tree, view) for tree in conditions if truth(tree, view) is True]
        return f"Shown because {' and '.join(reasons)}." if reasons else ""
    missing = [in_words(tree, template) for tree in conditions if truth(tree, view) is not True]
    return f"Set aside: it counts only if {' and '.join(missing)}." if missing else ""


def _say(tree: Expression, view: View) -> str:
    """Only the parts of a condition that made it true."""
    if isinstance(tree, Junction) and tree.word == "or":
        return " and ".join(_say(part, view) for part in tree.parts if truth(part, view) is True)
    if isinstance(tree, Junction):
        return " and ".join(_say(part, view) for part in tree.parts)
    if isinstance(tree, Comparison) and isinstance(tree.left, Name):
        value = evaluate(tree.left, view)
        question = view.template.by_id.get(tree.left.id)
        if question and value is not UNKNOWN and tree.sign in {"=", "in"}:
            return f"you answered {_values(question.shape, [value])} to “{question.title}”"
    if isinstance(tree, Comparison) and tree.sign == "in" and isinstance(tree.right, Name):
        question = view.template.by_id[tree.right.id]
        chosen = [tree.left.value] if isinstance(tree.left, Literal) else []
        return f"you chose {_values(question.shape, chosen)} under “{question.title}”"
    return in_words(tree, view.template)


def in_words(tree: Expression, template: Template, columns: Question | None = None) -> str:
    """A condition as half a sentence."""
    match tree:
        case Junction(word=word, parts=parts):
            return f" {word} ".join(in_words(part, template, columns) for part in parts)
        case Not(part=part):
            return f"it is not so that {in_words(part, template, columns)}"
        case Comparison(sign="in", left=left, right=Name(id=name)):
            shape = _shape(name, template, columns)
            return f"{_side(name, template, columns)} includes {_operand(left, shape, template, columns)}"
        case Comparison(sign=sign, left=left, right=right):
            shape = _shape(left.id, template, columns) if isinstance(left, Name) else None
            said = _operand(right, shape, template, columns)
            word = "is one of" if sign == "in" else _SIGNS[sign]
            return f"{_operand(left, None, template, columns)} {word} {said}"
        case Name(id=name):
            return f"{_side(name, template, columns)} is Yes"
        case Call(function="answered", arguments=arguments):
            return f"{_operands(arguments, template, columns)} is answered"
        case Call(function="unknown", arguments=arguments):
            return f"you do not know {_operands(arguments, template, columns)} yet"
        case Aggregate():
            return _aggregate(tree, template)
        case _:
            return _operand(tree, None, template, columns)


def _aggregate(tree: Aggregate, template: Template) -> str:
    question = template.by_id[tree.table]
    inside = f" where {in_words(tree.where, template, question)}" if tree.where else ""
    start = {"any": "there is a row", "all": "every row", "count": "the number of rows"}
    word = start.get(tree.function, f"the {tree.function} of {tree.column}")
    if tree.function == "all" and tree.where:
        return f"in every row of “{question.title}” {in_words(tree.where, template, question)}"
    return f"{word} in “{question.title}”{inside}"


def _operands(parts: Iterable[Expression], template: Template, columns: Question | None) -> str:
    return ", ".join(_operand(part, None, template, columns) for part in parts)


def _operand(
    tree: Expression, shape: Shape | None, template: Template, columns: Question | None
) -> str:
    match tree:
        case Literal(value=value):
            return _values(shape, [value])
        case Listing(items=items):
            return " or ".join(_operand(item, shape, template, columns) for item in items)
        case Name(id=name):
            return _side(name, template, columns)
        case This(column=column):
            return f"the row's {column.replace('_', ' ')}"
        case Call(function="count_yes", arguments=arguments):
            return f"the number of Yes among {_operands(arguments, template, columns)}"
        case Call(function=function, arguments=arguments):
            return f"the {function} of {_operands(arguments, template, columns)}"
        case Sum(sign=sign, left=left, right=right):
            word = "plus" if sign == "+" else "minus"
            return f"{_operand(left, None, template, columns)} {word} {_operand(right, None, template, columns)}"
        case _:
            return in_words(tree, template, columns)


def _side(name: str, template: Template, columns: Question | None) -> str:
    for column in columns.columns if columns else ():
        if column.id == name:
            return f"“{column.title}”"
    question = template.by_id.get(name)
    return f"“{question.title}”" if question else name.replace("_", " ")


def _shape(name: str, template: Template, columns: Question | None) -> Shape | None:
    for column in columns.columns if columns else ():
        if column.id == name:
            return column.shape
    question = template.by_id.get(name)
    return question.shape if question else None


def _values(shape: Shape | None, values: Iterable[object]) -> str:
    return ", ".join(_one(shape, value) for value in values)


def _one(shape: Shape | None, value: object) -> str:
    if shape is not None and shape.type in {Type.CHOICE, Type.MULTIPLE_CHOICE}:
        option = shape.find_option(value)
        return f"“{option.title}”" if option else str(value)
    if isinstance(value, float):
        return f"{value:g}"
    return str(value).capitalize() if value in ("yes", "no") else str(value)
