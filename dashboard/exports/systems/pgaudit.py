"""PostgreSQL pgaudit: AUDIT records in a server log (stderr, csvlog or, from PostgreSQL 15, jsonlog).

A record is itself CSV: type, statement, substatement, class, command, object type, object, statement
text, parameters and, from pgaudit 1.7, rows (README of pgaudit, "Format"). Moment, process, user and
database come from the log line prefix, such as ``%m [%p] %u@%d``; csvlog and jsonlog have their own. The
moment must name UTC or an offset: other zone names do not say one. Lines without an AUDIT record are no
events and are passed over. Statements are hashed: they hold whatever people search for.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dashboard.exports.lines import LINE_LIMIT, SHOWN, Line, read_lines
from dashboard.exports.readers.csv_file import BAD_ENCODING, BAD_QUOTES, TOO_LONG
from dashboard.exports.systems.events import DATASTORE, KINDS, Event, part, reader, text
from dashboard.exports.systems.objects import Item
from dashboard.exports.systems.physical import OPEN_QUOTE
from dashboard.exports.systems.system import System, signs

JOINED_LINES = 2_000
ACTIVITIES = {
    "SELECT": "query", "INSERT": "create", "UPDATE": "update", "DELETE": "delete",
    "TRUNCATE TABLE": "delete", "COPY": "read", "MERGE": "update", "COPY TO": "read",
    "COPY FROM": "create",
}  # fmt: skip
BAD_JSON = "the line is not JSON"
FEW_FIELDS = "the AUDIT record has fewer than nine fields"
_PREFIX = re.compile(
    r"(?P<ts>\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?)(?: ?(?P<zone>UTC|GMT|Z|[+-]\d\d(?::?\d\d)?))?"
)
_USER = re.compile(r"(?<![\w.@-])(?P<user>[^\s@\[\],]+)@(?P<base>[^\s@\[\],:]+)")
_PROCESS = re.compile(r"\[(?P<pid>\d+)\]")
_STARTS = re.compile(rb"(^|[\s\"])AUDIT: (SESSION|OBJECT),")


@dataclass(frozen=True, slots=True)
class Prefix:
    """What the log line says beside the record."""

    ts: str | None = None
    user: str | None = None
    base: str | None = None
    process: str = ""


def make(item: Item) -> Event | str:
    """One AUDIT record."""
    prefix, fields = item.value["prefix"], item.value["fields"]
    if len(fields) < 9:
        return FEW_FIELDS
    type_, statement_id, part_id, class_, command, _, name, statement, *rest = fields
    base = prefix.base or "postgresql"
    key = "\x1f".join([str(prefix.ts), prefix.process, base, *fields])
    rows = rest[1] if len(rest) > 1 and rest[1].isdigit() else None
    return Event(
        id=hashlib.sha256(key.encode("utf-8", "replace")).hexdigest(),
        ts=prefix.ts,
        operation=f"{class_} {command}",
        actor=prefix.user,
        actor_type=type_.lower(),
        resource=f"postgresql:{base}/{name}" if name else f"postgresql:{base}",
        outcome="success",
        activity=ACTIVITIES.get(command, "other"),
        class_uid=DATASTORE,
        rows_read=int(rows) if rows and len(rows) < 18 else None,
        client="sql",
        statement=statement or f"{statement_id}.{part_id}",
        reaches_data=class_ in {"READ", "WRITE"},
    )


def _objects(path: Path) -> Iterator[Item]:
    """One item an AUDIT record; a record goes on over lines while a quote of it is open."""
    lines = read_lines(path)
    waiting: Line | None = None
    while (line := waiting or next(lines, None)) is not None:
        waiting = None
        if not _STARTS.search(line.data):
            continue
        if line.is_too_long:
            yield Item(line.number, line.shown(), {}, TOO_LONG)
            continue
        data = bytearray(line.data)
        for _ in range(JOINED_LINES):
            if _is_closed(data) or len(data) > LINE_LIMIT:
                break
            waiting = next(lines, None)
            if waiting is None or _STARTS.search(waiting.data):
                break
            data += b"\n" + waiting.data
            waiting = None
        yield _item(line.number, bytes(data))


def _is_closed(data: bytes | bytearray) -> bool:
    """A line of jsonlog is a whole record; elsewhere a record ends when no quote is open."""
    return data.startswith(b"{") or data.count(b'"') % 2 == 0


def _item(number: int, data: bytes) -> Item:
    shown = data[:SHOWN].decode("utf-8", errors="backslashreplace")
    if not _is_closed(data):
        return Item(number, shown, {}, OPEN_QUOTE)
    try:
        raw = data.decode("utf-8")
    except UnicodeDecodeError:
        return Item(number, shown, {}, BAD_ENCODING)
    try:
        prefix, record = _split(raw)
        fields = next(csv.reader(io.StringIO(record, newline=""), strict=True))
    except (csv.Error, StopIteration):
        return Item(number, shown, {}, BAD_QUOTES)
    except (ValueError, RecursionError):
        return Item(number, shown, {}, BAD_JSON)
    return Item(number, raw, {"prefix": prefix, "fields": fields})


def _split(raw: str) -> tuple[Prefix, str]:
    """The prefix and the record; lines of csvlog and jsonlog have both apart."""
    if raw.startswith("{"):
        return _parsed(json.loads(raw))
    if re.match(r'\d{4}-\d\d-\d\d [\d:.]+ \w+,"', raw):
        columns = next(csv.reader(io.StringIO(raw, newline=""), strict=True))
        message = next((cell for cell in columns if cell.startswith("AUDIT: ")), "")
        found = _PREFIX.match(columns[0])
        prefix = Prefix(_moment(found), columns[1] or None, columns[2] or None, columns[3])
        return prefix, message.removeprefix("AUDIT: ")
    head, _, record = raw.partition("AUDIT: ")
    user, process = _USER.search(head), _PROCESS.search(head)
    return (
        Prefix(
            _moment(_PREFIX.search(head)),
            user["user"] if user else None,
            user["base"] if user else None,
            process["pid"] if process else "",
        ),
        record,
    )


def _parsed(entry: object) -> tuple[Prefix, str]:
    """A line of jsonlog (PostgreSQL documentation, 20.8.5)."""
    found = _PREFIX.match(text(part(entry, "timestamp")) or "")
    user, base = text(part(entry, "user")), text(part(entry, "dbname"))
    prefix = Prefix(_moment(found), user, base, text(part(entry, "pid")) or "")
    return prefix, (text(part(entry, "message")) or "").removeprefix("AUDIT: ")


def _moment(found: re.Match[str] | None) -> str | None:
    """The moment with its offset; without one it is left as it stands, and the contract refuses it."""
    if found is None:
        return None
    zone = found["zone"]
    return found["ts"] + ("Z" if zone in {"UTC", "GMT", "Z"} else zone or "")


SYSTEM = System(
    "pgaudit", "PostgreSQL pgaudit", KINDS, signs(rb"AUDIT: (SESSION|OBJECT),"),
    reader("pgaudit", frozenset({"prefix", "fields"}), _objects, make),
    "https://github.com/pgaudit/pgaudit/blob/main/README.md#format",
)  # fmt: skip
