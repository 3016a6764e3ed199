"""Kinds of notices: the sentence of each, as the app and a mail say it; no name and no answer in any."""

from __future__ import annotations

from assessments.language import sentence

KINDS: dict[str, str] = {
    "submitted": sentence("An assessment was sent for review."),
    "returned": sentence("Your assessment came back for changes."),
    "verdicts": sentence("The reviewers have finished with your assessment."),
    "opinion": sentence("An assessment waits for your advice."),
    "decision_asked": sentence("An assessment waits for your decision."),
    "decided": sentence("An assessment was decided."),
    "signature": sentence("A report waits for your signature."),
    "stale": sentence("A source behind an approved assessment has changed."),
    "condition": sentence("A condition of an approval is due."),
    "action": sentence("An action that you own is due."),
    "clock": sentence("A period is running out."),
    "mention": sentence("Somebody named you in a comment."),
    "reply": sentence("Somebody answered in a thread that you write in."),
}
SUBJECT = sentence("Privacy Workbench: {what}")
MORE = sentence("Open it: {link}")
ID = sentence("Assessment {id}")
WHY = sentence("You chose to be told by mail. Change it here: {link}")
