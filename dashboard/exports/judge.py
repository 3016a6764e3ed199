"""Applies all rules to all records in one pass, while they are read; each leaves with all its reasons.

``sifted`` holds each record as values, with the rules that it breaks and, if it breaks one, its text. What
only shows when all records are known (a key that repeats, a contradiction to what landed) goes into
``late``. ``good`` are the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb

from dashboard.exports.catalogue import contracts, find_contract
from dashboard.exports.column_types import key_text, literal, quote, twins, value
from dashboard.exports.contract import Contract
from dashboard.exports.rules import UNIQUE, Rule, known_table
from dashboard.exports.staging import STAGED, Stream


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How many sound records a rule looked at, and how many broke it."""

    rule: str
    sentence: str
    severity: str
    column: str
    failed: int
    checked: int


def judge(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    rules: Sequence[Rule],
    stream: Stream = STAGED,
) -> tuple[RuleCount, ...]:
    """Make ``judged``, ``late`` and ``good`` (typed) out of the records."""
    _sift(connection, contract, [rule for rule in rules if rule.id != UNIQUE], stream)
    _find_repeated(connection, contract, next(rule for rule in rules if rule.id == UNIQUE))
    offer_good(connection, contract)
    return _count(connection, rules)


def offer_good(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Make ``good``: what breaks no critical rule and is not ``late``."""
    late = connection.execute("select 1 from late limit 1").fetchone()
    but = " and line_no not in (select line_no from late)" if late else ""
    connection.execute(
        f"create or replace temp view good as select line_no, extra, "
        f"{', '.join(map(quote, contract.names))} from judged where is_good{but}"
    )


def learn_ids(connection: duckdb.DuckDBPyConnection, contract: Contract, landed: str) -> None:
    """Make the ``known_`` tables of the kinds that this one refers to; its own records count too."""
    for kind in sorted(contract.refers_to):
        found = [f"select id from checked where kind = {literal(kind)}"]
        if _has_table(connection, landed, kind):
            found.append(f"select {quote(_key_of(kind))} from {landed}.{quote(kind)}")
        if kind == contract.kind:
            found.append(f"select {quote(contract.key[0])} from staged where structure is null")
        connection.execute(
            f"create or replace temp table {known_table(kind)} as select distinct id from "
            f"({' union all '.join(found)}) t(id) where id is not null"
        )


def remember_ids(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Let later files of the same run refer to the good records of this one, where any kind does."""
    if all(contract.kind not in other.refers_to for other in contracts().values()):
        return
    connection.execute(
        f"insert into checked select {literal(contract.kind)}, "
        f"cast({quote(contract.key[0])} as varchar) from good"
    )


def _sift(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    rules: Sequence[Rule],
    stream: Stream,
) -> None:
    critical = [rule for rule in rules if rule.severity == "critical"]
    warning = [rule for rule in rules if rule.severity == "warning"]
    fields = ", ".join(f"{literal(name)}: {quote(name)}" for name in contract.names)
    number = "line_no, " if stream.is_numbered else ""
    valued = f"select *, {twins(contract)} from ({stream.query}) read_rows"
    tried = (
        f"select *, {_any(critical)} as is_broken, {_any(warning)} as is_odd from ({valued}) staged"
    )
    connection.execute(
        f"create or replace temp table sifted as select {number}raw, structure, extra, "
        f"{', '.join(_kept(contract))}, structure is null and not is_broken as is_good, "
        f"case when is_broken then {_which(critical)} else [] end as failed, "
        f"case when is_odd then {_which(warning)} else [] end as warned, "
        f"case when is_broken or structure is not null then cast(to_json({{{fields}}}) as varchar) "
        f"end as record from ({tried}) staged"
    )
    made = "*" if stream.is_numbered else f"*, rowid + {stream.first_line} as line_no"
    connection.execute(f"create or replace temp view judged as select {made} from sifted")


def _kept(contract: Contract) -> Iterator[str]:
    for column in contract.columns:
        yield f"{value(column)} as {quote(column.name)}"
    for name in contract.key:
        if key_text(contract, name) != quote(name):
            yield f"{quote(name)} as {key_text(contract, name)}"


def _any(rules: Sequence[Rule]) -> str:
    """Whether a sound record breaks one of the rules; most break none, and need no list."""
    if not rules:
        return "false"
    tests = " or ".join(f"({rule.predicate})" for rule in rules)
    return f"structure is null and coalesce({tests}, false)"


def _which(rules: Sequence[Rule]) -> str:
    tests = [f"case when {rule.predicate} then {literal(rule.id)} end" for rule in rules]
    return f"list_filter([{', '.join(tests)}]::varchar[], lambda x: x is not null)"


def _find_repeated(connection: duckdb.DuckDBPyConnection, contract: Contract, unique: Rule) -> None:
    """Keys are compared as written, first by a hash: few records ever share one."""
    names = [f"{key_text(contract, name)} as {quote(name)}" for name in contract.key]
    keys = ", ".join(map(quote, contract.key))
    whole = " and ".join(f"{quote(name)} is not null" for name in contract.key)
    written = (
        f"select * from (select line_no, {', '.join(names)} from judged where structure is null) "
        f"where {whole}"
    )
    connection.execute("create or replace temp table late (line_no bigint, rule varchar)")
    connection.execute(
        "create or replace temp table shared as select hashed from "
        f"(select hash({keys}) as hashed from ({written})) group by hashed having count(*) > 1"
    )
    if connection.execute("select 1 from shared limit 1").fetchone() is None:
        return
    connection.execute(
        f"create or replace temp table repeated as select {keys}, min(line_no) as first_line "
        f"from ({written}) where hash({keys}) in (select hashed from shared) "
        f"group by {keys} having count(*) > 1"
    )
    connection.execute(
        f"insert into late select line_no, {literal(UNIQUE)} from ({written}) staged "
        f"where {unique.predicate}"
    )


def _count(connection: duckdb.DuckDBPyConnection, rules: Sequence[Rule]) -> tuple[RuleCount, ...]:
    sound = connection.execute("select count(*) from sifted where structure is null").fetchone()
    checked = int(sound[0]) if sound else 0
    broken = dict(
        connection.execute(
            "select rule, count(*) from (select unnest(list_concat(failed, warned)) as rule "
            "from sifted where len(failed) > 0 or len(warned) > 0 union all select rule from late) "
            "group by rule"
        ).fetchall()
    )
    return tuple(
        RuleCount(
            rule.id, rule.sentence, rule.severity, rule.column, broken.get(rule.id, 0), checked
        )
        for rule in rules
    )


def _has_table(connection: duckdb.DuckDBPyConnection, catalog: str, name: str) -> bool:
    found = connection.execute(
        "select 1 from duckdb_tables() where database_name = ? and table_name = ?", [catalog, name]
    )
    return found.fetchone() is not None


def _key_of(kind: str) -> str:
    return find_contract(kind).key[0]
