"""The words of a report for the codes of a record. Dates are spelled in UTC."""

from __future__ import annotations

from assessments.errors import BadInput
from assessments.reports.record import moment

ROLES = {
    "author": "Author",
    "reviewer": "Reviewer",
    "dpo": "Data protection officer",
    "approver": "Approver",
}
STATEMENTS = {
    "author": "I prepared this assessment and certify its content.",
    "dpo": "I was consulted and gave the opinion recorded in this report.",
    "approver": "I took the decision recorded in this report.",
}
OUTCOMES = {
    "approved": "Approved",
    "approved_with_conditions": "Approved with conditions",
    "rejected": "Rejected",
}
FOLLOWED = {True: "The opinion was followed.", False: "The opinion was not followed.", None: ""}
VERDICTS = {
    "accepted": "Accepted",
    "changes_requested": "Changes requested",
    "approved": "Approved",
    "approved_with_conditions": "Approved with conditions",
    "rejected": "Rejected",
}
MISSING = {
    "unknown": "Not known yet when the assessment was decided.",
    "not_provided": "No answer was given.",
    "not_applicable": "Does not apply.",
}
KINDS = {"event": "Feared event", "by_design": "By design"}
MEASURES = {"planned": "Planned", "partial": "Partly in place", "implemented": "In place"}
LEAKAGE = {
    "within": "within the limit",
    "over": "over the limit",
    "unclear": "limit inside the interval",
    "unset": "no limit set",
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def day(text: str | None) -> str:
    """``2026-11-20`` as ``20 November 2026``; text that is no date stays as it is."""
    if not text:
        return ""
    try:
        at = moment(text)
    except BadInput:
        return text
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}"


def date_time(text: str) -> str:
    """``2026-11-20T09:30:00Z`` as ``20 November 2026, 09:30 UTC``."""
    try:
        at = moment(text)
    except BadInput:
        return text
    return f"{day(text)}, {at:%H:%M} UTC" if "T" in text else day(text)


def number(value: float | None) -> str:
    """At most four significant digits, never in exponent form for ordinary sizes."""
    if value is None:
        return ""
    text = f"{value:.4g}"
    return text if "e" not in text else f"{value:.3e}"


def leakage_state(value: float, low: float | None, high: float | None, limit: float | None) -> str:
    """Over when the whole interval exceeds the limit, unclear when the limit lies inside it."""
    if limit is None:
        return "unset"
    if (low if low is not None else value) > limit:
        return "over"
    return "unclear" if (high if high is not None else value) > limit else "within"
