"""What whoever runs the installation has to keep an eye on: certificates, checkpoints, stamps, backups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from sqlalchemy import Connection, func, select

from assessments.backup.make import KEYS, MADE, RECORDS
from assessments.doctor.keys import SOON
from assessments.errors import NotFound
from assessments.ledger import body, store
from assessments.ledger.tables import ledger_checkpoint, ledger_endorsement
from assessments.settings import Home
from assessments.signing.authority import revoked_serials
from assessments.signing.certificates import person_of
from assessments.signing.succession import BRIDGE, RETIRED


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate in use. whose: root, issuing, or a person's id; kind: document or statement."""

    whose: str
    name: str
    kind: str
    ends_at: datetime
    is_revoked: bool

    def is_ending(self, now: datetime) -> bool:
        """Whether it ends within 60 days, or has ended."""
        return self.ends_at - now < SOON


@dataclass(frozen=True, slots=True)
class Custody:
    """certificates: by their end. list_until: how long the root's revocation list counts.

    entries and covered: the ledger, and how much of it the newest checkpoint signs for.
    """

    certificates: tuple[Held, ...]
    list_until: datetime | None
    entries: int
    covered: int
    checkpoint_at: datetime | None
    stamps: int
    stamped_at: datetime | None
    records_backup: datetime | None
    keys_backup: datetime | None


def describe(home: Home, connection: Connection) -> Custody:
    """Reads public halves and the ledger; opens no key and asks for no passphrase."""
    newest = connection.execute(
        select(ledger_checkpoint.c.size, ledger_checkpoint.c.at)
        .order_by(ledger_checkpoint.c.size.desc())
        .limit(1)
    ).first()
    stamps, stamped = connection.execute(
        select(func.count(), func.max(ledger_endorsement.c.at)).where(
            ledger_endorsement.c.kind == "timestamp"
        )
    ).one()
    folder = home.keys / "authority"
    return Custody(
        tuple(sorted(_held(folder), key=lambda held: (held.ends_at, held.whose))),
        _list_until(folder / "root.crl"),
        store.size(connection),
        newest.size if newest else 0,
        datetime.fromisoformat(newest.at) if newest else None,
        int(stamps),
        datetime.fromisoformat(stamped) if stamped else None,
        _made(connection, RECORDS),
        _made(connection, KEYS),
    )


def _held(folder: Path) -> Iterator[Held]:
    revoked = revoked_serials(folder)
    for path in folder.rglob("*.crt"):
        if path.name == BRIDGE or RETIRED in path.parts:
            continue
        found = x509.load_pem_x509_certificate(path.read_bytes())
        is_person = path.parent != folder
        whose, name = person_of(found) if is_person else (path.stem, "")
        kind = path.stem if is_person else ""
        is_revoked = str(found.serial_number) in revoked
        yield Held(whose, name, kind, found.not_valid_after_utc, is_revoked)


def _list_until(path: Path) -> datetime | None:
    return x509.load_der_x509_crl(path.read_bytes()).next_update_utc if path.exists() else None


def _made(connection: Connection, what: str) -> datetime | None:
    try:
        entry = body.newest(connection, action=MADE, object_id=what, facts={})
    except NotFound:
        return None
    return datetime.fromisoformat(str(body.read(entry)["ts"]))
