"""The kept file behind an imported assessment, and what its answers were when they arrived."""

from __future__ import annotations

from sqlalchemy import Connection, select

from assessments.errors import NotFound
from assessments.exchange.formats import open_files
from assessments.exchange.frame import ForeignFile, Original
from assessments.exchange.tables import foreign_file, foreign_import
from assessments.records.tables import answer_revision


def find_original(connection: Connection, assessment_id: str) -> Original | None:
    """The file that an assessment was imported from; None when it was begun here, or is erased."""
    row = connection.execute(
        select(foreign_import, foreign_file.c.name, foreign_file.c.data)
        .join(foreign_file)
        .where(
            foreign_import.c.assessment_id == assessment_id, foreign_file.c.erased_at.is_(None)
        )
    ).mappings().first()  # fmt: skip
    if row is None:
        return None
    return Original(
        format=row["format"],
        file=_member(row["data"], row["name"], row["member"]),
        place=row["place"],
        answers=_arrived(connection, assessment_id, row["sha256"]),
    )


def _member(data: bytes, name: str, member: str) -> ForeignFile:
    for file in open_files(data, name):
        if file.member == member:
            return file
    raise NotFound("The kept archive has no such file", where={"file": name, "member": member})


def _arrived(connection: Connection, assessment_id: str, sha256: str) -> dict[str, object]:
    """First revisions that name this file as their source."""
    rows = connection.execute(
        select(answer_revision.c.question_id, answer_revision.c.value, answer_revision.c.provenance)
        .where(answer_revision.c.assessment_id == assessment_id, answer_revision.c.version == 1)
    )  # fmt: skip
    return {
        question: value
        for question, value, origin in rows
        if origin is not None and origin["sha256"] == sha256
    }
