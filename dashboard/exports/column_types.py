"""Column types: how a text is recognised, and how it becomes a typed value in the warehouse.

Dates and times follow ISO 8601 (RFC 3339 for moments); durations are ISO 8601 periods such as P2Y or
P18M and stay text, because their length depends on the day that they are counted from.
Moments land as TIMESTAMP in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.exports.contract import Column, Contract

LIST_SEPARATOR = ";"
_TYPED = "__value"
_AS_WRITTEN = "__text"


@dataclass(frozen=True, slots=True)
class ColumnType:
    """sql: the landed type. shape: the whole text must match (RE2). value: text to value, or NULL."""

    sql: str
    words: str
    shape: str | None = None
    value: str = "{0}"


TYPES: dict[str, ColumnType] = {
    "text": ColumnType("VARCHAR", "text"),
    "integer": ColumnType(
        "BIGINT", "a whole number", r"[+-]?[0-9]{1,18}", "try_cast({0} as bigint)"
    ),
    "double": ColumnType(
        "DOUBLE",
        "a number",
        r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,2})?",
        "try_cast({0} as double)",
    ),
    "boolean": ColumnType(
        "BOOLEAN", "true or false", r"(?i:true|false)", "try_cast({0} as boolean)"
    ),
    "date": ColumnType(
        "DATE",
        "a date that exists, written YYYY-MM-DD",
        r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}",
        "try_cast({0} as date)",
    ),
    "timestamp": ColumnType(
        "TIMESTAMP",
        "a moment with its offset, such as 2026-11-20T08:30:00Z",
        r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?"
        r"(Z|[+-][0-9]{2}(:?[0-9]{2})?)",
        "cast(try_cast({0} as timestamptz) as timestamp)",
    ),
    "duration": ColumnType(
        "VARCHAR",
        "an ISO 8601 period such as P2Y, P18M or P90D",
        r"P([0-9]{1,4}Y([0-9]{1,4}M)?([0-9]{1,5}D)?|[0-9]{1,4}M([0-9]{1,5}D)?|[0-9]{1,5}D|[0-9]{1,4}W)",
    ),
    "hex64": ColumnType("VARCHAR", "64 hexadecimal digits (SHA-256)", r"[0-9a-f]{64}"),
}


def quote(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """An SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def items(column: Column) -> str:
    """The items of a list column, trimmed, without empty ones."""
    split = f"string_split({quote(column.name)}, '{LIST_SEPARATOR}')"
    return f"list_filter(list_transform({split}, lambda x: trim(x)), lambda x: x <> '')"


def landed_type(column: Column) -> str:
    """The SQL type of the column in the warehouse."""
    sql = TYPES[column.type].sql
    return f"{sql}[]" if column.is_list else sql


def typed(column: Column) -> str:
    """The SQL expression that turns the staged text into the landed value (NULL when it cannot)."""
    if column.is_list:
        return items(column)
    name, type_ = quote(column.name), TYPES[column.type]
    if type_.shape is None or type_.value == "{0}":
        return name
    value = type_.value.format(name)
    return f"case when regexp_full_match({name}, {literal(type_.shape)}) then {value} end"


def typed_name(column: str) -> str:
    """The typed twin of a staged column, beside the text; rules and great-expectations see both."""
    return f"{column}{_TYPED}"


def twins(contract: Contract) -> str:
    """The typed twins of all columns, so that each value is made once, however many rules ask for it."""
    return ", ".join(
        f"{typed(column)} as {quote(typed_name(column.name))}" for column in contract.columns
    )


def value(column: Column) -> str:
    """The typed value where the twin stands beside the text; a column that is text is its own."""
    return quote(column.name if typed(column) == quote(column.name) else typed_name(column.name))


def key_text(contract: Contract, name: str) -> str:
    """The name under which the text of a key column is kept; keys repeat as they are written."""
    is_text = value(contract.column(name)) == quote(name)
    return quote(name if is_text else f"{name}{_AS_WRITTEN}")
