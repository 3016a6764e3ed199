"""The one rule registry: each rule is an SQL predicate and a declared expectation at once.

A predicate is true for a bad row of ``staged``, whose columns hold trimmed text or NULL, each with its
typed twin beside it.
Critical rules quarantine the row; warnings let it land and are counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dashboard.exports.column_types import TYPES, literal, quote, typed_name, value
from dashboard.exports.contract import Column, Contract, Severity
from dashboard.exports.rule_forms import FORMS, Expectation, unexpected_rows

UNIQUE = "key.unique"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of one kind, ready to run."""

    id: str
    sentence: str
    severity: Severity
    column: str
    predicate: str
    expectation: Expectation


def known_table(kind: str) -> str:
    """The temporary table with the ids of a kind that rows may refer to."""
    return f"known_{kind}"


def compile_rules(contract: Contract) -> tuple[Rule, ...]:
    """All rules of a kind: from its columns, its key, and those written out."""
    found = [rule for column in contract.columns for rule in _column_rules(column)]
    return (*found, _unique(contract), *_written(contract))


def _column_rules(column: Column) -> Iterator[Rule]:
    name = column.name
    if column.is_required:
        yield _required(column)
    if column.type != "text":
        words = f"{name} must be {TYPES[column.type].words}"
        yield Rule(
            f"{name}.type", words, "critical", name, _wrong_type(column), _type_shape(column)
        )
    if column.allowed:
        yield _allowed(column)
    if column.pattern:
        yield _pattern(column)
    if column.minimum is not None or column.maximum is not None:
        yield _range(column)
    if column.refers:
        yield _refers(column)


def _required(column: Column) -> Rule:
    name = quote(column.name)
    empty = f"{name} is null" + (f" or len({value(column)}) = 0" if column.is_list else "")
    expected = Expectation("ExpectColumnValuesToNotBeNull", {"column": column.name})
    return Rule(
        f"{column.name}.required",
        f"{column.name} is required",
        "critical",
        column.name,
        empty,
        unexpected_rows(empty) if column.is_list else expected,
    )


def _wrong_type(column: Column) -> str:
    name, type_ = quote(column.name), TYPES[column.type]
    if type_.value == "{0}":
        return f"not regexp_full_match({name}, {literal(type_.shape or '.*')})"
    return f"{name} is not null and {value(column)} is null"


def _type_shape(column: Column) -> Expectation:
    """A type that is only a shape is declared as one; the others are tried on the value."""
    if TYPES[column.type].value == "{0}":
        return _matches(column.name, TYPES[column.type].shape or ".*")
    return unexpected_rows(_wrong_type(column))


def _matches(name: str, pattern: str) -> Expectation:
    """Anchored, so that engines with partial and with full matching agree."""
    return Expectation(
        "ExpectColumnValuesToMatchRegex", {"column": name, "regex": f"^(?:{pattern})$"}
    )


def _allowed(column: Column) -> Rule:
    name = quote(column.name)
    choices = ", ".join(literal(value) for value in column.allowed)
    words = f"a category of the pack {column.pack}" if column.pack else ", ".join(column.allowed)
    predicate = f"{name} not in ({choices})"
    expected = Expectation(
        "ExpectColumnValuesToBeInSet", {"column": column.name, "value_set": list(column.allowed)}
    )
    if column.is_list:
        predicate = f"len(list_filter({value(column)}, lambda x: x not in ({choices}))) > 0"
        expected = unexpected_rows(predicate)
    sentence = f"{column.name} must be {'' if column.pack else 'one of '}{words}"
    return Rule(f"{column.name}.allowed", sentence, "critical", column.name, predicate, expected)


def _pattern(column: Column) -> Rule:
    name, pattern = quote(column.name), column.pattern or ""
    return Rule(
        f"{column.name}.pattern",
        f"{column.name} must be written like {pattern}",
        "critical",
        column.name,
        f"not regexp_full_match({name}, {literal(pattern)})",
        _matches(column.name, pattern),
    )


def _range(column: Column) -> Rule:
    found = value(column)
    limits = [
        (f"{found} < {column.minimum}", f"at least {column.minimum:g}")
        if column.minimum is not None
        else None,
        (f"{found} > {column.maximum}", f"at most {column.maximum:g}")
        if column.maximum is not None
        else None,
    ]
    given = [limit for limit in limits if limit]
    return Rule(
        f"{column.name}.range",
        f"{column.name} must be {' and '.join(words for _, words in given)}",
        "critical",
        column.name,
        f"({' or '.join(test for test, _ in given)})",
        Expectation(
            "ExpectColumnValuesToBeBetween",
            {
                "column": typed_name(column.name),
                "min_value": column.minimum,
                "max_value": column.maximum,
            },
        ),
    )


def _refers(column: Column) -> Rule:
    name, known = quote(column.name), known_table(column.refers or "")
    predicate = f"{name} is not null and {name} not in (select id from {known})"
    if column.is_list:
        ids = f"coalesce((select list(id) from {known}), []::varchar[])"
        predicate = f"not list_has_all({ids}, {value(column)})"
    return Rule(
        f"{column.name}.refers",
        f"{column.name} must be found in {column.refers}",
        "warning",
        column.name,
        predicate,
        unexpected_rows(predicate),
    )


def _unique(contract: Contract) -> Rule:
    """The first row with a key counts; the others repeat it (all rows with a whole key are counted).

    Where the hash of a key is there once, so is the key: few rows are left to number.
    """
    names = [quote(name) for name in contract.key]
    same = " and ".join(f"repeated.{name} = staged.{name}" for name in names)
    whole = " and ".join(f"{name} is not null" for name in names)
    listed = ", ".join(names)
    query = (
        f"select * from (select * from {{batch}} where {whole} and hash({listed}) in (select "
        f"hash({listed}) from {{batch}} where {whole} group by hash({listed}) having count(*) > 1)) "
        f"qualify row_number() over (partition by {listed} order by line_no) > 1"
    )
    return Rule(
        UNIQUE,
        f"{' and '.join(contract.key)} must not repeat an earlier row",
        "critical",
        contract.key[0],
        f"exists (select 1 from repeated where {same} and staged.line_no > repeated.first_line)",
        Expectation("UnexpectedRowsExpectation", {"unexpected_rows_query": query}),
    )


def _written(contract: Contract) -> Iterator[Rule]:
    for text in contract.rules:
        form = FORMS[text.form]
        yield Rule(
            text.id,
            text.sentence,
            text.severity,
            form.column(text.arguments),
            form.predicate(contract, text.arguments),
            form.expectation(contract, text.arguments),
        )
