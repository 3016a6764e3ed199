"""Snowflake ACCOUNT_USAGE.ACCESS_HISTORY, one row a line as JSON (``COPY INTO`` with ``OBJECT_CONSTRUCT(*)``).

Tried on the example row of the view's own documentation; no public export exists. One query touches
several objects: each is an event. Base objects are those that were read; ``OBJECTS_MODIFIED`` were
written. A function or procedure holds no data. A driver may write the arrays as texts. The view lists
successful queries only, up to three hours late.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from dashboard.exports.systems.events import DATASTORE, KINDS, Event, items, part, rows, text
from dashboard.exports.systems.objects import read_objects
from dashboard.exports.systems.resources import ResourceMap
from dashboard.exports.systems.system import Found, System

KNOWN = frozenset(
    [
        "QUERY_ID",
        "QUERY_START_TIME",
        "USER_NAME",
        "DIRECT_OBJECTS_ACCESSED",
        "BASE_OBJECTS_ACCESSED",
        "OBJECTS_MODIFIED",
        "OBJECT_MODIFIED_BY_DDL",
        "POLICIES_REFERENCED",
        "PARENT_QUERY_ID",
        "ROOT_QUERY_ID",
    ]
)
LISTS = (("BASE_OBJECTS_ACCESSED", "query"), ("OBJECTS_MODIFIED", "update"))
CODE = frozenset({"FUNCTION", "PROCEDURE"})
NO_ROW = "this is not a row of ACCESS_HISTORY: it names no QUERY_ID"
NO_OBJECT = "the query names no object"


def read(path: Path, resources: ResourceMap) -> Iterator[Found]:
    """One event an object of a query."""
    for item in read_objects(path):
        value = {name.upper(): found for name, found in item.value.items()}
        reason = item.reason or (NO_ROW if text(value.get("QUERY_ID")) is None else None)
        if reason:
            yield Found(KINDS[0], item.line_no, item.raw, {}, reason)
            continue
        extra = {name: found for name, found in value.items() if name not in KNOWN}
        events = list(_events(value))
        if not events:
            yield Found(KINDS[0], item.line_no, item.raw, {}, NO_OBJECT)
        for event in events:
            yield from rows("snowflake", event, item, resources, extra)


def _events(value: dict[str, object]) -> Iterator[Event]:
    seen: set[tuple[str, str]] = set()
    for column, activity in LISTS:
        for entry in _objects(value.get(column)):
            name = text(part(entry, "objectName"))
            if name is None or (name, activity) in seen:
                continue
            seen.add((name, activity))
            yield Event(
                id=f"{text(value.get('QUERY_ID'))}/{activity}/{name}",
                ts=_moment(text(value.get("QUERY_START_TIME"))),
                operation=column,
                actor=text(value.get("USER_NAME")),
                resource=f"snowflake:{name}",
                outcome="success",
                activity=activity,
                class_uid=DATASTORE,
                client="sql",
                fields=_fields(entry),
                reaches_data=(text(part(entry, "objectDomain")) or "").upper() not in CODE,
            )


def _objects(value: object) -> list[object]:
    """The objects of a column, also where it was written as a text."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return []
    return items(value)


def _fields(entry: object) -> tuple[str, ...]:
    """The columns of an object, which the view names one by one."""
    names = (text(part(column, "columnName")) for column in items(part(entry, "columns")))
    return tuple(dict.fromkeys(name for name in names if name))


def _moment(found: str | None) -> str | None:
    """``2026-11-20 08:30:00.000 +0000`` with its offset joined."""
    return re.sub(r"\s+([+-]\d\d:?\d\d|Z)$", r"\1", found) if found else None


SYSTEM = System(
    "snowflake", "Snowflake access history", KINDS,
    (re.compile(rb'"QUERY_START_TIME"', re.IGNORECASE),
     re.compile(rb'"BASE_OBJECTS_ACCESSED"', re.IGNORECASE)),
    read, "https://docs.snowflake.com/en/sql-reference/account-usage/access_history",
)  # fmt: skip
