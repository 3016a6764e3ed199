"""The forms that a contract's own rules may take, beside what its columns already say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.exports.column_types import literal, quote, typed_name, value
from dashboard.exports.contract import Column, Contract
from dashboard.exports.located_yaml import Place

RESERVED = frozenset(
    {
        "line_no",
        "raw",
        "structure",
        "extra",
        "batch_id",
        "failed",
        "warned",
        "known_from",
        "known_until",
    }
)


@dataclass(frozen=True, slots=True)
class Expectation:
    """A great-expectations class by name, and what it is called with."""

    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Form:
    """read: arguments from YAML. predicate: true for a bad row. expectation: the same, declared."""

    read: Callable[[Place, Mapping[str, Column]], Any]
    predicate: Callable[[Contract, Any], str]
    expectation: Callable[[Contract, Any], Expectation]
    column: Callable[[Any], str]


def unexpected_rows(predicate: str) -> Expectation:
    """An expectation out of our own SQL: no row may fulfil the predicate."""
    escaped = predicate.replace("{", "{{").replace("}", "}}")
    query = f"select * from {{batch}} where {escaped}"
    return Expectation("UnexpectedRowsExpectation", {"unexpected_rows_query": query})


def _read_pair(place: Place, columns: Mapping[str, Column]) -> tuple[str, str]:
    pair = place.items()
    if len(pair) != 2:
        raise place.refuse("Two columns are expected here")
    return pair[0].choice(columns), pair[1].choice(columns)


def _order_predicate(contract: Contract, pair: tuple[str, str]) -> str:
    first, second = (value(contract.column(name)) for name in pair)
    return f"{first} > {second}"


def _order_expectation(contract: Contract, pair: tuple[str, str]) -> Expectation:
    return Expectation(
        "ExpectColumnPairValuesAToBeGreaterThanB",
        {
            "column_A": typed_name(pair[1]),
            "column_B": typed_name(pair[0]),
            "or_equal": True,
            "ignore_row_if": "either_value_is_missing",
        },
    )


def _differs_predicate(contract: Contract, pair: tuple[str, str]) -> str:
    return f"{quote(pair[0])} = {quote(pair[1])}"


@dataclass(frozen=True, slots=True)
class Need:
    """``column`` must be filled when ``when`` is: with anything, or with one of ``values``."""

    column: str
    when: str
    values: tuple[str, ...]


def _read_need(place: Place, columns: Mapping[str, Column]) -> Need:
    parts = place.entries(("column", "when", "is"), ("column", "when"))
    return Need(
        parts["column"].choice(columns),
        parts["when"].choice(columns),
        parts["is"].texts() if "is" in parts else (),
    )


def _need_predicate(contract: Contract, need: Need) -> str:
    when = f"{quote(need.when)} is not null"
    if need.values:
        when = f"{quote(need.when)} in ({', '.join(literal(value) for value in need.values)})"
    return f"{when} and {quote(need.column)} is null"


FORMS: dict[str, Form] = {
    "order": Form(_read_pair, _order_predicate, _order_expectation, lambda pair: str(pair[1])),
    "differs": Form(
        _read_pair,
        _differs_predicate,
        lambda contract, pair: unexpected_rows(_differs_predicate(contract, pair)),
        lambda pair: str(pair[1]),
    ),
    "needs": Form(
        _read_need,
        _need_predicate,
        lambda contract, need: unexpected_rows(_need_predicate(contract, need)),
        lambda need: str(need.column),
    ),
}
