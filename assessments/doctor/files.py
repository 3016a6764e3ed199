"""Files of the home directory: reports, evidence, who may read them, what was left behind, room."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from assessments.doctor.finding import Finding, attention, broken, in_order
from assessments.evidence import check_evidence
from assessments.files import file_digest
from assessments.records import Records
from assessments.records.tables import evidence, report
from assessments.reports.state import find_report
from assessments.settings import Home

LEAST_FREE = 1024**3
RESTORE = "Restore it from a backup."


def check_reports(home: Home, records: Records, now: datetime) -> Finding:
    """Every report's file is there and has the digest that the records name."""
    with records.read() as connection:
        ids = connection.execute(select(report.c.assessment_id).distinct()).scalars().all()
        states = [find_report(connection, home, assessment_id) for assessment_id in ids]
    wrong = [s.assessment_id for s in states if not _is_file(s.report_path, s.file_sha256)]
    if wrong:
        return broken("reports", f"The report of {wrong[0]} is missing or was changed.", RESTORE)
    return in_order("reports", f"{len(states)} reports are what the records say.")


def check_evidence_files(home: Home, records: Records, now: datetime) -> Finding:
    """Every file of evidence has the digest that is its name."""
    with records.read() as connection:
        kept = evidence.c.erased_at.is_(None)
        count = connection.execute(select(func.count()).where(kept)).scalar_one()
    wrong = check_evidence(home, records)
    if wrong:
        text = f"{len(wrong)} files are missing or were changed, first {wrong[0].sha256}."
        return broken("evidence", text, RESTORE)
    return in_order("evidence", f"{count} files are what the records say.")


def check_modes(home: Home, records: Records, now: datetime) -> Finding:
    """Nobody but the owner reads the home directory or a private key (the system's own modes)."""
    open_to_others = [path.name for path in _private(home) if _mode(path) & 0o077]
    if open_to_others:
        return broken("privacy", f"Other users of this machine can read {open_to_others[0]}.",
                      f"Run: chmod -R go-rwx {home.path.name}")  # fmt: skip
    return in_order("privacy", "Only the owner can read the home directory and the keys.")


def check_leftovers(home: Home, records: Records, now: datetime) -> Finding:
    """What a killed process left behind; it never counts, and may be removed."""
    left = [
        p.name for pattern in (".*.partial", ".backup-*", "*.new") for p in home.path.rglob(pattern)
    ]
    if left:
        return attention("leftovers", f"{len(left)} unfinished files, first {left[0]}.",
                         "Remove them when nothing is running.")  # fmt: skip
    return in_order("leftovers", "Nothing unfinished lies about.")


def check_disk(home: Home, records: Records, now: datetime) -> Finding:
    """Loading and building the warehouse need room for a second copy."""
    free = shutil.disk_usage(home.path).free
    used = sum(path.stat().st_size for path in home.warehouse.rglob("*") if path.is_file())
    detail = f"{free / 1024**3:.1f} GB free, the warehouse takes {used / 1024**3:.2f} GB."
    if free < max(LEAST_FREE, used):
        return attention("disk", detail, "Free some room.")
    return in_order("disk", detail)


def _private(home: Home) -> Iterator[Path]:
    yield home.path
    yield from (path for path in home.keys.rglob("*") if path.suffix in (".key", ".pem"))
    yield from (
        p for p in (home.path / "records.sqlite", home.keys / "cookie-secret") if p.exists()
    )


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _is_file(path: Path, digest: str) -> bool:
    return path.is_file() and file_digest(path) == digest
