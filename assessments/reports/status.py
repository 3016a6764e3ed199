"""Which releases still stand: a dated list, entered in the ledger, for whoever holds an older pack.

A pack cannot know what came after it. The list can: it names every released report with its state,
and carries the ledger entry and proof that make it the organisation's own.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import rfc8785
from sqlalchemy import Connection, select

from assessments.ledger.checkpoint import CheckpointSigner
from assessments.records.actor import Actor
from assessments.records.permissions import check_permission
from assessments.records.store import Event, Records
from assessments.records.tables import assessment, report
from assessments.reports.state import PACKED, RELEASED
from assessments.reports.step import prove
from assessments.review.lifecycle import VALID_APPROVALS

SCHEMA = "privacy-workbench/release-status/v1"
PERMISSION = "report.release"
PUBLISHED = "status.published"
CURRENT, SUPERSEDED = "current", "superseded"


def publish_status(records: Records, actor: Actor, log: CheckpointSigner) -> bytes:
    """The list as of now, with its proof, as one JSON file."""
    with records.change(actor) as change:
        check_permission(change.connection, actor, PERMISSION, now=change.now)
        releases = list_releases(change.connection)
        said = {"as_of": change.now.isoformat(timespec="seconds"), "releases": releases}
        digest = hashlib.sha256(rfc8785.dumps(said)).hexdigest()
        facts = {"sha256": digest, "releases": len(releases)}
        seq = change.apply(Event(PUBLISHED, "status", "releases", PERMISSION, facts=facts))
    with records.change(actor) as change:
        proved = prove(change, log, seq)
    content = {"schema": SCHEMA, **said, "entry": proved.entry.decode(), "proof": proved.proof}
    return json.dumps(content, indent=1).encode() + b"\n"


def list_releases(connection: Connection) -> list[dict[str, Any]]:
    """Every released report; a later revision, or what happened to the assessment, ends its turn."""
    rows = connection.execute(
        select(report, assessment.c.state.label("standing"))
        .join(assessment, assessment.c.id == report.c.assessment_id)
        .where(report.c.state.in_((RELEASED, PACKED)))
        .order_by(report.c.assessment_id, report.c.revision)
    ).mappings().all()  # fmt: skip
    newest = {row["assessment_id"]: row["revision"] for row in rows}
    return [
        {
            "assessment": row["assessment_id"],
            "revision": row["revision"],
            "sha256": row["file_sha256"],
            "state": _state(row["standing"], row["revision"] < newest[row["assessment_id"]]),
        }
        for row in rows
    ]


def _state(standing: str, is_followed: bool) -> str:
    if is_followed:
        return SUPERSEDED
    return CURRENT if standing in VALID_APPROVALS or standing == "rejected" else standing
