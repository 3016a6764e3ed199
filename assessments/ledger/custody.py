"""What happens to the log over its life, each on the record: key rotation and restored backups."""

from __future__ import annotations

from pathlib import Path

from assessments.ledger import keys, store
from assessments.ledger.keys import LogKey
from assessments.records.permissions import check_permission
from assessments.records.store import Change, Event

PERMISSION = "ledger.checkpoint"


def rotate(change: Change, folder: Path, passphrase: str, new_passphrase: str) -> LogKey:
    """Bring a new key in; the previous one signs beside it until ``retire``."""
    _check(change)
    old = keys.read_vkey(folder)
    key = keys.rotate_key(folder, passphrase, new_passphrase)
    _record(change, "ledger.key-added", {"vkey": key.verifier.vkey, "replaces": old.vkey})
    return key


def retire(change: Change, folder: Path) -> None:
    """End the overlap of a rotation."""
    _check(change)
    keys.retire_previous(folder)
    _record(change, "ledger.key-retired", {"remaining": keys.read_vkey(folder).vkey})


def declare_restored(change: Change, folder: Path, passphrase: str) -> LogKey:
    """Say that the ledger was restored from a backup and goes on under a new name.

    The entry names the head that was lost, so that everybody who kept a later checkpoint knows
    which entries are missing and that somebody said so.
    """
    _check(change)
    size = store.size(change.connection)
    root = store.root(change.connection, size)
    before = keys.read_vkey(folder)
    key, lost = keys.start_over(folder, passphrase)
    facts: dict[str, str | int | None] = {
        "vkey": key.verifier.vkey,
        "replaces": before.vkey,
        "size": size,
        "root": root.hex(),
        "lost_size": lost.size if lost else None,
        "lost_root": lost.root.hex() if lost else None,
    }
    _record(change, "ledger.restored", facts)
    return key


def _check(change: Change) -> None:
    """Before a key file is touched; the entry's own check would come too late."""
    check_permission(change.connection, change.actor, PERMISSION, now=change.now)


def _record(change: Change, action: str, facts: dict[str, str | int | None]) -> None:
    change.apply(Event(action, "ledger", "log", PERMISSION, facts=dict(facts)))
