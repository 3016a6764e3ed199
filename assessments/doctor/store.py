"""The records store as a database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text

from assessments.doctor.finding import Finding, broken, in_order
from assessments.records import Records
from assessments.settings import Home


def check_records(home: Home, records: Records, now: datetime) -> Finding:
    """SQLite's own integrity check and the references between rows; PostgreSQL keeps its own."""
    with records.read() as connection:
        if connection.dialect.name != "sqlite":
            connection.execute(text("select 1"))
            return in_order("records", "PostgreSQL answers.")
        said = connection.execute(text("pragma integrity_check")).scalars().all()
        astray = connection.execute(text("pragma foreign_key_check")).all()
    if said != ["ok"]:
        return broken("records", f"The database is damaged: {said[0]}", "Restore a backup.")
    if astray:
        return broken("records", f"{len(astray)} rows name rows that are not there.",
                      "Somebody changed the database past the product; restore a backup.")  # fmt: skip
    return in_order("records", "The database is whole.")
