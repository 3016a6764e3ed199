"""Runs a contract's rules as a great-expectations suite. Imported by the worker process only."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from typing import Any

os.environ["GX_ANALYTICS_ENABLED"] = "false"

import duckdb
import great_expectations as gx
from great_expectations import expectations as gxe

from dashboard.exports.column_types import quote, twins
from dashboard.exports.contract import Contract
from dashboard.exports.declared import DeclaredExpectation
from dashboard.exports.dialect import offered
from dashboard.exports.rules import Rule, known_table
from dashboard.exports.staging import Stream

SAMPLE = 5
TABLE = "declared_rows"
ENGINE = f"great-expectations {gx.__version__}"


def declare(
    connection: duckdb.DuckDBPyConnection, contract: Contract, rules: Sequence[Rule]
) -> tuple[DeclaredExpectation, ...]:
    """Run every rule over ``declared_rows``."""
    with offered(connection) as address, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        batch, suite = _prepare(address, rules)
        result = batch.validate(suite, result_format="SUMMARY")
    found = {each.expectation_config.meta["rule"]: each for each in result.results}
    counted = connection.execute(f"select count(*) from {TABLE}").fetchone()
    total = int(counted[0]) if counted else 0
    return tuple(_outcome(rule, found[rule.id], total) for rule in rules)


def make_rows(connection: duckdb.DuckDBPyConnection, contract: Contract, stream: Stream) -> int:
    """The sound records, each column as text and, beside it, as a value; returns how many were read.

    Cursors do not share temporary tables, so the ids that may be referred to become ordinary ones.
    """
    columns = f"{', '.join(map(quote, contract.names))}, {twins(contract)}"
    connection.execute(
        f"create or replace table {TABLE} as select line_no, structure, {columns} "
        f"from ({stream.numbered}) read_rows"
    )
    read = connection.execute(f"select count(*) from {TABLE}").fetchone()
    connection.execute(f"delete from {TABLE} where structure is not null")
    for name in map(known_table, contract.refers_to):
        connection.execute(f"create or replace table memory.main.{name} as from temp.main.{name}")
    return int(read[0]) if read else 0


def _prepare(address: str, rules: Sequence[Rule]) -> tuple[Any, Any]:
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_sql(
        "landing", connection_string=address, create_temp_table=False
    )
    asset = source.add_table_asset(TABLE, table_name=TABLE)
    batch = asset.add_batch_definition_whole_table("all").get_batch()
    suite = gx.ExpectationSuite(name="contract")
    for rule in rules:
        suite.add_expectation(_expectation(rule))
    return batch, suite


def _expectation(rule: Rule) -> Any:
    made = getattr(gxe, rule.expectation.name)
    return made(**rule.expectation.arguments, severity=rule.severity, meta={"rule": rule.id})


def _outcome(rule: Rule, outcome: Any, total: int) -> DeclaredExpectation:
    if "'raised_exception': True" in repr(outcome.exception_info):
        raise RuntimeError(f"{rule.id} could not be run: {outcome.exception_info}")
    result = outcome.result
    count = result.get("unexpected_count")
    if count is None:
        count = result.get("observed_value", 0)
    sample = result.get("partial_unexpected_list") or []
    return DeclaredExpectation(
        rule=rule.id,
        sentence=rule.sentence,
        severity=rule.severity,
        success=bool(outcome.success),
        unexpected_count=int(count),
        element_count=int(result.get("element_count") or total),
        sample=tuple(str(item) for item in sample[:SAMPLE]),
    )
