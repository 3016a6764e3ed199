"""Facts for prefilled answers: named queries, each row with the landed row that it came from.

A query is a file ``<source>.sql``. Its parameters are the ids of the subject (``$project``, ``$vendor``
and so on), ``$as_of`` and ``$personal`` (the data categories that are personal data). Beside what it
tells it returns ``batch_id`` and ``line_no`` of the landed row, which become the provenance. The digest
is that of the row's own content: a newer export makes exactly those answers stale whose rows changed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from importlib import resources
from typing import Any

import duckdb

from assessments.errors import NotFound
from assessments.questionnaire import Fact, load_pack
from dashboard.warehouse.connect import Warehouse

_PARAMETER = re.compile(r"\$([a-z_]+)")
RECORDS = "records"
_BOOKKEEPING = frozenset({"batch_id", "line_no", "known_from", "known_until"})


class WarehouseFacts:
    """The questionnaire engine's FactSource over one warehouse."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse

    def query(self, source: str, subject: Mapping[str, str]) -> list[Fact]:
        """The rows of a named query; none when the subject lacks what the query asks about."""
        text = find_query(source)
        needed = set(_PARAMETER.findall(text))
        given: dict[str, Any] = {
            **subject,
            "as_of": self._warehouse.as_of() or datetime.now(UTC).date(),
            "personal": personal_categories(),
        }
        if not needed <= given.keys():
            return []
        with self._warehouse.cursor() as cursor:
            found = cursor.execute(text, {name: given[name] for name in needed})
            names = [str(column[0]) for column in found.description or []]
            rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
            return _facts(cursor, rows)


def list_sources() -> list[str]:
    """The names of all queries."""
    files = resources.files("dashboard.warehouse.facts").iterdir()
    return sorted(file.name.removesuffix(".sql") for file in files if file.name.endswith(".sql"))


@cache
def find_query(source: str) -> str:
    """The text of a named query; NotFound for a name that is no query."""
    if source not in list_sources():
        raise NotFound(f"There is no fact source {source}", f"Known: {', '.join(list_sources())}.")
    return resources.files("dashboard.warehouse.facts").joinpath(f"{source}.sql").read_text("utf-8")


@cache
def personal_categories() -> list[str]:
    """The data categories that are personal data, from their dated pack."""
    entries = load_pack("data_categories").entries()
    return sorted(str(entry["id"]) for entry in entries if entry.get("personal"))


def _facts(cursor: duckdb.DuckDBPyConnection, rows: Sequence[Mapping[str, Any]]) -> list[Fact]:
    loads = cursor.execute("select batch_id, path, as_of from loads").fetchall()
    origins = {batch: (path, day) for batch, path, day in loads}
    return [_fact(row, *origins.get(row["batch_id"], (RECORDS, None))) for row in rows]


def _fact(row: Mapping[str, Any], path: str, day: date | None) -> Fact:
    value = {name: _plain(item) for name, item in row.items() if name not in _BOOKKEEPING}
    content = json.dumps(value, sort_keys=True, ensure_ascii=False).encode()
    return Fact(
        value,
        path,
        f"line {row['line_no']}" if row["line_no"] else None,
        hashlib.sha256(content).hexdigest(),
        day.isoformat() if day else None,
    )


def _plain(value: Any) -> Any:
    """JSON values: dates as ISO text, everything else as it is."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
