"""Applies all rules to all staged records in one pass; each record leaves with all its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from dashboard.exports.catalogue import find_contract
from dashboard.exports.column_types import literal, quote, typed
from dashboard.exports.contract import Contract
from dashboard.exports.rules import Rule, known_table


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
    connection: duckdb.DuckDBPyConnection, contract: Contract, rules: Sequence[Rule]
) -> tuple[RuleCount, ...]:
    """Make ``judged`` (with failed and warned rule ids) and ``good`` (typed) out of ``staged``."""
    _find_repeated(connection, contract)
    connection.execute(
        "create or replace temp table judged as select *, "
        f"{_broken(rules, 'critical')} as failed, {_broken(rules, 'warning')} as warned from staged"
    )
    columns = ", ".join(f"{typed(column)} as {quote(column.name)}" for column in contract.columns)
    connection.execute(
        f"create or replace temp table good as select line_no, extra, {columns} from judged "
        "where structure is null and len(failed) = 0"
    )
    return _count(connection, rules)


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
    """Let later files of the same run refer to the good records of this one."""
    connection.execute(
        f"insert into checked select {literal(contract.kind)}, "
        f"cast({quote(contract.key[0])} as varchar) from good"
    )


def _find_repeated(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    names = ", ".join(quote(name) for name in contract.key)
    whole = " and ".join(f"{quote(name)} is not null" for name in contract.key)
    connection.execute(
        f"create or replace temp table repeated as select {names}, min(line_no) as first_line "
        f"from staged where structure is null and {whole} group by {names} having count(*) > 1"
    )


def _broken(rules: Sequence[Rule], severity: str) -> str:
    tests = [
        f"case when structure is null and ({rule.predicate}) then {literal(rule.id)} end"
        for rule in rules
        if rule.severity == severity
    ]
    return f"list_filter([{', '.join(tests)}]::varchar[], lambda x: x is not null)"


def _count(connection: duckdb.DuckDBPyConnection, rules: Sequence[Rule]) -> tuple[RuleCount, ...]:
    sound = connection.execute("select count(*) from judged where structure is null").fetchone()
    checked = int(sound[0]) if sound else 0
    broken = dict(
        connection.execute(
            "select rule, count(*) from (select unnest(list_concat(failed, warned)) as rule "
            "from judged where len(failed) > 0 or len(warned) > 0) group by rule"
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
