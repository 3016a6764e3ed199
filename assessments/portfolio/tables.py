"""The table of saved filters."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, String, Table

from assessments.records.tables import Instant
from assessments.schema import metadata

saved_filter = Table(
    "saved_filter",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("name", String(80), primary_key=True),
    Column("filter", JSON, nullable=False),
    Column("saved_at", Instant, nullable=False),
)
