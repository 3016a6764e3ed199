"""The register of measurements: result files, what each says of whom, and the keys of builds elsewhere."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from assessments.records.tables import Instant
from assessments.schema import metadata

measurement_file = Table(
    "measurement_file",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

measurement_key = Table(
    "measurement_key",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("scope", String(80), nullable=False),
    Column("public_key", Text, nullable=False),
    Column("enrolled_by", String(80), nullable=False),
    Column("enrolled_at", Instant, nullable=False),
    Column("revoked_by", String(80)),
    Column("revoked_at", Instant),
)

measurement = Table(
    "measurement",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("sha256", ForeignKey("measurement_file.sha256"), nullable=False),
    Column("part", String(60), nullable=False),
    Column("project_id", String(80), nullable=False),
    Column("subject_kind", String(20), nullable=False),
    Column("subject_id", String(120), nullable=False),
    Column("channel", String(60), nullable=False),
    Column("measure", String(120), nullable=False),
    Column("method", String(300), nullable=False),
    Column("method_version", String(60), nullable=False),
    Column("status", String(20), nullable=False),
    Column("is_evidence", Boolean, nullable=False),
    Column("value", Float),
    Column("low", Float),
    Column("high", Float),
    Column("confidence", Float, nullable=False),
    Column("n", Integer, nullable=False),
    Column("severity", Float),
    Column("severity_high", Float),
    Column("extent", Float),
    Column("power_check", String(20), nullable=False),
    Column("null_check", String(20), nullable=False),
    Column("measured_on", Date, nullable=False),
    Column("data_sha256", String(64), nullable=False),
    Column("code_sha256", String(64), nullable=False),
    Column("row_id", String(40)),
    Column("trend_key", String(16), nullable=False),
    Column("key_id", ForeignKey("measurement_key.id")),
    Column("envelope", LargeBinary),
    Column("registered_by", String(80), nullable=False),
    Column("registered_at", Instant, nullable=False),
    Column("accepted_by", String(80)),
    Column("accepted_at", Instant),
    Column("withdrawn_by", String(80)),
    Column("withdrawn_at", Instant),
    Column("withdrawn_reason", Text),
    Index("ix_measurement_subject", "subject_kind", "subject_id"),
    Index("ix_measurement_project", "project_id"),
)
