"""Restoring: everything is opened, compared and verified aside, and only then becomes the home."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from assessments.backup import snapshot
from assessments.backup.archive import extract
from assessments.backup.make import KEYS, RECORDS, SNAPSHOT
from assessments.backup.sealed import opening
from assessments.errors import BadInput
from assessments.files import flush
from assessments.ledger import keys
from assessments.ledger.verify import LedgerVerification, verify_ledger
from assessments.records.store import Records
from assessments.records.tables import evidence, report
from assessments.settings import Home


@dataclass(frozen=True, slots=True)
class Restored:
    """What a backup brought back. lost: signed entries that came after it, where the keys are there to remember."""

    made_at: str
    files: int
    ledger: LedgerVerification
    lost: int | None


def restore(home: Home, file: Path, identity: Any, keys_file: Path | None = None) -> Restored:
    """Make ``home`` (absent or empty) what the backup holds, or leave it as it is."""
    if home.path.exists() and any(home.path.iterdir()):
        raise BadInput(
            "The home directory is not empty",
            "Restore into a new one; nothing was changed.",
            where={"file": home.path.name},
        )
    home.path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.path.parent, prefix=".restoring-") as made:
        aside = Home(Path(made) / "home")
        aside.path.mkdir(mode=0o700)
        manifest = _open(file, identity, RECORDS, aside.path)
        if keys_file is not None:
            (aside.keys / keys.VKEY_FILE).unlink(missing_ok=True)
            _open(keys_file, identity, KEYS, aside.path)
        checked = _verify(aside, manifest)
        lost = _lost(aside, checked.size)
        aside.prepare()
        if home.path.exists():
            home.path.rmdir()
        aside.path.rename(home.path)
        flush(home.path.parent)
    return Restored(str(manifest["made_at"]), len(manifest["files"]), checked, lost)


def _open(file: Path, identity: Any, part: str, folder: Path) -> dict[str, Any]:
    if not file.is_file():
        raise BadInput("There is no such file", where={"file": file.name})
    with opening(file, identity) as stream:
        manifest = extract(stream, folder)
    if manifest.get("part") != part:
        raise BadInput(
            f"This is a backup of {manifest.get('part')}, not of {part}", where={"file": file.name}
        )
    return manifest


def _verify(aside: Home, manifest: dict[str, Any]) -> LedgerVerification:
    """The ledger hashes to the root of the manifest, its signatures hold, every named file is there."""
    taken = Records.open(f"sqlite:///{aside.path / SNAPSHOT}")
    try:
        with taken.read() as connection:
            known = keys.read_vkeys(aside.keys) if (aside.keys / keys.VKEY_FILE).exists() else []
            checked = verify_ledger(connection, known)
            missing = _missing(connection, aside)
    finally:
        taken.close()
    told = manifest["ledger"]
    if checked.verdict == "INVALID" or (checked.size, checked.root) != (told["size"], told["root"]):
        first = checked.problems[0] if checked.problems else "its root is not the manifest's"
        raise BadInput(
            "The ledger of the backup does not verify", f"{first}. Nothing was restored."
        )
    if missing:
        raise BadInput(
            f"{len(missing)} files that the records name are not in the backup",
            f"The first has the digest {missing[0]}. Nothing was restored.",
        )
    return checked


def _missing(connection: Connection, aside: Home) -> list[str]:
    """Digests of evidence and reports that the records name and the backup does not hold."""
    evidence_there = {path.stem for path in aside.evidence.rglob("*")}
    reports_there = {path.stem for path in aside.reports.rglob("*")}
    named = connection.execute(
        select(evidence.c.sha256).where(evidence.c.erased_at.is_(None))
    ).scalars()
    printed = connection.execute(select(report.c.file_sha256)).scalars()
    return [digest for digest in named if digest not in evidence_there] + [
        digest for digest in printed if f"report-{digest[:16]}" not in reports_there
    ]


def _lost(aside: Home, size: int) -> int | None:
    if not (aside.keys / keys.KEY_FILE).exists():
        return None
    last = keys.read_memory(aside.keys).last()
    return 0 if last is None else max(0, last.size - size)


def fill_database(home: Home, records: Records) -> None:
    """Move the restored records from the snapshot into an empty PostgreSQL store."""
    taken = home.path / SNAPSHOT
    snapshot.put_back(taken, records)
    for left in home.path.glob(f"{SNAPSHOT}*"):
        left.unlink()


def give_up(home: Home) -> None:
    """Take a restored home away again, when the database refused it."""
    shutil.rmtree(home.path)
