"""The archive time-stamp of a report, between the last signature and the release."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from sqlalchemy import update

from assessments.errors import NotPossibleNow
from assessments.files import replace_file
from assessments.ledger.timestamp import read_root
from assessments.records.actor import Actor
from assessments.records.store import Records
from assessments.records.tables import report
from assessments.reports.pack import STAMP_ROOT
from assessments.reports.state import SIGNED, ReportState, find_report
from assessments.reports.step import check_may_release, event_of, read_file, same_as
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
    """
    with records.change(actor) as change:
        check_may_release(change, assessment_id)
        current = find_report(change.connection, home, assessment_id)
        if current.state != SIGNED or (current.folder / STAMP_ROOT).exists():
            raise NotPossibleNow("An archive time-stamp comes once, after all have signed")
        stamped = archive.stamp(read_file(current), ask, read_root(authority_root))
        digest = hashlib.sha256(stamped).hexdigest()
        change.apply(
            event_of("report.stamped", change, assessment_id, current.revision, digest),
            update(report).where(*same_as(current)).values(file_sha256=digest),
        )
        after = find_report(change.connection, home, assessment_id)
        replace_file(after.report_path, stamped)
        replace_file(current.folder / STAMP_ROOT, authority_root)
        return after
