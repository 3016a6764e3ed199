"""Making a backup: a snapshot of the store, then every file that it names, sealed as one file.

The snapshot is taken first. Evidence and reports are named by their digests and only added, so what
the snapshot names is there when the files are read afterwards.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assessments.backup import snapshot
from assessments.backup.archive import Writer
from assessments.backup.sealed import read_recipients, sealing
from assessments.errors import BadInput, StorageFull
from assessments.files import file_digest, flush
from assessments.ledger import keys, store
from assessments.records.actor import Actor
from assessments.records.permissions import check_permission
from assessments.records.store import Event, Records
from assessments.settings import Home

PERMISSION = "backup.make"
MADE = "backup.made"
RECORDS, KEYS = "records", "keys"
SNAPSHOT = "records.sqlite"
NOT_KEPT = frozenset({"cookie-secret"})


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished backup. size in bytes; entries: how far its ledger reaches."""

    path: Path
    size: int
    sha256: str
    files: int
    entries: int


def back_up_records(
    records: Records,
    home: Home,
    actor: Actor,
    target: Path,
    *,
    recipients: Sequence[str] = (),
    more: Mapping[str, Path] | None = None,
) -> Backup:
    """Records, ledger, evidence and reports, and ``more`` files by their name in the archive."""
    _check(records, actor)
    home.prepare()
    with tempfile.TemporaryDirectory(dir=home.path, prefix=".backup-") as folder:
        taken = Path(folder) / SNAPSHOT
        snapshot.take(records, taken)
        copy = Records.open(f"sqlite:///{taken}")
        with copy.read() as connection:
            entries = store.size(connection)
            root = store.root(connection, entries).hex()
        copy.close()

        def fill(writer: Writer) -> None:
            writer.add(SNAPSHOT, taken)
            writer.add_folder("evidence", home.evidence)
            writer.add_folder("reports", home.reports)
            if (home.keys / keys.VKEY_FILE).exists():
                writer.add(f"keys/{keys.VKEY_FILE}", home.keys / keys.VKEY_FILE)
            for name, path in (more or {}).items():
                writer.add(name, path)

        facts = {"part": RECORDS, "ledger": {"size": entries, "root": root}}
        made = _seal(target, recipients or read_recipients(home.keys), facts, fill, entries)
    _note(records, actor, made, RECORDS)
    return made


def back_up_keys(
    records: Records, home: Home, actor: Actor, target: Path, *, recipients: Sequence[str] = ()
) -> Backup:
    """The keys folder alone, for another place than the records."""
    _check(records, actor)

    def fill(writer: Writer) -> None:
        for path in sorted(home.keys.rglob("*")):
            if path.is_file() and path.name not in NOT_KEPT and path.suffix != ".lock":
                writer.add(f"keys/{path.relative_to(home.keys).as_posix()}", path)

    made = _seal(target, recipients or read_recipients(home.keys), {"part": KEYS}, fill, 0)
    _note(records, actor, made, KEYS)
    return made


def _seal(
    target: Path, recipients: Sequence[str], facts: dict[str, Any], fill: Any, entries: int
) -> Backup:
    """Write aside, flush, and only then give it its name; an existing file is never overwritten."""
    if target.exists():
        raise BadInput("There is a file of that name already", "A backup is never overwritten.",
                       where={"file": target.name})  # fmt: skip
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            with sealing(out, recipients) as sink:
                writer = Writer.to(sink, facts)
                fill(writer)
                writer.close()
            out.flush()
            os.fsync(out.fileno())
        digest = file_digest(partial)
        partial.replace(target)
    except OSError as error:
        raise StorageFull("The backup could not be written", f"{error.strerror}. Nothing is lost.",
                          where={"file": target.name}) from error  # fmt: skip
    finally:
        partial.unlink(missing_ok=True)
    flush(target.parent)
    return Backup(target, target.stat().st_size, digest, len(writer.files), entries)


def _check(records: Records, actor: Actor) -> None:
    with records.read() as connection:
        check_permission(connection, actor, PERMISSION)


def _note(records: Records, actor: Actor, made: Backup, part: str) -> None:
    with records.change(actor) as change:
        facts = {"sha256": made.sha256, "size": made.size, "files": made.files}
        change.apply(Event(MADE, "backup", part, PERMISSION, facts=facts))
