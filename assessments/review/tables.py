"""The tables of the review desk: who reviews, what was settled, who acted for whom, consultations."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Integer, String, Table, Text

from assessments.records.tables import Instant
from assessments.schema import metadata


def _assessment_id() -> Column[str]:
    return Column("assessment_id", ForeignKey("assessment.id"), primary_key=True)


review_seat = Table(
    "review_seat",
    metadata,
    _assessment_id(),
    Column("reviewer_id", ForeignKey("person.id"), primary_key=True),
    Column("acting_for", String(80)),
    Column("is_lead", Boolean, nullable=False),
    Column("assigned_by", String(80), nullable=False),
    Column("assigned_at", Instant, nullable=False),
    Column("left_at", Instant),
)

settlement = Table(
    "settlement",
    metadata,
    _assessment_id(),
    Column("round", Integer, primary_key=True),
    Column("section_id", String(120), primary_key=True),
    Column("by", String(80), nullable=False),
    Column("verdict", String(30), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

acted_for = Table(
    "acted_for",
    metadata,
    _assessment_id(),
    Column("part", String(20), primary_key=True),
    Column("person_id", String(80), primary_key=True),
    Column("principal_id", String(80), primary_key=True),
    Column("at", Instant, nullable=False),
)

subjects_view = Table(
    "subjects_view",
    metadata,
    _assessment_id(),
    Column("round", Integer, primary_key=True),
    Column("was_sought", Boolean, nullable=False),
    Column("how", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", String(80), nullable=False),
    Column("at", Instant, nullable=False),
)

consultation = Table(
    "consultation",
    metadata,
    _assessment_id(),
    Column("number", Integer, primary_key=True),
    Column("authority", String(200), nullable=False),
    Column("reference", String(200), nullable=False),
    Column("received_on", Date, nullable=False),
    Column("sent", JSON, nullable=False),
    Column("asked_by", String(80), nullable=False),
    Column("extended_on", Date),
    Column("extension_reason", Text),
    Column("closed_on", Date),
    Column("answer", Text),
)

consultation_pause = Table(
    "consultation_pause",
    metadata,
    _assessment_id(),
    Column("number", Integer, primary_key=True),
    Column("began_on", Date, primary_key=True),
    Column("ended_on", Date),
    Column("wanted", Text, nullable=False),
)

gate_override = Table(
    "gate_override",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("project_id", String(80), nullable=False, index=True),
    Column("reason", Text, nullable=False),
    Column("covers", JSON, nullable=False),
    Column("until", Date, nullable=False),
    Column("asked_by", String(80), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("granted_by", String(80)),
    Column("granted_at", Instant),
    Column("ended_by", String(80)),
    Column("ended_at", Instant),
    Column("end_reason", Text),
)
