"""Whether every file that the records name is there, byte for byte."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from assessments.evidence.store import path_of
from assessments.files import file_digest
from assessments.records.store import Records
from assessments.records.tables import evidence
from assessments.settings import Home


@dataclass(frozen=True, slots=True)
class Damage:
    """A file that is ``missing`` or ``altered``."""

    sha256: str
    kind: str


def check_evidence(home: Home, records: Records) -> list[Damage]:
    """Every file that is not what the records say; an empty list means all are."""
    with records.read() as connection:
        named = connection.execute(
            select(evidence.c.sha256).where(evidence.c.erased_at.is_(None)).order_by("sha256")
        ).scalars().all()  # fmt: skip
    judged = ((digest, _judge(path_of(home, digest), digest)) for digest in named)
    return [Damage(digest, kind) for digest, kind in judged if kind]


def _judge(file: Path, digest: str) -> str:
    if not file.is_file():
        return "missing"
    return "" if file_digest(file) == digest else "altered"
