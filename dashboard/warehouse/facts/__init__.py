"""Facts for assessments: named queries over the warehouse, each row with its digest and day."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from assessments.errors import NotFound
from assessments.questionnaire import Fact, load_pack
from dashboard.warehouse.connect import Warehouse

_BOOKKEEPING = frozenset({"batch_id", "valid_from", "valid_to", "row_id"})


class WarehouseFacts:
    """The questionnaire engine's FactSource over one warehouse."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse

    def query(self, source: str, subject: Mapping[str, str]) -> list[Fact]:
        """The rows of a named query about a subject; NotFound for a name that is no query."""
        text = find_query(source)
        as_of = self._warehouse.as_of() or date.today()
        given = {
            "project": subject.get("project"),
            "as_of": as_of,
            "personal": personal_categories(),
        }
        parameters = {name: value for name, value in given.items() if f"${name}" in text}
        with self._warehouse.cursor() as cursor:
            found = cursor.execute(text, parameters)
            names = [column[0] for column in found.description]
            rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        return [_fact(source, row, as_of) for row in rows]


def list_sources() -> list[str]:
    """The names of all queries."""
    files = resources.files(__name__).iterdir()
    return sorted(file.name.removesuffix(".sql") for file in files if file.name.endswith(".sql"))


@cache
def find_query(source: str) -> str:
    """The text of a named query."""
    if source not in list_sources():
        raise NotFound(f"There is no fact source {source}", f"Known: {', '.join(list_sources())}.")
    return resources.files(__name__).joinpath(f"{source}.sql").read_text("utf-8")


@cache
def personal_categories() -> list[str]:
    """The data categories that are personal data, from their dated pack."""
    entries = load_pack("data_categories").entries()
    return sorted(str(entry["id"]) for entry in entries if entry.get("personal"))


def _fact(source: str, row: Mapping[str, Any], as_of: date) -> Fact:
    value = {name: _plain(item) for name, item in row.items() if name not in _BOOKKEEPING}
    content = json.dumps(value, sort_keys=True, ensure_ascii=False).encode()
    digest = hashlib.sha256(content).hexdigest()
    return Fact(value, source, str(row["row_id"]), digest, as_of.isoformat())


def _plain(value: Any) -> Any:
    """JSON values: dates as ISO text, everything else as it is."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
