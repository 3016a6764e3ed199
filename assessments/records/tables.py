"""The tables of the records store (SQLAlchemy Core; SQLite or PostgreSQL)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    TypeDecorator,
)
from sqlalchemy.engine import Dialect

from assessments.schema import metadata


class Instant(TypeDecorator[datetime]):
    """A moment in UTC, kept as ISO 8601 text so that every engine and every auditor reads the same."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


def _assessment_id() -> Column[str]:
    return Column("assessment_id", ForeignKey("assessment.id"), primary_key=True)


def _person(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, String(80), nullable=nullable)


person = Table(
    "person",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("title", String(200), nullable=False, default=""),
    Column("email", String(320), unique=True),
    Column("is_active", Boolean, nullable=False, default=True),
)

role_grant = Table(
    "role_grant",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("role", String(40), nullable=False),
    Column("scope", String(80), nullable=False),
    Column("valid_from", Instant, nullable=False),
    Column("valid_to", Instant, nullable=False),
    _person("granted_by"),
    Column("reason", Text, nullable=False),
    _person("acting_for", nullable=True),
    Index("ix_role_grant_person", "person_id", "role"),
)

assessment = Table(
    "assessment",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("template_id", String(80), nullable=False),
    Column("template_version", String(40), nullable=False),
    Column("title", String(300), nullable=False),
    Column("project_id", String(80), nullable=False, index=True),
    Column("language", String(10), nullable=False, default="en"),
    Column("context", JSON, nullable=False, default=dict),
    Column("state", String(40), nullable=False, index=True),
    Column("round", Integer, nullable=False, default=1),
    _person("author_id"),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("decided_at", Instant),
    Column("review_due_on", Date),
    Column("renews", String(40)),
    Column("version", Integer, nullable=False, default=1),
)

contributor = Table(
    "contributor",
    metadata,
    _assessment_id(),
    Column("person_id", ForeignKey("person.id"), primary_key=True),
)

answer = Table(
    "answer",
    metadata,
    _assessment_id(),
    Column("question_id", String(120), primary_key=True),
    Column("value", JSON),
    Column("status", String(20), nullable=False),
    Column("provenance", JSON),
    Column("note", Text),
    Column("version", Integer, nullable=False),
    _person("updated_by"),
    Column("updated_at", Instant, nullable=False),
)

answer_revision = Table(
    "answer_revision",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("assessment_id", ForeignKey("assessment.id"), nullable=False),
    Column("question_id", String(120), nullable=False),
    Column("value", JSON),
    Column("status", String(20), nullable=False),
    Column("provenance", JSON),
    Column("note", Text),
    Column("version", Integer, nullable=False),
    _person("changed_by"),
    Column("changed_at", Instant, nullable=False),
    Index("ix_answer_revision_question", "assessment_id", "question_id", "version"),
)

transition = Table(
    "transition",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("assessment_id", ForeignKey("assessment.id"), nullable=False, index=True),
    Column("round", Integer, nullable=False),
    Column("action", String(40), nullable=False),
    Column("from_state", String(40), nullable=False),
    Column("to_state", String(40), nullable=False),
    _person("by"),
    Column("at", Instant, nullable=False),
    Column("reason", Text, nullable=False, default=""),
)

verdict = Table(
    "verdict",
    metadata,
    _assessment_id(),
    Column("round", Integer, primary_key=True),
    Column("section_id", String(120), primary_key=True),
    Column("reviewer_id", String(80), primary_key=True),
    Column("verdict", String(30), nullable=False),
    Column("comment", Text, nullable=False, default=""),
    Column("at", Instant, nullable=False),
)

opinion = Table(
    "opinion",
    metadata,
    _assessment_id(),
    Column("round", Integer, primary_key=True),
    _person("by"),
    Column("position", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

decision = Table(
    "decision",
    metadata,
    _assessment_id(),
    Column("round", Integer, primary_key=True),
    _person("by"),
    Column("outcome", String(40), nullable=False),
    Column("reason", Text, nullable=False),
    Column("opinion_followed", Boolean),
    Column("overruled_reason", Text),
    Column("at", Instant, nullable=False),
)

condition = Table(
    "condition",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("assessment_id", ForeignKey("assessment.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("text", Text, nullable=False),
    _person("owner_id"),
    Column("due_on", Date, nullable=False),
    Column("closed_at", Instant),
    _person("closed_by", nullable=True),
    Column("closing_note", Text),
    Column("closing_evidence", ForeignKey("evidence.sha256")),
)

frozen = Table(
    "frozen",
    metadata,
    _assessment_id(),
    Column("revision", Integer, primary_key=True),
    Column("record", LargeBinary, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("ledger_seq", Integer, nullable=False),
    Column("at", Instant, nullable=False),
)

report = Table(
    "report",
    metadata,
    _assessment_id(),
    Column("revision", Integer, primary_key=True),
    Column("base_sha256", String(64), nullable=False),
    Column("file_sha256", String(64), nullable=False),
    Column("state", String(20), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("released_at", Instant),
    Column("pack_name", String(200)),
)

signature = Table(
    "signature",
    metadata,
    _assessment_id(),
    Column("revision", Integer, primary_key=True),
    Column("role", String(20), primary_key=True),
    _person("person_id"),
    Column("certificate_sha256", String(64), nullable=False),
    Column("file_sha256", String(64), nullable=False),
    Column("ledger_seq", Integer, nullable=False),
    Column("at", Instant, nullable=False),
)

evidence = Table(
    "evidence",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("name", String(300), nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("size", Integer, nullable=False),
    _person("added_by"),
    Column("added_at", Instant, nullable=False),
    Column("expires_on", Date),
    Column("origin", JSON),
    Column("scanned_by", String(100)),
    Column("removed_at", Instant),
    Column("erased_at", Instant),
)

evidence_use = Table(
    "evidence_use",
    metadata,
    _assessment_id(),
    Column("question_id", String(120), primary_key=True),
    Column("sha256", ForeignKey("evidence.sha256"), primary_key=True),
)
