"""Events that are already in OCSF (schema.ocsf.io): API activity (6003) and datastore activity (6005).

``type_uid`` is the class times 100 plus the activity; the two classes number activities differently.
An event of another class lands with the activity ``other``.
"""

from __future__ import annotations

from dashboard.exports.systems.events import (
    API,
    DATASTORE,
    KINDS,
    LOGON,
    Event,
    items,
    moment,
    part,
    reader,
    text,
)
from dashboard.exports.systems.objects import Item, read_objects
from dashboard.exports.systems.system import System, signs

KNOWN = frozenset(
    [
        "action",
        "action_id",
        "activity_id",
        "activity_name",
        "actor",
        "api",
        "category_name",
        "category_uid",
        "class_name",
        "class_uid",
        "cloud",
        "count",
        "database",
        "databucket",
        "device",
        "disposition",
        "disposition_id",
        "dst_endpoint",
        "duration",
        "end_time",
        "end_time_dt",
        "enrichments",
        "http_request",
        "message",
        "metadata",
        "observables",
        "osint",
        "query_info",
        "raw_data",
        "resources",
        "severity",
        "severity_id",
        "src_endpoint",
        "start_time",
        "start_time_dt",
        "status",
        "status_code",
        "status_detail",
        "status_id",
        "table",
        "time",
        "time_dt",
        "timezone_offset",
        "trace",
        "type",
        "type_id",
        "type_name",
        "type_uid",
        "unmapped",
        "user",
    ]
)
ACTIVITIES = {
    API: {1: "create", 2: "read", 3: "update", 4: "delete"},
    DATASTORE: {1: "read", 2: "update", 3: "logon", 4: "query", 5: "create", 6: "create",
                7: "delete", 8: "list", 9: "other", 10: "read"},
    LOGON: {1: "logon"},
}  # fmt: skip
NO_EVENT = "this is not an OCSF event: it names no class_uid"


def make(item: Item) -> Event | str:
    """One event."""
    value = item.value
    uid, activity = value.get("class_uid"), value.get("activity_id")
    if not isinstance(uid, int) or isinstance(uid, bool):
        return NO_EVENT
    event_id = text(part(value, "metadata", "uid")) or text(part(value, "api", "request", "uid"))
    user = part(value, "actor", "user")
    count = part(value, "query_info", "count") or value.get("count")
    return Event(
        id=event_id,
        ts=moment(value.get("time")),
        operation=text(part(value, "api", "operation")) or text(value.get("activity_name")),
        actor=text(part(user, "name")) or text(part(user, "email_addr")) or text(part(user, "uid")),
        actor_type=text(part(user, "type")),
        resource=_resource(value),
        outcome=_outcome(value),
        activity=ACTIVITIES.get(uid, {}).get(activity if isinstance(activity, int) else 0, "other"),
        class_uid=uid,
        rows_read=count if isinstance(count, int) and uid == DATASTORE else None,
        statement=text(part(value, "query_info", "query_string")),
    )


def _resource(value: dict[str, object]) -> str | None:
    for name in ("table", "databucket", "database"):
        if found := text(part(value, name, "uid")) or text(part(value, name, "name")):
            return found
    for entry in items(value.get("resources")):
        named, type_ = text(part(entry, "name")), text(part(entry, "type"))
        if found := text(part(entry, "uid")) or (f"{type_}/{named}" if type_ and named else named):
            return found
    return text(part(value, "api", "service", "name"))


def _outcome(value: dict[str, object]) -> str:
    """status_id 1 success, 2 failure; action_id 2 denied; else the code of the response."""
    if value.get("action_id") == 2:
        return "denied"
    status, code = value.get("status_id"), part(value, "api", "response", "code")
    if status in (1, 2):
        return "success" if status == 1 else "failure"
    if isinstance(code, int):
        return "denied" if code in {401, 403} else "success" if code < 400 else "failure"
    return "unknown"


SYSTEM = System(
    "ocsf", "OCSF events", KINDS,
    signs(rb'"class_uid"\s*:\s*\d', rb'"type_uid"|"category_uid"'),
    reader("ocsf", KNOWN, read_objects, make),
    "https://schema.ocsf.io/1.5.0/classes/api_activity",
)  # fmt: skip
