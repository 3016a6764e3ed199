"""The ledger, its checkpoints, the signer's memory and the age of the last backup."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from assessments.backup.make import MADE, RECORDS
from assessments.doctor.finding import Finding, attention, broken, in_order
from assessments.errors import NotFound
from assessments.ledger import body, keys, store
from assessments.ledger.note import Verifier
from assessments.ledger.tables import ledger_checkpoint
from assessments.ledger.verify import verify_ledger
from assessments.records import Records
from assessments.settings import Home

CHECKPOINT_AGE = timedelta(days=1)
BACKUP_AGE = timedelta(days=7)
REMEDY = "Run: privacy backup create FILE"


def check_ledger(home: Home, records: Records, now: datetime) -> Finding:
    """Every entry hashed again, against every checkpoint and what the signer remembers."""
    last = keys.read_memory(home.keys).last()
    with records.read() as connection:
        found = verify_ledger(connection, _verifiers(home), [last] if last else [])
    if found.verdict == "INVALID":
        return broken("ledger", found.problems[0],
                      "Compare with a checkpoint kept elsewhere, then restore a backup.")  # fmt: skip
    return in_order("ledger", f"{found.checked} entries hash to the root {found.root[:16]}.")


def check_checkpoint(home: Home, records: Records, now: datetime) -> Finding:
    """Entries that no signature covers should not be older than a day."""
    with records.read() as connection:
        size = store.size(connection)
        covered = connection.execute(select(func.max(ledger_checkpoint.c.size))).scalar() or 0
        if size <= covered:
            return in_order("checkpoint", "The newest checkpoint covers every entry.")
        oldest = _moment(store.entry(connection, covered))
    detail = (
        f"{size - covered} entries are not signed yet, the oldest since {oldest:%Y-%m-%d %H:%M}."
    )
    if now - oldest > CHECKPOINT_AGE:
        return attention("checkpoint", detail, "Run nightly: privacy ledger checkpoint")
    return in_order("checkpoint", detail)


def check_memory(home: Home, records: Records, now: datetime) -> Finding:
    """The signer's memory must not be ahead of the ledger: that is a ledger that was rolled back."""
    if not (home.keys / keys.KEY_FILE).exists():
        return attention("signer", "The ledger's key is not in this home.",
                         "Right when a separate signer holds it; else restore the keys.")  # fmt: skip
    last = keys.read_memory(home.keys).last()
    with records.read() as connection:
        size = store.size(connection)
    if last is not None and last.size > size:
        return broken("signer", f"The key signed {last.size} entries, the ledger has {size}.",
                      "After a restore: privacy ledger restored. Else the ledger was cut.")  # fmt: skip
    return in_order("signer", "The key and the ledger agree.")


def check_backup(home: Home, records: Records, now: datetime) -> Finding:
    """When the last backup was made, as the ledger says."""
    with records.read() as connection:
        try:
            made = body.newest(connection, action=MADE, object_id=RECORDS, facts={})
        except NotFound:
            return attention("backup", "No backup was ever made.", REMEDY)
    at = _moment(made)
    if now - at > BACKUP_AGE:
        return attention("backup", f"The last backup was made on {at:%Y-%m-%d}.", REMEDY)
    return in_order("backup", f"The last backup was made on {at:%Y-%m-%d %H:%M}.")


def _verifiers(home: Home) -> list[Verifier]:
    try:
        return keys.read_vkeys(home.keys)
    except NotFound:
        return []


def _moment(entry: store.Entry) -> datetime:
    return datetime.fromisoformat(str(body.read(entry)["ts"]))
