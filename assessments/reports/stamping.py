"""The archive time-stamp of a report, between the last signature and the release."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from sqlalchemy import Connection, update

from assessments.errors import NotPossibleNow
from assessments.files import replace_file
from assessments.ledger.timestamp import read_root
from assessments.questionnaire.current import find_assessment
from assessments.records.actor import Actor
from assessments.records.permissions import check_permission
from assessments.records.store import Records
from assessments.records.tables import report
from assessments.reports.pack import STAMP_ROOT
from assessments.reports.state import SIGNED, ReportState, find_report
from assessments.reports.step import event_of, read_file, same_as
from assessments.settings import Home
from assessments.signing import archive


def stamp(
    records: Records,
    home: Home,
    actor: Actor,
    assessment_id: str,
    ask: Callable[[bytes], bytes],
    authority_root: bytes,
) -> ReportState:
    """Between the last signature and the release: an archive time-stamp over the whole file.

    authority_root: PEM or DER; it goes into the pack, so that the signers state whom they asked.
    The authority is asked before the change begins: nobody waits for it with the records locked.
    """
    with records.read() as connection:
        scope = find_assessment(connection, assessment_id)["project_id"]
        check_permission(connection, actor, "report.release", scope)
        current = _ready(connection, home, assessment_id)
    stamped = archive.stamp(read_file(current), ask, read_root(authority_root))
    digest = hashlib.sha256(stamped).hexdigest()
    with records.change(actor) as change:
        if _ready(change.connection, home, assessment_id).file_sha256 != current.file_sha256:
            raise NotPossibleNow("The report was signed anew meanwhile", "Have it stamped again.")
        change.apply(
            event_of("report.stamped", change, assessment_id, current.revision, digest),
            update(report).where(*same_as(current)).values(file_sha256=digest),
        )
        after = find_report(change.connection, home, assessment_id)
        replace_file(after.report_path, stamped)
        replace_file(current.folder / STAMP_ROOT, authority_root)
        return after


def _ready(connection: Connection, home: Home, assessment_id: str) -> ReportState:
    current = find_report(connection, home, assessment_id)
    if current.state != SIGNED or (current.folder / STAMP_ROOT).exists():
        raise NotPossibleNow("An archive time-stamp comes once, after all have signed")
    return current
