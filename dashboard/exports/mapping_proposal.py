"""Which column of a table of one's own probably is which column of a kind; a person decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from assessments.exchange.register_sheet.propose import LEAST, plain, rate_words
from dashboard.exports.catalogue import contracts, find_contract
from dashboard.exports.contract import Dialect
from dashboard.exports.mapping import ColumnRule, FileMapping


@dataclass(frozen=True, slots=True)
class Guess:
    """A column of the kind, the column of the file that it probably is ("" for none), how sure."""

    column: str
    source: str
    confidence: float
    is_required: bool


def propose(kind: str, header: Sequence[str]) -> tuple[Guess, ...]:
    """The best pairs first, each column of the file once; below a limit nothing is proposed."""
    contract = find_contract(kind)
    ranked = sorted(
        ((_rate(source, name), name, source) for name in contract.names for source in header),
        key=lambda entry: -entry[0],
    )
    found: dict[str, tuple[str, float]] = {}
    taken: set[str] = set()
    for confidence, name, source in ranked:
        if confidence >= LEAST and name not in found and source not in taken:
            found[name] = (source, confidence)
            taken.add(source)
    return tuple(
        Guess(column.name, *found.get(column.name, ("", 0.0)), column.is_required)
        for column in contract.columns
    )


def best_kind(header: Sequence[str]) -> str:
    """The kind of whose required columns the header seems to hold the largest part."""

    def score(kind: str) -> float:
        guesses = propose(kind, header)
        needed = [guess.confidence for guess in guesses if guess.is_required]
        return sum(needed) / len(needed)

    return max(contracts(), key=score)


def _rate(source: str, name: str) -> float:
    given, known = plain(source).split(), plain(name).split()
    if "".join(given) == "".join(known):
        return 1.0
    return rate_words(given, known) if given else 0.0


def chosen_mapping(
    kind: str,
    sources: Mapping[str, str],
    *,
    is_whole_list: bool = False,
    dialect: Dialect | None = None,
) -> FileMapping:
    """The mapping that names, for columns of the kind, the columns of the file."""
    rules = {name: ColumnRule(source=source) for name, source in sources.items() if source}
    return FileMapping(kind, rules, is_whole_list, dialect)


def write_mapping(mapping: FileMapping) -> str:
    """The mapping as a file that people can go on with."""
    columns = {name: _written(rule) for name, rule in mapping.columns.items()}
    content: dict[str, Any] = {"kind": mapping.kind, "whole_list": mapping.is_whole_list}
    if mapping.dialect:
        content["csv"] = {
            "delimiter": mapping.dialect.delimiter, "quote": mapping.dialect.quote,
            "encoding": mapping.dialect.encoding,
        }  # fmt: skip
    text: str = yaml.safe_dump(content | {"columns": columns}, sort_keys=False, allow_unicode=True)
    return text


def _written(rule: ColumnRule) -> str | dict[str, Any]:
    parts = {
        "from": rule.source, "value": rule.value, "date": rule.date, "moment": rule.moment,
        "offset": rule.offset or None, "values": dict(rule.values) or None, "split": rule.split,
    }  # fmt: skip
    said = {name: part for name, part in parts.items() if part is not None}
    return str(rule.source) if list(said) == ["from"] else said
