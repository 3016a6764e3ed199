"""Google Cloud Audit Logs: LogEntry objects with an AuditLog as protoPayload, one a line or as a list.

Entries without an AuditLog (text, other payloads) are no audit events and are passed over. The first
and the last entry of one long operation are two entries; only the first, which holds the
authorisation, counts. Content is reached by entries of the data_access log.
"""

from __future__ import annotations

from dashboard.exports.systems.events import (
    API,
    DATASTORE,
    KINDS,
    Event,
    activity_of,
    items,
    part,
    reader,
    text,
)
from dashboard.exports.systems.objects import Item, read_objects
from dashboard.exports.systems.system import System, signs

KNOWN = frozenset(
    [
        "insertId",
        "logName",
        "operation",
        "protoPayload",
        "receiveTimestamp",
        "resource",
        "severity",
        "timestamp",
        "labels",
        "httpRequest",
        "trace",
        "spanId",
        "traceSampled",
        "sourceLocation",
        "split",
        "jsonPayload",
        "textPayload",
        "errorGroups",
        "apphub",
    ]
)
NO_ENTRY = "this is not a log entry: it names no logName"
DENIED_CODES = frozenset({7, 16})


def make(item: Item) -> Event | str | None:
    """One entry."""
    value = item.value
    log, payload = text(value.get("logName")), value.get("protoPayload")
    if log is None:
        return NO_ENTRY
    method = text(part(payload, "methodName"))
    operation = value.get("operation")
    is_end = part(operation, "last") is True and part(operation, "first") is not True
    if method is None or is_end:
        return None
    is_data = "data_access" in log
    ids = filter(None, (text(value.get("insertId")), text(value.get("timestamp")), log))
    return Event(
        id="/".join(ids) if text(value.get("insertId")) else None,
        ts=text(value.get("timestamp")),
        operation=method,
        actor=text(part(payload, "authenticationInfo", "principalEmail"))
        or text(part(payload, "authenticationInfo", "principalSubject")),
        resource=text(part(payload, "resourceName")) or text(part(payload, "serviceName")),
        outcome=_outcome(payload),
        activity=activity_of(method),
        class_uid=DATASTORE if is_data else API,
        reaches_data=is_data,
    )


def _outcome(payload: object) -> str:
    """google.rpc.Code 7 and 16 are refusals; any other code but 0 is a failure."""
    code = part(payload, "status", "code")
    granted = [part(entry, "granted") for entry in items(part(payload, "authorizationInfo"))]
    if code in DENIED_CODES or False in granted:
        return "denied"
    return "failure" if isinstance(code, int) and code else "success"


SYSTEM = System(
    "gcp", "Google Cloud audit", KINDS,
    signs(rb'"insertId"', rb'cloudaudit\.googleapis\.com'),
    reader("gcp", KNOWN, read_objects, make),
    "https://cloud.google.com/logging/docs/reference/audit/auditlog/rest/Shared.Types/AuditLog",
)  # fmt: skip
