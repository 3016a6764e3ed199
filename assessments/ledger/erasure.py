"""Erasing the personal data behind a commitment (GDPR Art. 17), on the record.

Salt and payload go; the tree stays valid, and an entry says that something was erased, by whom and
on which ground, without saying what it was.
"""

from __future__ import annotations

import re

from sqlalchemy import delete

from assessments.errors import BadInput, NotFound
from assessments.ledger import body
from assessments.ledger.tables import ledger_private
from assessments.records.store import Change, Event

PERMISSION = "ledger.erase"
_REASON = re.compile(r"[a-z0-9][a-z0-9.-]{0,59}")


def erase(change: Change, commitment: str, reason: str) -> int:
    """Erase one payload; ``reason`` is a code such as ``art-17-1-a``. Returns the entry's number."""
    if not _REASON.fullmatch(reason):
        raise BadInput(
            "A ground for erasure is a short code",
            "For example art-17-1-a; free text could name the person.",
            field="reason",
        )
    if body.open_private(change.connection, commitment) is None:
        raise NotFound("There is no payload behind this commitment", field="commitment")
    return change.apply(
        Event(
            action=body.ERASED,
            kind="ledger",
            id="private",
            permission=PERMISSION,
            facts={"erased": commitment, "reason": reason},
        ),
        delete(ledger_private).where(ledger_private.c.commitment == commitment),
    )
