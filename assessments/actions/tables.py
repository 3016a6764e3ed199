"""The table of actions."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, String, Table, Text

from assessments.records.tables import Instant
from assessments.schema import metadata

action_item = Table(
    "action_item",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("project_id", String(80), nullable=False),
    Column("assessment_id", ForeignKey("assessment.id"), index=True),
    Column("origin", String(20), nullable=False),
    Column("origin_ref", Text, nullable=False, default=""),
    Column("text", Text, nullable=False),
    Column("owner_id", ForeignKey("person.id"), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("status", String(20), nullable=False),
    Column("added_by", String(80), nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("closed_by", String(80)),
    Column("closed_at", Instant),
    Column("closing_note", Text),
    Column("evidence_sha256", ForeignKey("evidence.sha256")),
    Index("ix_action_item_due", "status", "due_on"),
    Index("ix_action_item_owner", "owner_id", "status"),
)
