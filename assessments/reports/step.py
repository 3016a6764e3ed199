"""What every step from record to pack shares: permission, the file on record, the ledger's entry."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import ColumnElement

from assessments.errors import Conflict
from assessments.ledger import store
from assessments.ledger.checkpoint import CheckpointSigner, make_checkpoint
from assessments.ledger.proof import make_proof
from assessments.questionnaire.current import find_assessment
from assessments.records.permissions import check_permission
from assessments.records.store import Change, Event
from assessments.records.tables import report
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
    scope = find_assessment(change.connection, assessment_id)["project_id"]
    named = {"revision": revision, "sha256": digest} | facts
    return Event(action, "assessment", assessment_id, permission, scope, named)


@dataclass(frozen=True, slots=True)
class Proved:
    """An entry of the ledger, its proof and the checkpoint that the proof leads to."""

    entry: bytes
    proof: str
    checkpoint: str


def prove(change: Change, log: CheckpointSigner, seq: int) -> Proved:
    """Sign the tree as it is committed, and prove an entry in it."""
    note = make_checkpoint(change.connection, [log], change.now)
    entry = store.entry(change.connection, seq).body
    return Proved(entry, make_proof(change.connection, seq, note), note)


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
    """The report's row."""
    return (
        report.c.assessment_id == current.assessment_id,
        report.c.revision == current.revision,
    )
