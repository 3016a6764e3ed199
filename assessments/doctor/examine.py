"""Everything that is examined in the core, in an order in which a later check may rest on an earlier."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from sqlalchemy import exc

from assessments.doctor import files, keys, ledger, store
from assessments.doctor.finding import Finding, broken
from assessments.errors import WorkbenchError
from assessments.records import Records
from assessments.settings import Home

Check = Callable[[Home, Records, datetime], Finding]
CHECKS: dict[str, Check] = {
    "records": store.check_records,
    "ledger": ledger.check_ledger,
    "checkpoint": ledger.check_checkpoint,
    "signer": ledger.check_memory,
    "reports": files.check_reports,
    "evidence": files.check_evidence_files,
    "privacy": files.check_modes,
    "leftovers": files.check_leftovers,
    "disk": files.check_disk,
    "certificates": keys.check_certificates,
    "revocation": keys.check_revocation_list,
    "backup": ledger.check_backup,
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
