"""What the engine keeps beside answers: deviations, upgrades of templates, triggers of a review."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text

from assessments.records.tables import Instant
from assessments.schema import metadata

lint_deviation = Table(
    "lint_deviation",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("assessment_id", ForeignKey("assessment.id"), nullable=False, index=True),
    Column("rule", String(80), nullable=False),
    Column("place", Text, nullable=False),
    Column("severity", String(20), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("reason", Text, nullable=False),
    Column("proposed_by", String(80), nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("accepted_by", String(80)),
    Column("accepted_as", String(20)),
    Column("accepted_at", Instant),
    Column("withdrawn_by", String(80)),
    Column("withdrawn_at", Instant),
)

template_upgrade = Table(
    "template_upgrade",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("assessment_id", ForeignKey("assessment.id"), nullable=False, index=True),
    Column("from_version", String(40), nullable=False),
    Column("to_version", String(40), nullable=False),
    Column("by", String(80), nullable=False),
    Column("at", Instant, nullable=False),
    Column("undone_at", Instant),
)

left_answer = Table(
    "left_answer",
    metadata,
    Column("upgrade_id", ForeignKey("template_upgrade.id"), primary_key=True),
    Column("question_id", String(120), primary_key=True),
    Column("title", Text, nullable=False),
    Column("value", JSON),
    Column("status", String(20), nullable=False),
    Column("provenance", JSON),
    Column("note", Text),
    Column("text", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

review_trigger = Table(
    "review_trigger",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("assessment_id", ForeignKey("assessment.id"), nullable=False),
    Column("question_id", String(120), nullable=False),
    Column("source", String(300), nullable=False),
    Column("sha256_then", String(64), nullable=False),
    Column("sha256_now", String(64), nullable=False),
    Column("found_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("closed_by", String(80)),
    Column("closing_note", Text),
    Index("ix_review_trigger_fact", "assessment_id", "question_id", "sha256_now"),
)
