"""Conditions in words, in the template's language: 'Shown because you answered Yes to ...'."""

from __future__ import annotations

from collections.abc import Iterable

from assessments.language import say, say_number, sentence
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

_FUNCTIONS = (
    sentence("sum"), sentence("max"), sentence("min"), sentence("score"), sentence("days_between"),
)  # fmt: skip
_SIGNS = {
    "=": sentence("is"),
    "!=": sentence("is not"),
    "<": sentence("is below"),
    "<=": sentence("is at most"),
    ">": sentence("is above"),
    ">=": sentence("is at least"),
    "in": sentence("is one of"),
    "+": sentence("plus"),
    "-": sentence("minus"),
}
_ROWS = {
    ("any", False): sentence("there is a row in “{title}”"),
    ("any", True): sentence("there is a row in “{title}” where {condition}"),
    ("all", False): sentence("every row in “{title}”"),
    ("all", True): sentence("in every row of “{title}” {condition}"),
    ("count", False): sentence("the number of rows in “{title}”"),
    ("count", True): sentence("the number of rows in “{title}” where {condition}"),
}
_WITHIN = {
    False: sentence("{said} in “{title}”"),
    True: sentence("{said} in “{title}” where {condition}"),
}
_JOINED = {"and": sentence(" and "), "or": sentence(" or ")}


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
        return _because(template, sentence("Shown because {reasons}."), reasons)
    missing = [in_words(tree, template) for tree in conditions if truth(tree, view) is not True]
    return _because(template, sentence("Set aside: it counts only if {reasons}."), missing)


def _because(template: Template, frame: str, reasons: list[str]) -> str:
    if not reasons:
        return ""
    return say(template.language, frame, reasons=_join(template, "and", reasons))


def _join(template: Template, word: str, parts: Iterable[str]) -> str:
    return say(template.language, _JOINED[word]).join(parts)


def _say(tree: Expression, view: View) -> str:
    """Only the parts of a condition that made it true."""
    if isinstance(tree, Junction) and tree.word == "or":
        met = [part for part in tree.parts if truth(part, view) is True]
        return _join(view.template, "and", (_say(part, view) for part in met))
    if isinstance(tree, Junction):
        return _join(view.template, "and", (_say(part, view) for part in tree.parts))
    language = view.template.language
    if isinstance(tree, Comparison) and isinstance(tree.left, Name):
        value = evaluate(tree.left, view)
        question = view.template.by_id.get(tree.left.id)
        if question and value is not UNKNOWN and tree.sign in {"=", "in"}:
            given = _values(question.shape, [value], language)
            return say(
                language, "you answered {answer} to “{title}”", answer=given, title=question.title
            )
    if isinstance(tree, Comparison) and tree.sign == "in" and isinstance(tree.right, Name):
        question = view.template.by_id[tree.right.id]
        chosen = [tree.left.value] if isinstance(tree.left, Literal) else []
        given = _values(question.shape, chosen, language)
        return say(
            language, "you chose {answer} under “{title}”", answer=given, title=question.title
        )
    return in_words(tree, view.template)


def in_words(tree: Expression, template: Template, columns: Question | None = None) -> str:
    """A condition as half a sentence."""
    language = template.language
    match tree:
        case Junction(word=word, parts=parts):
            return _join(template, word, (in_words(part, template, columns) for part in parts))
        case Not(part=part):
            said = in_words(part, template, columns)
            return say(language, "it is not so that {condition}", condition=said)
        case Comparison(sign="in", left=left, right=Name(id=name)):
            shape = _shape(name, template, columns)
            said = _operand(left, shape, template, columns)
            named = _side(name, template, columns)
            return say(language, "{name} includes {value}", name=named, value=said)
        case Comparison(sign=sign, left=left, right=right):
            shape = _shape(left.id, template, columns) if isinstance(left, Name) else None
            said = _operand(right, shape, template, columns)
            word = say(language, _SIGNS[sign])
            return f"{_operand(left, None, template, columns)} {word} {said}"
        case Name(id=name):
            return say(language, "{name} is Yes", name=_side(name, template, columns))
        case Call(function="answered", arguments=arguments):
            return say(language, "{name} is answered", name=_operands(arguments, template, columns))
        case Call(function="unknown", arguments=arguments):
            named = _operands(arguments, template, columns)
            return say(language, "you do not know {name} yet", name=named)
        case Aggregate():
            return _aggregate(tree, template)
        case _:
            return _operand(tree, None, template, columns)


def _aggregate(tree: Aggregate, template: Template) -> str:
    question, language = template.by_id[tree.table], template.language
    told = in_words(tree.where, template, question) if tree.where else ""
    frame = _ROWS.get((tree.function, bool(told)))
    if frame is not None:
        return say(language, frame, title=question.title, condition=told)
    column, function = _side(tree.column or "", template, question), say(language, tree.function)
    said = say(language, "the {function} of {column}", function=function, column=column)
    return say(language, _WITHIN[bool(told)], said=said, title=question.title, condition=told)


def _operands(parts: Iterable[Expression], template: Template, columns: Question | None) -> str:
    return ", ".join(_operand(part, None, template, columns) for part in parts)


def _operand(
    tree: Expression, shape: Shape | None, template: Template, columns: Question | None
) -> str:
    language = template.language
    match tree:
        case Literal(value=value):
            return _values(shape, [value], language)
        case Listing(items=items):
            return _join(template, "or", (_operand(i, shape, template, columns) for i in items))
        case Name(id=name):
            return _side(name, template, columns)
        case This(column=column):
            return say(language, "the row's {column}", column=_side(column, template, columns))
        case Call(function="count_yes", arguments=arguments):
            named = _operands(arguments, template, columns)
            return say(language, "the number of Yes among {names}", names=named)
        case Call(function=function, arguments=arguments):
            named = _operands(arguments, template, columns)
            word = say(language, function)
            return say(language, "the {function} of {column}", function=word, column=named)
        case Sum(sign=sign, left=left, right=right):
            word = say(language, _SIGNS[sign])
            return f"{_operand(left, None, template, columns)} {word} {_operand(right, None, template, columns)}"
        case _:
            return in_words(tree, template, columns)


def _side(name: str, template: Template, columns: Question | None) -> str:
    for column in columns.columns if columns else ():
        if column.id == name:
            return say(template.language, "“{title}”", title=column.title)
    question = template.by_id.get(name)
    if question is None:
        return name.replace("_", " ")
    return say(template.language, "“{title}”", title=question.title)


def _shape(name: str, template: Template, columns: Question | None) -> Shape | None:
    for column in columns.columns if columns else ():
        if column.id == name:
            return column.shape
    question = template.by_id.get(name)
    return question.shape if question else None


def _values(shape: Shape | None, values: Iterable[object], language: str) -> str:
    return ", ".join(_one(shape, value, language) for value in values)


def _one(shape: Shape | None, value: object, language: str) -> str:
    if shape is not None and shape.type in {Type.CHOICE, Type.MULTIPLE_CHOICE}:
        option = shape.find_option(value)
        return say(language, "“{title}”", title=option.title) if option else str(value)
    if isinstance(value, float):
        return say_number(language, f"{value:g}")
    word = str(value)
    return say(language, word.capitalize()) if word in ("yes", "no") else word
