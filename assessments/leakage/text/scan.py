"""One pass over a table: every candidate of every detector, judged in SQL.

Candidates stay inside the measuring database; what leaves it are counts, shapes and salted digests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from assessments.errors import BadInput
from assessments.leakage.files import literal
from assessments.leakage.relation import Column, Relation
from assessments.leakage.text.detectors import Detector

SHAPES = 3
DIGESTS = 5
LONGEST_SHAPE = 48
SHAPE = """left(regexp_replace(regexp_replace(regexp_replace(x, '[0-9]', '9', 'g'),
    '\\p{Lu}', 'X', 'g'), '\\p{Ll}|\\p{Lo}', 'x', 'g'), 48)"""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one detector met in one column: candidates, those that pass its rule, rows, persons."""

    column: str
    detector: Detector
    candidates: int
    hits: int
    rows: int
    distinct: int
    shapes: tuple[str, ...]
    digests: tuple[str, ...]


def collect(relation: Relation, columns: Sequence[Column], detectors: Sequence[Detector], table: str = "hits") -> None:  # fmt: skip
    """Fill a temporary table with (row, column, detector, text, passes)."""
    _defined(relation, detectors)
    values = ", ".join(f"cast({column.sql} as varchar)" for column in columns)
    groups = _groups(detectors)
    every = " union all ".join(
        _extracted(index, detectors[index], f"likely_{name}")
        for name, group in groups.items()
        for index in group
    )
    checks = " ".join(f"when {i} then coalesce({each.check}, false)" for i, each in enumerate(detectors))  # fmt: skip
    cells = f"""
        create or replace temp table likely as
        with numbered as (select row_number() over () as r, [{values}] as vs from {relation.view}),
        cells as (select r, unnest(vs) as v, generate_subscripts(vs, 1) as c from numbered)
        select r, c, v from cells where {_any(detectors)}"""
    judged = f"""
        create or replace temp table {table} as
        select r, c, d, x, case d {checks} end as passes from ({every})"""
    try:
        relation.connection.execute(cells)
        for name, group in groups.items():
            wanted = _any([detectors[index] for index in group])
            relation.connection.execute(
                f"create or replace temp table likely_{name} as from likely where {wanted}"
            )
        relation.connection.execute(judged)
        for name in groups:
            relation.connection.execute(f"drop table likely_{name}")
    except duckdb.Error as error:
        raise BadInput(
            "This file stopped being readable half way.", type(error).__name__,
            where={"file": relation.path},
        ) from error  # fmt: skip


def findings(
    relation: Relation, columns: Sequence[Column], detectors: Sequence[Detector], salt: str, table: str = "hits"
) -> list[Finding]:  # fmt: skip
    """Counts, masked shapes and salted digests per column and detector."""
    mask = f"{SHAPE}"
    rows = relation.connection.execute(
        f"""
        with judged as (
            select c, d, r, x, passes, sha256({literal(salt)} || x) as digest, {mask} as shape from {table}),
        counted as (
            select c, d, count(*) as n, count(*) filter (passes) as hits,
                count(distinct r) filter (passes) as rs, count(distinct x) filter (passes) as persons,
                approx_top_k(shape, {SHAPES}) filter (passes) as shapes,
                min(left(digest, 16), {DIGESTS}) filter (passes) as digests
            from judged group by c, d)
        select * from counted order by c, d"""
    ).fetchall()
    return [
        Finding(columns[c - 1].name, detectors[d], n, hits, rs, persons, tuple(shapes or ()), tuple(digests or ()))
        for c, d, n, hits, rs, persons, shapes, digests in rows
    ]  # fmt: skip


def rows_with(relation: Relation, pairs: Sequence[tuple[int, int]], table: str = "hits") -> int:
    """How many rows hold at least one passing candidate of these (column, detector) pairs."""
    if not pairs:
        return 0
    wanted = ", ".join(f"({c}, {d})" for c, d in pairs)
    return int(
        relation.scalar(f"select count(distinct r) from {table} where passes and (c, d) in ({wanted})")
    )  # fmt: skip


def _groups(detectors: Sequence[Detector]) -> dict[str, list[int]]:
    """What is usual, what is rare, and what needs a word: one automaton spares a group its guards."""
    found: dict[str, list[int]] = {}
    for index, each in enumerate(detectors):
        name = "worded" if each.words else "usual" if each.usual else "rare"
        found.setdefault(name, []).append(index)
    return found


def _extracted(index: int, detector: Detector, table: str) -> str:
    guard = (
        f"regexp_matches(v, {literal(f'(?i){detector.words}')})"
        if detector.words
        else detector.guard
    )
    found = f"regexp_extract_all(v, {literal(detector.pattern)}, 1)"
    return f"select r, c, {index} as d, unnest({found}) as x from {table} where {guard}"


def _any(detectors: Sequence[Detector]) -> str:
    """Two automata over everything: most cells hold nothing and are read twice, not once a detector.

    Patterns in any case stay out of the first; RE2 gives up its fast matcher on such a union.
    """
    exact = "|".join(f"(?:{each.pattern})" for each in detectors if not each.words)
    words = "|".join(each.words for each in detectors if each.words)
    tests = [f"regexp_matches(v, {literal(exact)})"] if exact else []
    tests += [f"regexp_matches(v, {literal(f'(?i){words}')})"] if words else []
    return " or ".join(tests)


def _defined(relation: Relation, detectors: Sequence[Detector]) -> None:
    if not detectors:
        raise BadInput("Nothing to look for was named.", where={"file": relation.path})
