"""Review rounds: send for review, verdict per section, return or accept.

A verdict stands until an answer of its section changes; so a returned assessment is reviewed again
only where it was touched. Two reviewers vote apart; where they differ, the lead settles it with a
reason. The ledger holds a commitment to each vote, and opens all of them when the round is closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, insert

from assessments import questionnaire
from assessments.errors import BadInput, NotPermitted, NotPossibleNow
from assessments.questionnaire import Section, Template
from assessments.questionnaire.current import contributors_of, find_assessment
from assessments.records.actor import Actor
from assessments.records.permissions import active_roles
from assessments.records.store import Change, Event, Records
from assessments.records.tables import verdict
from assessments.review.lifecycle import Action, State
from assessments.review.moves import move
from assessments.review.parts import enter_part
from assessments.review.seats import take_seat
from assessments.review.tables import settlement
from assessments.review.votes import (
    Standing,
    Verdict,
    Vote,
    all_votes,
    standings,
    visible_settlements,
    visible_votes,
)

__all__ = [
    "SectionVerdict",
    "Verdict",
    "finish_review",
    "give_verdict",
    "section_verdicts",
    "settle",
    "submit",
    "withdraw",
]


@dataclass(frozen=True, slots=True)
class SectionVerdict:
    """The latest word on a section; ``is_current`` is false once an answer changed after it."""

    section_id: str
    verdict: Verdict
    comment: str
    reviewer_id: str
    round: int
    at: datetime
    is_current: bool


def submit(records: Records, actor: Actor, assessment_id: str) -> State:
    """Send for review: every required question answered and no blocking lint open."""
    with records.change(actor) as change:
        row = find_assessment(change.connection, assessment_id)
        enter_part(change, row, "author")
        questionnaire.check_ready(change.connection, assessment_id)
        return move(change, row, Action.SUBMIT)


def withdraw(records: Records, actor: Actor, assessment_id: str, reason: str) -> State:
    """Take an assessment out of work: its authors, or the privacy office."""
    if not reason.strip():
        raise BadInput("Say why it is withdrawn", field="reason")
    with records.change(actor) as change:
        row = find_assessment(change.connection, assessment_id)
        roles = active_roles(change.connection, actor.person_id, row["project_id"], change.now)
        authors = {row["author_id"], *contributors_of(change.connection, assessment_id)}
        if actor.person_id not in authors and not roles & {"reviewer", "dpo", "admin"}:
            raise NotPermitted("Only its authors or the privacy office withdraw it", field="author")
        return move(change, row, Action.WITHDRAW, reason=reason.strip())


def give_verdict(
    records: Records,
    actor: Actor,
    assessment_id: str,
    section_id: str,
    given: Verdict,
    comment: str = "",
) -> None:
    """Accept a section or ask for changes; the first verdict takes the assessment into review."""
    if given is Verdict.CHANGES_REQUESTED and not comment.strip():
        raise BadInput(
            "Say what should change",
            "A request for changes needs a comment that the author can act on.",
            field="comment",
        )
    with records.change(actor) as change:
        row = find_assessment(change.connection, assessment_id)
        take_seat(change, row)
        template = _template_with(change.connection, assessment_id, section_id)
        if row["state"] == State.SUBMITTED:
            move(change, row, Action.TAKE_UP)
            row = find_assessment(change.connection, assessment_id)
        _check_in_review(row)
        _check_not_open(change.connection, row, template, section_id)
        _write_verdict(change, row, section_id, given, comment)


def settle(
    records: Records, actor: Actor, assessment_id: str, section_id: str, given: Verdict, reason: str
) -> None:
    """Decide between two votes that disagree, as the lead reviewer, with a reason."""
    if not reason.strip():
        raise BadInput("Settling needs a reason", "Both reviewers read it.", field="reason")
    with records.change(actor) as change:
        row = find_assessment(change.connection, assessment_id)
        _check_lead(change, row)
        _check_in_review(row)
        template = _template_with(change.connection, assessment_id, section_id)
        standing = standings(change.connection, assessment_id, template).get(section_id)
        if standing is None or not (standing.is_disputed or standing.settled):
            raise NotPossibleNow(
                "There is nothing to settle here", "Two votes on a section have to differ first."
            )
        key = {"assessment_id": assessment_id, "round": row["round"], "section_id": section_id}
        event = Event(
            "section.settled", "assessment", assessment_id, "assessment.review", row["project_id"],
            {"section": section_id, "round": row["round"]},
            {"verdict": given.value, "reason": reason.strip()},
        )  # fmt: skip
        change.apply(
            event,
            delete(settlement).where(*(settlement.c[n] == value for n, value in key.items())),
            insert(settlement).values(
                **key, by=actor.person_id, verdict=given.value, reason=reason.strip(), at=change.now
            ),
        )


def finish_review(records: Records, actor: Actor, assessment_id: str, *, reason: str = "") -> State:
    """Close the round: return it when a section asks for changes, else pass it on."""
    with records.change(actor) as change:
        row = find_assessment(change.connection, assessment_id)
        _check_lead(change, row)
        template = questionnaire.template_of(change.connection, assessment_id)
        found = standings(change.connection, assessment_id, template)
        applying = questionnaire.load_in(change.connection, assessment_id).sections
        action = _closing(template, applying, found)
        state = move(change, row, action, reason=reason)
        _open_votes(change, row, template)
        return state


def section_verdicts(
    connection: Connection, assessment_id: str, template: Template, reader: str | None = None
) -> Mapping[str, SectionVerdict]:
    """The word on each section that this reader may see: settled, else the strictest newest vote."""
    votes: dict[str, list[Vote]] = {}
    for vote in visible_votes(connection, assessment_id, template, reader):
        votes.setdefault(vote.section_id, []).append(vote)
    settled = visible_settlements(connection, assessment_id, template, reader)
    found = {name: _strictest(section_votes) for name, section_votes in votes.items()}
    for name, said in settled.items():
        if name in found and said.round == found[name].round:
            found[name] = SectionVerdict(
                name, said.verdict, said.reason, said.by, said.round, said.at,
                found[name].is_current,
            )  # fmt: skip
    return found


def _strictest(votes: list[Vote]) -> SectionVerdict:
    """The newest round's votes as one: a request for changes weighs more; its comments stand together."""
    newest = [vote for vote in votes if vote.round == votes[-1].round]
    asking = [vote for vote in newest if vote.verdict is Verdict.CHANGES_REQUESTED]
    counted = asking or newest
    last = counted[-1]
    comments = dict.fromkeys(vote.comment for vote in counted if vote.comment)
    return SectionVerdict(
        last.section_id, last.verdict, "\n\n".join(comments), last.reviewer_id, last.round,
        last.at, last.is_current,
    )  # fmt: skip


def _closing(
    template: Template, applying: tuple[Section, ...], found: Mapping[str, Standing]
) -> Action:
    """Where the round leads; NotPossibleNow names what is still to do, never what anybody said."""
    words = {section.id: found.get(section.id) for section in applying}
    disputed = [s.title for s in applying if (at := words[s.id]) and at.is_disputed]
    if disputed:
        raise NotPossibleNow(
            "The reviewers differ on some sections",
            f"The lead reviewer settles with a reason: {'; '.join(disputed)}.",
        )
    needed = max((standing.needed for standing in found.values()), default=1)
    is_returned = any(at and at.verdict is Verdict.CHANGES_REQUESTED for at in words.values())
    missing = [s.title for s in applying if (at := words[s.id]) is None or not at.is_complete]
    if missing and not (is_returned and needed == 1):
        raise NotPossibleNow(
            "Some sections have no verdict yet", f"Still to review: {'; '.join(missing)}."
        )
    if is_returned:
        return Action.RETURN
    return Action.ACCEPT if "dpo" in template.roles else Action.FORWARD


def _check_lead(change: Change, row: RowMapping) -> None:
    if not take_seat(change, row).is_lead:
        raise NotPermitted(
            "Only the lead reviewer does this",
            "The lead settles what the reviewers differ on, and closes the round.",
            field="lead",
        )


def _check_in_review(row: RowMapping) -> None:
    if row["state"] != State.IN_REVIEW:
        raise NotPossibleNow(
            "The assessment is not in review", f"It is {row['state'].replace('_', ' ')}."
        )


def _check_not_open(
    connection: Connection, row: RowMapping, template: Template, section_id: str
) -> None:
    """The first votes are what they were once both reviewers have seen them."""
    standing = standings(connection, row["id"], template).get(section_id)
    if standing is None or standing.needed == 1 or not standing.is_complete:
        return
    if all(vote.round == row["round"] for vote in standing.votes):
        raise NotPossibleNow(
            "Both votes on this section are open",
            "They stay as they are; where they differ, the lead reviewer settles it.",
            field="section",
        )


def _template_with(connection: Connection, assessment_id: str, section_id: str) -> Template:
    template = questionnaire.template_of(connection, assessment_id)
    if section_id not in {section.id for section in template.sections}:
        raise BadInput(f"There is no section {section_id}", field="section")
    return template


def _write_verdict(
    change: Change, row: RowMapping, section_id: str, given: Verdict, comment: str
) -> None:
    key = {
        "assessment_id": row["id"],
        "round": row["round"],
        "section_id": section_id,
        "reviewer_id": change.actor.person_id,
    }
    change.apply(
        Event(
            action="section.reviewed",
            kind="assessment",
            id=row["id"],
            permission="assessment.review",
            scope=row["project_id"],
            facts={"section": section_id, "round": row["round"]},
            private={"verdict": given.value, "comment": comment},
        ),
        delete(verdict).where(*(verdict.c[name] == value for name, value in key.items())),
        insert(verdict).values(**key, verdict=given.value, comment=comment, at=change.now),
    )


def _open_votes(change: Change, row: RowMapping, template: Template) -> None:
    """What was voted in the round that has just been closed, for every reader of the ledger."""
    opened = [
        {"section": vote.section_id, "reviewer": vote.reviewer_id, "verdict": vote.verdict.value}
        for vote in all_votes(change.connection, row["id"], template)
        if vote.round == row["round"]
    ]
    change.apply(
        Event(
            "votes.opened", "assessment", row["id"], "assessment.review", row["project_id"],
            {"round": row["round"], "votes": opened},
        )
    )  # fmt: skip
