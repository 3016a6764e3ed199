"""What an approval has to answer for, and what follows from it.

The approver follows the officer's advice or overrules it with a reason (WP248 rev.01, section III.D);
nobody approves past a consultation that the answers ask for (GDPR Art. 36(1)); an approval ends at its
review date (Art. 35(11)) and takes the place of the one that it renews.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, RowMapping

from assessments.errors import BadInput, NotPossibleNow
from assessments.questionnaire import Assessment, View, load_in
from assessments.questionnaire.current import find_assessment
from assessments.records.store import Change
from assessments.review.clock import add_period
from assessments.review.consultation import list_consultations
from assessments.review.lifecycle import VALID_APPROVALS, Action
from assessments.review.moves import move
from assessments.review.policy import policy_of
from assessments.review.subjects import find_views

AGAINST, WITH_CHANGES = "do_not_proceed", "proceed_with_changes"
REJECTED, APPROVED = "rejected", "approved"


def weigh_advice(
    position: str | None, outcome: str, is_followed: bool | None, overruling: str, reason: str
) -> tuple[bool | None, str]:
    """Whether the advice is followed, and why not; BadInput where the approver has to say more."""
    if position is None:
        return None, ""
    if position == AGAINST and outcome != REJECTED:
        if is_followed:
            raise BadInput(
                "An approval does not follow this advice",
                "The officer advises not to proceed.",
                field="followed",
            )
        is_followed = False
    if position == WITH_CHANGES and outcome == APPROVED and is_followed is None:
        raise BadInput(
            "Say whether the advice is followed",
            "The officer advises changes, and the approval has no conditions.",
            field="followed",
        )
    if position != AGAINST and outcome == REJECTED and is_followed is None:
        return False, overruling.strip() or reason.strip()
    if is_followed is False and not overruling.strip():
        raise BadInput(
            "Overruling the officer needs a reason",
            "It stands beside the advice in the signed report.",
            field="overruling",
        )
    return is_followed is not False, "" if is_followed is not False else overruling.strip()


def check_consulted(connection: Connection, assessment_id: str) -> None:
    """Raise NotPossibleNow where the answers ask for the authority, and it was not consulted."""
    found = load_in(connection, assessment_id)
    asked = policy_of(found.template).consultation
    if asked and _said(found, asked) == "yes":
        done = list_consultations(connection, assessment_id)
        if not any(item.closed_on for item in done):
            raise NotPossibleNow(
                "The authority has to be consulted first",
                "A high risk remains (GDPR Art. 36(1)). Record the request and its answer.",
                field=asked,
            )


def check_views(connection: Connection, assessment_id: str) -> None:
    """Raise NotPossibleNow where the people concerned were neither heard, nor is it said why not."""
    views = find_views(connection, assessment_id)
    if views is not None and not views.is_complete:
        raise NotPossibleNow(
            "The views of the people concerned are missing",
            "Say how they were sought and what came of it, or why not (GDPR Art. 35(9)).",
            field=views.questions[0] if views.questions else "views",
        )


def review_date(connection: Connection, assessment_id: str, decided_on: date) -> date | None:
    """The last day of an approval: as answered, else by policy; None where the policy sets none."""
    found = load_in(connection, assessment_id)
    policy = policy_of(found.template)
    said = _said(found, policy.review_on) if policy.review_on else None
    if isinstance(said, str):
        return date.fromisoformat(said)
    return add_period(decided_on, policy.review_after) if policy.review_after else None


def supersede(change: Change, row: RowMapping) -> None:
    """The approval that this one renews has had its day."""
    if row["renews"] is None:
        return
    earlier = find_assessment(change.connection, row["renews"])
    if earlier["state"] in VALID_APPROVALS:
        move(change, earlier, Action.SUPERSEDE, facts={"successor": row["id"]})


def _said(found: Assessment, question_id: str) -> Any:
    """The answer that counts."""
    answer = View(found.template, found.answers).answer(question_id)
    return answer.value if answer is not None else None
