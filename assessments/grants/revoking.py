"""Taking a grant back: at once, by somebody of the office, for a reason (GDPR Art. 24, 32(4))."""

from __future__ import annotations

from sqlalchemy import update

from assessments.errors import BadInput, NotPossibleNow
from assessments.grants.grant import Standing, find_grant
from assessments.grants.tables import access_grant
from assessments.records.actor import Actor
from assessments.records.store import Event, Records

MAX_REASON = 2_000
OVER = frozenset({Standing.REVOKED, Standing.EXPIRED})


def revoke_grant(records: Records, actor: Actor, grant_id: str, reason: str) -> None:
    """End a grant now; what was revoked or has expired stays as it is."""
    said = reason.strip()[:MAX_REASON]
    if not said:
        raise BadInput("Say why the access is taken back", field="reason")
    with records.change(actor) as change:
        grant = find_grant(change.connection, grant_id, change.now)
        if grant.standing in OVER:
            raise NotPossibleNow(f"The grant is {grant.standing.value} already", field="grant")
        change.apply(
            Event(
                action="grant.revoked",
                kind="grant",
                id=grant_id,
                permission="grant.revoke",
                scope=grant.project_id,
                facts={"assessment": grant.assessment_id},
                private={"reason": said},
            ),
            update(access_grant)
            .where(access_grant.c.id == grant_id)
            .values(revoked_at=change.now, revoked_by=actor.person_id, revocation_reason=said),
        )
