"""The tables of talk: threads with their comments, notices to people, and mail that waits.

Texts of comments are personal data: they stand here, where they can be erased, and never in the ledger.
The outbox names a person and never an address; the address is read when the mail is sent.
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from assessments.records.tables import Instant
from assessments.schema import metadata

thread = Table(
    "thread",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("assessment_id", ForeignKey("assessment.id"), nullable=False, index=True),
    Column("place", String(20), nullable=False),
    Column("object_id", String(120), nullable=False),
    Column("row_id", String(300), nullable=False),
    Column("column_id", String(120), nullable=False),
    Column("visibility", String(20), nullable=False),
    Column("opened_by", String(80), nullable=False),
    Column("by_author", Boolean, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("resolved_at", Instant),
    Column("resolved_by", String(80)),
)

comment = Table(
    "comment",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("thread_id", ForeignKey("thread.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("by", String(80), nullable=False),
    Column("at", Instant, nullable=False),
    Column("round", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("mentions", JSON, nullable=False),
    Column("version", Integer, nullable=False),
    Column("edited_at", Instant),
    Column("erased_at", Instant),
)

comment_revision = Table(
    "comment_revision",
    metadata,
    Column("comment_id", ForeignKey("comment.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

notice = Table(
    "notice",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("assessment_id", ForeignKey("assessment.id"), nullable=False),
    Column("object_id", String(80), nullable=False),
    Column("cause", String(200), nullable=False),
    Column("at", Instant, nullable=False),
    Column("read_at", Instant),
    Index("ix_notice_person", "person_id", "read_at"),
    Index("uq_notice_cause", "person_id", "cause", unique=True),
)
"""``cause`` is the ledger entry or the day that made it: one cause tells one person once."""

notice_choice = Table(
    "notice_choice",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("language", String(10), nullable=False),
    Column("without_mail", JSON, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("notice_id", ForeignKey("notice.id"), nullable=False, unique=True),
    Column("queued_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False, index=True),
    Column("attempts", Integer, nullable=False, default=0),
    Column("sent_at", Instant),
    Column("given_up_at", Instant),
    Column("problem", String(80), nullable=False, default=""),
)
