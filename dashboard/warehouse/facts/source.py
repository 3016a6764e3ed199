"""Facts for prefilled answers: rows of named queries, each with the landed row that it came from.

A query is a file ``<source>.sql``. Its parameters are the ids of the subject (``$project`` and so on).
Besides what it tells it returns ``batch_id`` and ``line_no`` of the landed row; they become the
provenance. The digest is that of the row's own content, so that a newer export makes exactly those
answers stale whose rows changed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from assessments.errors import NotFound
from assessments.questionnaire.prefill import Fact
from dashboard.warehouse.connect import Warehouse

FOLDER = Path(__file__).parent
_PARAMETER = re.compile(r"\$([a-z_]+)")
_ORIGIN = "select kind, path, as_of from loads where batch_id = ?"


@cache
def fact_sources() -> dict[str, str]:
    """The SQL of every source by its name."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.sql"))}


class WarehouseFacts:
    """The facts that the warehouse holds about a subject such as {'project': 'prj-churn'}."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse

    def query(self, source: str, subject: Mapping[str, str]) -> list[Fact]:
        """All rows of a source; none when the subject lacks what the source asks about."""
        sql = fact_sources().get(source)
        if sql is None:
            raise NotFound(
                f"There is no source of facts called {source}", ", ".join(fact_sources())
            )
        needed = set(_PARAMETER.findall(sql))
        if not needed <= subject.keys():
            return []
        with self._warehouse.cursor() as cursor:
            found = cursor.execute(sql, {name: subject[name] for name in needed})
            names = [str(entry[0]) for entry in found.description or []]
            rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
            return _facts(cursor, source, rows)


def _facts(
    cursor: duckdb.DuckDBPyConnection, source: str, rows: Sequence[dict[str, Any]]
) -> list[Fact]:
    origins: dict[str, tuple[str, str | None]] = {}
    found = []
    for row in rows:
        batch, line = str(row.pop("batch_id")), row.pop("line_no")
        if batch not in origins:
            origins[batch] = _origin(cursor, batch, source)
        name, day = origins[batch]
        value = {key: _plain(item) for key, item in row.items()}
        found.append(Fact(value, name, f"line {line}", _digest(value), day))
    return found


def _origin(cursor: duckdb.DuckDBPyConnection, batch: str, source: str) -> tuple[str, str | None]:
    row = cursor.execute(_ORIGIN, [batch]).fetchone()
    return (f"{row[0]} ({row[1]})", row[2].isoformat()) if row else (source, None)


def _digest(value: Mapping[str, Any]) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Days as ISO 8601 text; all else as it is in JSON."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds") + "Z"
    if isinstance(value, date):
        return value.isoformat()
    return value
