"""Everything that is examined in the core, in an order in which a later check may rest on an earlier."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from sqlalchemy import exc

from assessments.doctor.files import (
    check_disk,
    check_evidence_files,
    check_leftovers,
    check_modes,
    check_reports,
)
from assessments.doctor.finding import Finding, broken
from assessments.doctor.keys import check_certificates, check_revocation_list
from assessments.doctor.ledger import check_backup, check_checkpoint, check_ledger, check_memory
from assessments.doctor.store import check_records
from assessments.errors import WorkbenchError
from assessments.records import Records
from assessments.settings import Home

Check = Callable[[Home, Records, datetime], Finding]
CHECKS: dict[str, Check] = {
    "records": check_records,
    "ledger": check_ledger,
    "checkpoint": check_checkpoint,
    "signer": check_memory,
    "reports": check_reports,
    "evidence": check_evidence_files,
    "privacy": check_modes,
    "leftovers": check_leftovers,
    "disk": check_disk,
    "certificates": check_certificates,
    "revocation": check_revocation_list,
    "backup": check_backup,
}


def examine(home: Home, records: Records, now: datetime | None = None) -> Iterator[Finding]:
    """One finding a check; a check that fails is itself a finding, and the others go on."""
    moment = now or datetime.now(UTC)
    for name, check in CHECKS.items():
        try:
            yield check(home, records, moment)
        except (WorkbenchError, OSError, ValueError, exc.SQLAlchemyError) as error:
            title = error.title if isinstance(error, WorkbenchError) else type(error).__name__
            yield broken(name, f"This could not be examined: {title}", "Restore it from a backup.")
