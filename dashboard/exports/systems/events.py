"""What an audit log says, in one shape, and which of it is use of a dataset.

The words are those of OCSF 1.5 (actor, resource, activity, time, outcome; class 6003 API activity, 6005
datastore activity, 3002 authentication). Every event lands in ``audit_events``. It lands in
``access_events`` too when it reached content, was allowed or denied, and the resource map names the
dataset. A purpose is only what the map states; where it states none, none is entered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dashboard.exports.systems.inventory import as_text
from dashboard.exports.systems.objects import Item
from dashboard.exports.systems.resources import ResourceMap
from dashboard.exports.systems.system import Found

KINDS = ("audit_events", "access_events")
LOGON, API, DATASTORE = 3002, 6003, 6005
ACTIONS = {
    "read": "read", "list": "read", "query": "query", "create": "write", "update": "write",
    "delete": "delete",
}  # fmt: skip
VERBS = {
    "create": ("create", "insert", "put", "post", "add", "copy", "upload", "run", "import"),
    "read": ("get", "read", "head", "describe", "lookup", "select", "download", "decrypt", "view",
             "fileaccessed", "filedownloaded", "filepreviewed", "mailitemsaccessed", "batchget"),
    "list": ("list", "watch", "search", "scan"),
    "update": ("update", "modify", "patch", "set", "change", "attach", "detach", "replace", "write",
               "filemodified", "restore", "enable", "disable"),
    "delete": ("delete", "remove", "drop", "truncate", "purge", "deletecollection",
               "filedeleted", "filerecycled"),
    "query": ("query", "startquery", "jobcompleted", "execute"),
    "logon": ("consolelogin", "userlogged", "login", "logon", "assumerole", "signin"),
}  # fmt: skip
_BY_LENGTH = sorted(
    ((start, activity) for activity, starts in VERBS.items() for start in starts),
    key=lambda entry: -len(entry[0]),
)


@dataclass(frozen=True, slots=True)
class Event:
    """One event of one log. ``reaches_data``: content was touched, not only settings."""

    id: str | None
    ts: str | None
    operation: str | None
    actor: str | None
    resource: str | None
    outcome: str
    activity: str
    class_uid: int = API
    actor_type: str | None = None
    rows_read: int | None = None
    client: str | None = None
    statement: str | None = None
    reaches_data: bool = True
    fields: tuple[str, ...] = ()


def activity_of(operation: str | None) -> str:
    """The activity that the first word of an operation's name says; ``other`` when it says none."""
    word = (operation or "").split(".")[-1].replace("-", "").replace("_", "").casefold()
    return next((activity for start, activity in _BY_LENGTH if word.startswith(start)), "other")


def moment(milliseconds: object) -> str | None:
    """Milliseconds since 1970 as a text; None when they are no moment."""
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return None


def text(value: object) -> str | None:
    """A scalar as text, everything else as nothing: the same field may hold an object elsewhere."""
    if isinstance(value, str):
        return value or None
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def part(value: object, *names: str) -> object:
    """A member of a member; None where the path does not exist."""
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def items(value: object) -> list[object]:
    """A list, or nothing."""
    return value if isinstance(value, list) else []


def reader(
    source: str,
    known: frozenset[str],
    objects: Callable[[Path], Iterable[Item]],
    make: Callable[[Item], Event | str | None],
) -> Callable[[Path, ResourceMap], Iterator[Found]]:
    """The reader of a log: ``make`` answers the event, why there is none, or None to pass over."""

    def read(path: Path, resources: ResourceMap) -> Iterator[Found]:
        for item in objects(path):
            made = item.reason or make(item)
            if made is None:
                continue
            if isinstance(made, str):
                yield Found(KINDS[0], item.line_no, item.raw, {}, made)
                continue
            extra = {name: value for name, value in item.value.items() if name not in known}
            yield from rows(source, made, item, resources, extra)

    return read


def rows(
    source: str, event: Event, item: Item, resources: ResourceMap, extra: Mapping[str, object]
) -> Iterator[Found]:
    """The row of the event, and the row of the access when it is one."""
    target = resources.dataset(event.resource) if event.resource else None
    person = resources.person(event.actor) if event.actor else None
    event_id = f"{source}:{event.id}" if event.id else None
    shared = {
        "event_id": event_id, "ts": event.ts, "outcome": event.outcome, "client": event.client,
        "dataset_id": target.id if target else None,
        "rows_read": None if event.rows_read is None else str(event.rows_read),
    }  # fmt: skip
    yield Found(
        KINDS[0], item.line_no, item.raw,
        shared | {
            "source": source, "class_uid": str(event.class_uid), "activity": event.activity,
            "operation": event.operation, "actor": event.actor, "actor_type": event.actor_type,
            "person_id": person.id if person else None, "resource": event.resource,
            "statement_sha256": _digest(event.statement),
            "reaches_data": "true" if event.reaches_data else "false",
            "fields": as_text(event.fields),
        },
        None, extra or None,
    )  # fmt: skip
    is_use = event.reaches_data and event.outcome in {"success", "denied"}
    if target and is_use and event.activity in ACTIONS and event.ts and event_id and event.actor:
        actor = person.id if person else event.actor
        more = {
            "actor_id": actor,
            "action": ACTIONS[event.activity],
            "purpose_id": target.purpose_id,
        }
        yield Found(KINDS[1], item.line_no, item.raw, shared | more)


def _digest(statement: str | None) -> str | None:
    return hashlib.sha256(statement.encode("utf-8", "replace")).hexdigest() if statement else None
