"""Quasi-identifiers as digits of one number, so that grouping millions of rows compares integers.

A column of whole numbers, days or few distinct texts has a code from 0 (missing) to its size less
one; codes fill 62-bit words as digits of a mixed radix. What has too many values, or no exact code
(doubles, moments), stays a key of its own. Codes are exact both ways: nothing is hashed.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from assessments.leakage.relation import Column, Relation

WHOLE = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
MOST_TEXTS = 50_000
WORD = 2**62
_serial = itertools.count()


@dataclass(frozen=True, slots=True)
class Code:
    """``sql`` turns the column into 0 … size − 1; ``back`` turns ``{code}`` into the value again."""

    sql: str
    size: int
    back: str


@dataclass(frozen=True, slots=True)
class Packed:
    """Words in SQL over the source, and for every column its value in SQL over ``w0, w1, …``."""

    words: tuple[str, ...]
    values: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """What the words are called in the grouped tables."""
        return tuple(f"w{i}" for i in range(len(self.words)))


@dataclass(frozen=True, slots=True)
class Profile:
    """Rows of a table, and of every column its filled cells and its code, where it has one."""

    rows: int
    filled: tuple[int, ...]
    codes: tuple[Code | None, ...]


def profile(relation: Relation, columns: Sequence[Column]) -> Profile:
    """One scan for edges and counts, one more for the dictionaries of texts."""
    asked = ", ".join(f"count({column.sql}), {_question(column)}" for column in columns)
    found = relation.connection.execute(f"select count(*), {asked} from {relation.view}")
    rows, *answers = found.fetchone() or (0,)
    edges = answers[1::2]
    texts = [i for i, column in enumerate(columns) if _has_dictionary(column, edges[i])]
    codes = [
        None if i in texts else _whole(*pair)
        for i, pair in enumerate(zip(columns, edges, strict=True))
    ]
    for i, code in zip(texts, _dictionaries(relation, [columns[i] for i in texts]), strict=True):
        codes[i] = code
    return Profile(int(rows), tuple(int(each) for each in answers[::2]), tuple(codes))


def pack(columns: Sequence[Column], codes: Sequence[Code | None]) -> Packed:
    """Fill words with codes, in the order of the columns."""
    words: list[str] = []
    values: list[str] = []
    radix = WORD
    for column, code in zip(columns, codes, strict=True):
        if code is None:
            values.append(f"w{len(words)}")
            words.append(column.sql)
            radix = WORD
            continue
        if radix * code.size > WORD:
            words.append("0::bigint")
            radix = 1
        place = len(words) - 1
        words[place] += f" + {code.sql} * {radix}"
        values.append(code.back.format(code=f"(w{place} // {radix} % {code.size})"))
        radix *= code.size
    return Packed(tuple(words), tuple(values))


def _is_text(column: Column) -> bool:
    return column.type == "VARCHAR" or column.type.startswith("ENUM")


def _question(column: Column) -> str:
    name = column.sql
    if _is_text(column):
        return f"approx_count_distinct({name})"
    if column.type in WHOLE or column.type == "BOOLEAN":
        return f"[min({name}::bigint), max({name}::bigint)]"
    if column.type == "DATE":
        finite = f"bool_and(isfinite({name}))"
        return f"case when {finite} then [epoch(min({name})), epoch(max({name}))] end"
    return "null"


def _whole(column: Column, edges: Sequence[float | None] | None) -> Code | None:
    if _is_text(column) or edges is None or edges[0] is None or edges[1] is None:
        return None
    if column.type == "DATE":
        low, high = (int(edge) // 86_400 for edge in edges if edge is not None)
        number, back = f"({column.sql} - date '1970-01-01')::bigint", "date '1970-01-01' + "
        value = f"({back}(nullif({{code}}, 0) - 1 + ({low}))::integer)"
    else:
        low, high = int(edges[0]), int(edges[1])
        number = f"{column.sql}::bigint"
        value = f"(nullif({{code}}, 0) - 1 + ({low}))::{column.type}"
    size = high - low + 2
    if size > WORD or abs(low) >= WORD:
        return None
    return Code(f"coalesce({number} - ({low}) + 1, 0)", size, value)


def _has_dictionary(column: Column, distinct: int | None) -> bool:
    return _is_text(column) and bool(distinct) and (distinct or 0) <= MOST_TEXTS


def _dictionaries(relation: Relation, columns: Sequence[Column]) -> list[Code]:
    if not columns:
        return []
    run, codes = relation.connection.execute, []
    lists = ", ".join(
        f"list(distinct {column.sql}::varchar) as d{i}" for i, column in enumerate(columns)
    )
    run(f"create or replace temp table dictionaries as select {lists} from {relation.view}")
    for i, column in enumerate(columns):
        kind = f"texts_{next(_serial)}"
        run(f"""create temp type {kind} as enum (
            select v from (select unnest(d{i}) as v from dictionaries) where v is not null)""")
        size = int(relation.scalar(f"select len(enum_range(null::{kind}))")) + 1
        code = f"coalesce(enum_code({column.sql}::varchar::{kind})::bigint + 1, 0)"
        codes.append(Code(code, size, f"(enum_range(null::{kind}))[{{code}}]"))
    return codes
