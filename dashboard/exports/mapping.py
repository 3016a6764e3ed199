"""A mapping file: how a table of one's own (CSV, JSON, Parquet, XLSX) becomes records of a kind.

    kind: people
    whole_list: true            # the file is the full list; what it no longer names ends
    csv: {delimiter: ";", encoding: cp1252}
    columns:
      person_id: Personalnr      # short for {from: Personalnr}
      country: {value: DE}       # the same for every row
      joined_on: {from: Eintritt, date: "%d.%m.%Y"}
      team: {from: Bereich, values: {"10": Research, "20": Sales}}

``values`` translates whole values; one that is not listed stays as it is, for the contract to judge.
``date`` and ``moment`` are strptime formats; a moment without an offset takes the one under ``offset``.
``split`` is the separator of a list. Columns of the file that nothing is made from are kept aside.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from dashboard.exports.catalogue import find_contract
from dashboard.exports.column_types import LIST_SEPARATOR, literal, quote
from dashboard.exports.contract import Column, Contract, Dialect
from dashboard.exports.contract_file import read_dialect
from dashboard.exports.located_yaml import Place, read_place
from dashboard.exports.readers.formats import find_format
from dashboard.exports.readers.source import Source

KEYS = ("kind", "whole_list", "csv", "columns")
RULE_KEYS = ("from", "value", "date", "moment", "offset", "values", "split")
PREFIX = "c_"


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """Where one column of the contract comes from, and what is done to its text."""

    source: str | None = None
    value: str | None = None
    date: str | None = None
    moment: str | None = None
    offset: str = ""
    values: MappingType[str, str] = field(default_factory=dict)
    split: str | None = None


@dataclass(frozen=True, slots=True)
class FileMapping:
    """One mapping file."""

    kind: str
    columns: MappingType[str, ColumnRule]
    is_whole_list: bool = False
    dialect: Dialect | None = None

    @property
    def sources(self) -> tuple[str, ...]:
        """The columns of the file that something is made from."""
        named = (rule.source for rule in self.columns.values() if rule.source is not None)
        return tuple(dict.fromkeys(named))


def read_mapping(path: Path) -> FileMapping:
    """Read a mapping; what it does not understand is refused with file and line."""
    parts = read_place(path).entries(KEYS, ("kind", "columns"))
    contract = find_contract(parts["kind"].text())
    columns = parts["columns"].entries(contract.names)
    missing = [name for name in contract.key if name not in columns]
    if missing:
        raise parts["columns"].refuse(f"The mapping says nothing about the key {missing[0]}")
    return FileMapping(
        contract.kind,
        {name: _rule(place) for name, place in columns.items()},
        "whole_list" in parts and parts["whole_list"].flag(),
        read_dialect(parts["csv"]) if "csv" in parts else None,
    )


def _rule(place: Place) -> ColumnRule:
    if place.is_text:
        return ColumnRule(source=place.text())
    parts = place.entries(RULE_KEYS)
    if ("from" in parts) == ("value" in parts):
        raise place.refuse("A column has exactly one of from and value")
    texts = {
        name: parts[name].text() for name in ("value", "date", "moment", "split") if name in parts
    }
    return ColumnRule(
        source=parts["from"].text() if "from" in parts else None,
        offset=parts["offset"].text() if "offset" in parts else "",
        values=_values(parts["values"]) if "values" in parts else {},
        **texts,
    )


def _values(place: Place) -> dict[str, str]:
    return {name: value.text() for name, value in place.members().items()}


def stage_mapped(
    connection: duckdb.DuckDBPyConnection, source: Source, contract: Contract, mapping: FileMapping
) -> tuple[str, ...]:
    """Stage the file as it is, then make the columns of the contract from its texts."""
    foreign = Contract(
        kind=contract.kind, title=contract.title, about=contract.about, mode=contract.mode, key=(),
        columns=tuple(Column(name, "text", "", is_required=True) for name in mapping.sources),
    )  # fmt: skip
    extra = find_format(source.path).stage(connection, source, foreign)
    made = ", ".join(
        f"{_expression(mapping.columns.get(name))} as {quote(name)}" for name in contract.names
    )
    connection.execute("create or replace temp table foreign_rows as from staged")
    connection.execute(
        "create or replace temp table staged as "
        f"select line_no, raw, structure, extra, {made} from foreign_rows"
    )
    connection.execute("drop table foreign_rows")
    return extra


def _expression(rule: ColumnRule | None) -> str:
    if rule is None:
        return "null::varchar"
    if rule.source is None:
        return literal(rule.value or "")
    text = quote(rule.source)
    if rule.values:
        pairs = " ".join(
            f"when {literal(given)} then {literal(meant)}" for given, meant in rule.values.items()
        )
        text = f"case {quote(rule.source)} {pairs} else {text} end"
    if rule.date:
        text = f"coalesce(strftime(try_strptime({text}, {literal(rule.date)}), '%Y-%m-%d'), {text})"
    if rule.moment:
        shape = literal("%Y-%m-%dT%H:%M:%S.%f" + (rule.offset or "Z"))
        text = f"coalesce(strftime(try_strptime({text}, {literal(rule.moment)}), {shape}), {text})"
    if rule.split:
        text = f"replace({text}, {literal(rule.split)}, '{LIST_SEPARATOR}')"
    return f"nullif(trim({text}), '')"
