"""The words of a report for the codes of a record, in its language. Dates are spelled in UTC."""

from __future__ import annotations

from assessments.errors import BadInput
from assessments.language import say, say_day, say_number, sentence
from assessments.reports.record import moment

ROLES = {
    "author": sentence("Author"),
    "reviewer": sentence("Reviewer"),
    "dpo": sentence("Data protection officer"),
    "approver": sentence("Approver"),
}
STATEMENTS = {
    "author": sentence("I prepared this assessment and certify its content."),
    "dpo": sentence("I was consulted and gave the opinion recorded in this report."),
    "approver": sentence("I took the decision recorded in this report."),
}
REASONS = {
    "author": sentence("I prepared this assessment and certify its content"),
    "dpo": sentence("I have advised on this assessment (GDPR Art. 35(2))"),
    "approver": sentence("I answer for this decision on behalf of the controller"),
}
OUTCOMES = {
    "approved": sentence("Approved"),
    "approved_with_conditions": sentence("Approved with conditions"),
    "rejected": sentence("Rejected"),
}
FOLLOWED = {
    True: sentence("The opinion was followed."),
    False: sentence("The opinion was not followed."),
    None: "",
}
VERDICTS = {
    "accepted": sentence("Accepted"),
    "changes_requested": sentence("Changes requested"),
    "approved": sentence("Approved"),
    "approved_with_conditions": sentence("Approved with conditions"),
    "rejected": sentence("Rejected"),
}
SEVERITIES = {
    "blocking": sentence("Stops sending"),
    "approval": sentence("Stops an approval without conditions"),
    "warning": sentence("To consider"),
}
REVIEW_OUTCOMES = {
    "returned": sentence("Returned to the author"),
    "opinion": sentence("Accepted, sent on for advice"),
    "decision_pending": sentence("Accepted, sent on for the decision"),
}
MISSING = {
    "unknown": sentence("Not known yet when the assessment was decided."),
    "not_provided": sentence("No answer was given."),
    "not_applicable": sentence("Does not apply."),
}
STATES = {
    "approved": sentence("approved"),
    "approved_with_conditions": sentence("approved with conditions"),
    "rejected": sentence("rejected"),
}
KINDS = {"event": sentence("Feared event"), "by_design": sentence("By design")}
MEASURES = {
    "planned": sentence("Planned"),
    "partial": sentence("Partly in place"),
    "implemented": sentence("In place"),
}
LEAKAGE = {
    "within": sentence("within the limit"),
    "over": sentence("over the limit"),
    "unclear": sentence("limit inside the interval"),
    "unset": sentence("no limit set"),
}


def state(code: str) -> str:
    """A decided state in words; any other code as it is."""
    return STATES.get(code, code)


def day(text: str | None, language: str) -> str:
    """``2026-11-20`` as ``20 November 2026``; text that is no date stays as it is."""
    if not text:
        return ""
    try:
        at = moment(text)
    except BadInput:
        return text
    return say_day(language, at.date())


def date_time(text: str, language: str) -> str:
    """``2026-11-20T09:30:00Z`` as ``20 November 2026, 09:30 UTC``."""
    try:
        at = moment(text)
    except BadInput:
        return text
    if "T" not in text:
        return day(text, language)
    return say(language, "{day}, {time} UTC", day=day(text, language), time=f"{at:%H:%M}")


def number(value: float | None, language: str) -> str:
    """At most four significant digits, never in exponent form for ordinary sizes."""
    if value is None:
        return ""
    text = f"{value:.4g}"
    return say_number(language, text if "e" not in text else f"{value:.3e}")


def leakage_state(value: float, low: float | None, high: float | None, limit: float | None) -> str:
    """Over when the whole interval exceeds the limit, unclear when the limit lies inside it."""
    if limit is None:
        return "unset"
    if (low if low is not None else value) > limit:
        return "over"
    return "unclear" if (high if high is not None else value) > limit else "within"
