"""Evaluating expressions with three values: true, false and not known yet (Kleene's strong logic).

A number is a range, because "at least two of nine" may be certain while some answers are open.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol

from assessments.errors import BadInput
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


class _Unknown:
    """Not answered, or answered with 'I do not know yet'."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = _Unknown()
Truth = bool | _Unknown


@dataclass(frozen=True, slots=True)
class Range:
    """A number known to lie between two bounds; exact when they meet."""

    low: float
    high: float


class Scope(Protocol):
    """What an expression can see."""

    def value(self, name: str) -> Any:
        """The value of a question or column, UNKNOWN when there is none."""

    def rows(self, name: str) -> Iterable[Mapping[str, Any]] | _Unknown:
        """The rows of a table, UNKNOWN while it is not answered."""

    def columns(self, name: str) -> frozenset[str]:
        """The column names of a table."""

    def status(self, name: str) -> str | None:
        """'answered', 'unknown', 'not_applicable', or None."""

    def score(self, name: str) -> Any:
        """The score of the chosen options of a question."""

    def lookup(self, pack: str, key: str, field: str) -> Any:
        """A field of a pack's entry."""


@dataclass(frozen=True, slots=True)
class Instance(Mapping[str, Any]):
    """A row of a register, with the answers of its instance read when they are asked for."""

    scope: Scope
    row: Mapping[str, Any]
    paths: Mapping[str, str]

    def __getitem__(self, key: str) -> Any:
        if key not in self.paths:
            return self.row[key]
        value = self.scope.value(self.paths[key])
        return None if value is UNKNOWN else value

    def __iter__(self) -> Iterator[str]:
        return iter((*self.row, *self.paths))

    def __len__(self) -> int:
        return len(self.row) + len(self.paths)


@dataclass(frozen=True, slots=True)
class RowScope:
    """One row of a table, inside what was visible outside."""

    outer: Scope
    row: Mapping[str, Any]
    names: frozenset[str]

    def value(self, name: str) -> Any:
        if name == "id" or name in self.names:
            return known(self.row.get(name))
        return self.outer.value(name)

    def outside(self, name: str) -> str:
        """What the scope outside calls it: an instance's questions have their own ids there."""
        return self.row.paths.get(name, name) if isinstance(self.row, Instance) else name

    def rows(self, name: str) -> Iterable[Mapping[str, Any]] | _Unknown:
        return self.outer.rows(self.outside(name))

    def columns(self, name: str) -> frozenset[str]:
        return self.outer.columns(self.outside(name))

    def status(self, name: str) -> str | None:
        if self.outside(name) != name:
            return self.outer.status(self.outside(name))
        if name in self.names:
            return None if self.value(name) is UNKNOWN else "answered"
        return self.outer.status(name)

    def score(self, name: str) -> Any:
        return self.outer.score(self.outside(name))

    def lookup(self, pack: str, key: str, field: str) -> Any:
        return self.outer.lookup(pack, key, field)


def known(value: Any) -> Any:
    """UNKNOWN for nothing: None, an empty text or an empty list."""
    return UNKNOWN if value is None or value in ("", [], ()) else value


def evaluate(tree: Expression, scope: Scope, this: Mapping[str, Any] | None = None) -> Any:
    """The value of an expression: a truth, a Range, a text or a tuple; or UNKNOWN."""
    match tree:
        case Literal(value=value):
            return _number(value)
        case Listing(items=items):
            return tuple(evaluate(item, scope, this) for item in items)
        case Name(id=name):
            return _number(scope.value(name))
        case This(column=column):
            return _number(known((this or {}).get(column)))
        case Not(part=part):
            return _negate(truth(part, scope, this))
        case Junction(word=word, parts=parts):
            return _join(word, [truth(part, scope, this) for part in parts])
        case Comparison(sign=sign, left=left, right=right):
            return _compare(sign, evaluate(left, scope, this), evaluate(right, scope, this))
        case Sum(sign=sign, left=left, right=right):
            return _add(sign, evaluate(left, scope, this), evaluate(right, scope, this))
        case Aggregate():
            return _aggregate(tree, scope, this)
        case Call(function=function, arguments=arguments):
            return _call(function, arguments, scope, this)


def truth(tree: Expression, scope: Scope, this: Mapping[str, Any] | None = None) -> Truth:
    """The truth of an expression; a text 'yes' or 'no' counts as one."""
    value = evaluate(tree, scope, this)
    if isinstance(value, bool | _Unknown):
        return value
    if value in ("yes", "no"):
        return bool(value == "yes")
    raise BadInput("The expression is not a statement", "It must be true or false, e.g. a = yes.")


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return Range(value, value)


def _negate(value: Truth) -> Truth:
    return UNKNOWN if value is UNKNOWN else not value


def _join(word: str, values: list[Truth]) -> Truth:
    decisive = word == "or"
    if any(value is decisive for value in values):
        return decisive
    return UNKNOWN if any(value is UNKNOWN for value in values) else not decisive


def _compare(sign: str, left: Any, right: Any) -> Truth:
    if isinstance(left, _Unknown) or isinstance(right, _Unknown):
        return UNKNOWN
    if sign == "in":
        return _contains(right, left)
    if isinstance(left, Range) and isinstance(right, Range):
        return _compare_ranges(sign, left, right)
    if sign == "=":
        return bool(left == right)
    if sign == "!=":
        return bool(left != right)
    if isinstance(left, str) and isinstance(right, str):
        return bool(_ORDER[sign](left, right))
    raise BadInput("The expression compares unlike things", f"A number is needed beside '{sign}'.")


_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _compare_ranges(sign: str, left: Range, right: Range) -> Truth:
    if sign in {"=", "!="}:
        exact = left.low == left.high and right.low == right.high
        apart = left.high < right.low or right.high < left.low
        if not exact and not apart:
            return UNKNOWN
        return (sign == "!=") if apart else (left.low == right.low) is (sign == "=")
    if sign in {">", ">="}:
        return _compare_ranges({">": "<", ">=": "<="}[sign], right, left)
    compare = _ORDER[sign]
    if compare(left.high, right.low):
        return True
    return UNKNOWN if compare(left.low, right.high) else False


def _contains(where: Any, what: Any) -> bool:
    return what in where if isinstance(where, list | tuple) else bool(what == where)


def _add(sign: str, left: Any, right: Any) -> Any:
    if left is UNKNOWN or right is UNKNOWN:
        return UNKNOWN
    if not isinstance(left, Range) or not isinstance(right, Range):
        raise BadInput("The expression adds what is not a number")
    if sign == "+":
        return Range(left.low + right.low, left.high + right.high)
    return Range(left.low - right.high, left.high - right.low)


def _aggregate(tree: Aggregate, scope: Scope, this: Mapping[str, Any] | None) -> Any:
    rows = scope.rows(tree.table)
    if isinstance(rows, _Unknown):
        return UNKNOWN
    names = scope.columns(tree.table)
    inside = [RowScope(scope, row if names else {}, names) for row in rows]
    met = [True if tree.where is None else truth(tree.where, row, this) for row in inside]
    if tree.function == "any":
        return _join("or", list(met))
    if tree.function == "all":
        return _join("and", list(met))
    if tree.function == "count":
        return Range(met.count(True), sum(value is not False for value in met))
    cells = [row.value(tree.column or "") for row, m in zip(inside, met, strict=True) if m is True]
    numbers = [cell for cell in cells if isinstance(cell, int | float)]
    if tree.function == "sum":
        return Range(sum(numbers), sum(numbers))
    return _number((max if tree.function == "max" else min)(numbers)) if numbers else UNKNOWN


def _call(
    function: str, arguments: tuple[Expression, ...], scope: Scope, this: Mapping[str, Any] | None
) -> Any:
    names = [argument.id for argument in arguments if isinstance(argument, Name)]
    if function == "answered":
        return all(scope.status(name) in {"answered", "not_applicable"} for name in names)
    if function == "unknown":
        return any(scope.status(name) == "unknown" for name in names)
    if function == "score":
        return _number(scope.score(names[0]))
    if function == "count_yes":
        values = [truth(argument, scope, this) for argument in arguments]
        return Range(values.count(True), sum(value is not False for value in values))
    if function == "days_between":
        return _days_between([evaluate(argument, scope, this) for argument in arguments])
    if function == "listed":
        pack, key = (evaluate(argument, scope, this) for argument in arguments)
        return UNKNOWN if key is UNKNOWN else scope.lookup(pack, key, "id") is not None
    pack, key, field = (evaluate(argument, scope, this) for argument in arguments)
    return UNKNOWN if key is UNKNOWN else _number(known(scope.lookup(pack, key, field)))


def _days_between(days: list[Any]) -> Any:
    """How many days after the first day the last one is; negative when it is earlier."""
    if any(day is UNKNOWN for day in days):
        return UNKNOWN
    try:
        first, last = map(date.fromisoformat, days)
    except (TypeError, ValueError) as error:
        raise BadInput("The expression counts days between what are no two days") from error
    return _number((last - first).days)
