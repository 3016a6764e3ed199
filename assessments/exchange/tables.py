"""What was imported: the original bytes, each document read from them, and what was begun from it."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Integer, LargeBinary, String, Table

from assessments.records.tables import Instant
from assessments.schema import metadata

foreign_file = Table(
    "foreign_file",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("name", String(300), nullable=False),
    Column("size", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("erased_at", Instant),
)

foreign_import = Table(
    "foreign_import",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("sha256", ForeignKey("foreign_file.sha256"), nullable=False, index=True),
    Column("format", String(40), nullable=False),
    Column("member", String(300), nullable=False),
    Column("place", String(300), nullable=False),
    Column("project_id", String(80), nullable=False),
    Column("assessment_id", ForeignKey("assessment.id"), index=True),
    Column("title", String(300), nullable=False),
    Column("counts", JSON, nullable=False),
    Column("losses", JSON, nullable=False),
    Column("imported_by", String(80), nullable=False),
    Column("imported_at", Instant, nullable=False),
)

carried_over = Table(
    "carried_over",
    metadata,
    Column("assessment_id", ForeignKey("assessment.id"), primary_key=True),
    Column("from_id", ForeignKey("assessment.id"), nullable=False, index=True),
    Column("answers", Integer, nullable=False),
    Column("losses", JSON, nullable=False),
    Column("carried_by", String(80), nullable=False),
    Column("carried_at", Instant, nullable=False),
)
