"""What every step from record to pack shares: permission, the file on record, the ledger's entry."""

from __future__ import annotations

import hashlib

from sqlalchemy import ColumnElement, select

from assessments.errors import Conflict
from assessments.questionnaire.current import find_assessment
from assessments.records.permissions import check_permission
from assessments.records.store import Change, Event
from assessments.records.tables import assessment, report
from assessments.reports.state import ReportState


def check_may_release(change: Change, assessment_id: str) -> None:
    """Before any key or file is touched; the event's own check would come after them."""
    scope = find_assessment(change.connection, assessment_id)["project_id"]
    check_permission(change.connection, change.actor, "report.release", scope, change.now)


def event_of(
    action: str,
    change: Change,
    assessment_id: str,
    revision: int,
    digest: str,
    permission: str = "report.release",
    **facts: str,
) -> Event:
    """The ledger's entry of a step: revision and digest of the file, and what else it says."""
    scope = change.connection.execute(
        select(assessment.c.project_id).where(assessment.c.id == assessment_id)
    ).scalar_one()
    named = {"revision": revision, "sha256": digest} | facts
    return Event(action, "assessment", assessment_id, permission, scope, named)


def read_file(current: ReportState) -> bytes:
    """The report's file, or Conflict when it is not the one on record."""
    data = current.report_path.read_bytes()
    if hashlib.sha256(data).hexdigest() != current.file_sha256:
        raise Conflict(
            "The report file is not the one on record",
            "It was changed outside the product. Restore it from a backup before signing.",
        )
    return data


def same_as(current: ReportState) -> tuple[ColumnElement[bool], ...]:
    """The report\'s row."""
    return (
        report.c.assessment_id == current.assessment_id,
        report.c.revision == current.revision,
    )
