"""The register of privacy budgets and of the runs that spent them."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Float, ForeignKey, Integer, String, Table, Text

from assessments.records.tables import Instant
from assessments.schema import metadata

privacy_budget = Table(
    "privacy_budget",
    metadata,
    Column("dataset_id", String(80), primary_key=True),
    Column("epsilon", Float, nullable=False),
    Column("delta", Float, nullable=False),
    Column("unit", String(40), nullable=False),
    Column("adjacency", String(40), nullable=False),
    Column("alert_at", Float, nullable=False),
    Column("set_by", String(80), nullable=False),
    Column("set_at", Instant, nullable=False),
)

privacy_run = Table(
    "privacy_run",
    metadata,
    Column("dataset_id", ForeignKey("privacy_budget.dataset_id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("label", String(120), nullable=False),
    Column("accountant", String(40), nullable=False),
    Column("version", String(40), nullable=False),
    Column("adjacency", String(40), nullable=False),
    Column("sampling", String(40), nullable=False),
    Column("unit", String(40), nullable=False),
    Column("delta", Float, nullable=False),
    Column("epsilon", Float),
    Column("steps", JSON, nullable=False),
    Column("source_sha256", String(64)),
    Column("reason", Text, nullable=False),
    Column("recorded_by", String(80), nullable=False),
    Column("recorded_at", Instant, nullable=False),
)
