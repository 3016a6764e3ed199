"""Microsoft 365 unified audit log: AuditData objects, or the CSV of a search with an AuditData column.

Times carry no zone and are UTC ("Detailed properties in the audit log"). A record type says which
service wrote it; its own properties differ by service, so only shared ones are known here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from dashboard.exports.lines import SHOWN
from dashboard.exports.readers.csv_file import BAD_ENCODING, BAD_QUOTES
from dashboard.exports.systems.events import (
    API,
    KINDS,
    LOGON,
    Event,
    activity_of,
    reader,
    text,
)
from dashboard.exports.systems.objects import Item, parse, read_objects
from dashboard.exports.systems.physical import read_records
from dashboard.exports.systems.system import System, signs

KNOWN = frozenset(
    [
        "Id",
        "RecordType",
        "CreationTime",
        "Operation",
        "OrganizationId",
        "UserType",
        "UserKey",
        "Workload",
        "ResultStatus",
        "ObjectId",
        "UserId",
        "ClientIP",
        "Scope",
        "Version",
        "AppAccessContext",
        "SiteUrl",
        "SourceFileName",
        "SourceRelativeUrl",
        "ItemType",
        "EventSource",
        "UserAgent",
        "Site",
        "WebId",
        "ListId",
        "ListItemUniqueId",
        "SourceFileExtension",
        "AppId",
        "ClientAppId",
        "ExternalAccess",
        "OrganizationName",
        "OriginatingServer",
        "Parameters",
        "CorrelationId",
        "ApplicationId",
        "MailboxOwnerUPN",
        "MailboxGuid",
        "ExtendedProperties",
        "ModifiedProperties",
        "Actor",
        "Target",
        "ActorContextId",
        "TargetContextId",
        "InterSystemsId",
        "IntraSystemId",
        "SupportTicketId",
        "DeviceProperties",
        "ErrorNumber",
        "AzureActiveDirectoryEventType",
        "LogonError",
    ]
)
TYPES = {0: "Regular", 1: "Reserved", 2: "Admin", 3: "DcAdmin", 4: "System", 5: "Application",
         6: "ServicePrincipal", 7: "CustomPolicy", 8: "SystemPolicy"}  # fmt: skip
CONTENT = (
    "File",
    "MailItems",
    "Folder",
    "Attachment",
    "PageView",
    "SearchQuery",
    "Message",
    "Sync",
)
BAD = frozenset({"failed", "false", "failure"})
NO_RECORD = "this is not a unified audit record: it names no Workload"
NO_DATA = "the line holds no AuditData"


def make(item: Item) -> Event | str:
    """One record."""
    value = item.value
    operation, workload = text(value.get("Operation")), text(value.get("Workload"))
    if workload is None:
        return NO_RECORD
    activity, when = activity_of(operation), text(value.get("CreationTime"))
    type_ = value.get("UserType")
    return Event(
        id=text(value.get("Id")),
        ts=f"{when}Z" if when and "Z" not in when and "+" not in when else when,
        operation=operation,
        actor=text(value.get("UserId")),
        actor_type=TYPES.get(type_) if isinstance(type_, int) else None,
        resource=_resource(value, workload),
        outcome=_outcome(value),
        activity=activity,
        class_uid=LOGON if activity == "logon" else API,
        reaches_data=bool(operation and operation.startswith(CONTENT)),
    )


def _resource(value: dict[str, object], workload: str) -> str:
    site, path = text(value.get("SiteUrl")), text(value.get("SourceRelativeUrl"))
    named = text(value.get("ObjectId")) or (f"{site}{path or ''}" if site else None)
    return named or text(value.get("MailboxOwnerUPN")) or workload


def _outcome(value: dict[str, object]) -> str:
    """Operations that have no result are only recorded when they happened."""
    status = (text(value.get("ResultStatus")) or "").casefold()
    if text(value.get("LogonError")) or status in BAD or status.endswith("failed"):
        return "denied" if "denied" in status or text(value.get("LogonError")) else "failure"
    return "success"


def _objects(path: Path) -> Iterator[Item]:
    with path.open("rb") as file:
        starts = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if starts in {b"{", b"["}:
        yield from read_objects(path)
        return
    yield from _from_csv(path)


def _from_csv(path: Path) -> Iterator[Item]:
    header: list[str] = []
    for number, data, reason in read_records(path):
        shown = data[:SHOWN].decode("utf-8", errors="backslashreplace")
        if reason:
            yield Item(number, shown, {}, reason)
            continue
        try:
            (cells,) = csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True)
        except UnicodeDecodeError:
            yield Item(number, shown, {}, BAD_ENCODING)
            continue
        except (csv.Error, ValueError):
            yield Item(number, shown, {}, BAD_QUOTES)
            continue
        if not header:
            header = [name.strip() for name in cells]
            continue
        yield _from_cells(number, dict(zip(header, cells, strict=False)), shown)


def _from_cells(number: int, cells: dict[str, str], shown: str) -> Item:
    data = cells.get("AuditData")
    return parse(number, data.encode()) if data else Item(number, shown, {}, NO_DATA)


SYSTEM = System(
    "m365", "Microsoft 365 unified audit", KINDS,
    signs(rb'"RecordType"', rb'"Workload"', rb'"CreationTime"'),
    reader("m365", KNOWN, _objects, make),
    "https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema",
)  # fmt: skip
