"""Grants: who may use which dataset for which purpose, from which day to which day."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, String, Table, Text

from assessments.records.tables import Instant
from assessments.schema import metadata

access_grant = Table(
    "access_grant",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("assessment_id", ForeignKey("assessment.id"), nullable=False, index=True),
    Column("project_id", String(80), nullable=False),
    Column("person_id", String(80), nullable=False),
    Column("dataset_id", String(300), nullable=False),
    Column("purpose_id", String(300), nullable=False),
    Column("level", String(80), nullable=False, default=""),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False),
    Column("extends_id", ForeignKey("access_grant.id")),
    Column("granted_by", String(80), nullable=False),
    Column("granted_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Column("revoked_by", String(80)),
    Column("revocation_reason", Text),
    Index("ix_access_grant_use", "person_id", "dataset_id", "purpose_id"),
)
