"""``privacy assessment`` beyond one reviewer: who reviews, what the lead settles, the authority, renewal."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime

import click

from assessments.review import consultation, rounds
from assessments.review.decisions import return_to_author
from assessments.review.expiry import expire_approvals
from assessments.review.renewal import renew
from assessments.review.rounds import Verdict
from assessments.review.seats import assign_reviewers
from assessments.review.subjects import Views, record_views
from dashboard import office
from dashboard.commands.assessments import group, load_readable, plain_row
from dashboard.commands.plumbing import Session, emit, json_option, pass_session
from dashboard.warehouse.facts import WarehouseFacts

_DAY = click.DateTime(["%Y-%m-%d"])


def register(cli: click.Group) -> None:
    """The commands belong to ``privacy assessment``; importing this module adds them there."""
    cli.add_command(group)


@group.command("assign")
@click.argument("assessment_id")
@click.argument("reviewers", nargs=-1, required=True, metavar="LEAD [SECOND]")
@json_option
@pass_session
def assign(session: Session, assessment_id: str, reviewers: tuple[str, ...]) -> None:
    """Name who reviews; the first leads. Votes of two stay blind until both are in."""
    seats = assign_reviewers(session.records(), session.person(), assessment_id, reviewers)
    data = {"reviewers": [s.reviewer_id for s in seats], "lead": seats[0].reviewer_id}
    emit(session, data, f"Reviewed by {', '.join(data['reviewers'])}.")


@group.command("settle")
@click.argument("assessment_id")
@click.option("--section", required=True)
@click.option("--request-changes", is_flag=True)
@click.option("--reason", required=True)
@json_option
@pass_session
def settle(
    session: Session, assessment_id: str, section: str, request_changes: bool, reason: str
) -> None:
    """Decide between two votes that differ, as the lead reviewer."""
    given = Verdict.CHANGES_REQUESTED if request_changes else Verdict.ACCEPTED
    rounds.settle(session.records(), session.person(), assessment_id, section, given, reason)
    emit(session, {"section": section, "verdict": given.value}, f"{section}: {given.value}")


@group.command("withdraw")
@click.argument("assessment_id")
@click.option("--reason", required=True)
@json_option
@pass_session
def withdraw(session: Session, assessment_id: str, reason: str) -> None:
    """Take an assessment out of work."""
    state = rounds.withdraw(session.records(), session.person(), assessment_id, reason)
    emit(session, {"state": state.value}, state.value)


@group.command("return")
@click.argument("assessment_id")
@click.option("--reason", required=True)
@json_option
@pass_session
def return_(session: Session, assessment_id: str, reason: str) -> None:
    """Send an assessment back to its author instead of deciding it, as the approver."""
    state = return_to_author(session.records(), session.person(), assessment_id, reason)
    emit(session, {"state": state.value}, state.value)


@group.command("views")
@click.argument("assessment_id")
@click.option("--how", default="", help="How the people concerned were asked.")
@click.option("--outcome", default="", help="What they said and what follows.")
@click.option("--not-sought", "reason", default="", help="Why they were not asked.")
@json_option
@pass_session
def views(session: Session, assessment_id: str, how: str, outcome: str, reason: str) -> None:
    """Record the views of the people concerned (GDPR Art. 35(9))."""
    said = Views(not reason, how, outcome, reason)
    record_views(session.records(), session.person(), assessment_id, said)
    emit(session, {"sought": said.was_sought}, "Recorded.")


@group.command("renew")
@click.argument("assessment_id")
@click.option("--title", default="", help="The same title by default.")
@json_option
@pass_session
def renew_(session: Session, assessment_id: str, title: str) -> None:
    """Begin the successor of an approval; its answers are copied forward, to be confirmed."""
    load_readable(session, assessment_id)
    with session.warehouse() as warehouse:
        made = renew(
            session.records(), session.person(), assessment_id, WarehouseFacts(warehouse),
            title=title,
            context={"organisation": office.organisation(session.home),
                     "sources": office.describe_sources(warehouse)},
        )  # fmt: skip
    left = [{"question": item.question.id, "why": item.reason} for item in made.left]
    data = {"assessment": made.assessment_id, "copied": made.copied, "left": left}
    emit(session, data, f"{made.assessment_id}: {made.copied} answers copied forward, to confirm.")


@group.command("expire")
@json_option
@pass_session
def expire(session: Session) -> None:
    """Let approvals expire whose last day has passed. Loading does this too."""
    expired = expire_approvals(session.records(), session.actor("expiry"), _today())
    emit(session, {"expired": expired}, "\n".join(expired) or "No approval has expired.")


@group.command("consult")
@click.argument("assessment_id")
@click.option("--authority", required=True)
@click.option("--received", type=_DAY, required=True, help="The day on which it got the request.")
@click.option("--sent", multiple=True, required=True, help="What was sent (repeat); see below.")
@click.option("--reference", default="", help="The authority's file number.")
@json_option
@pass_session
def consult(
    session: Session,
    assessment_id: str,
    authority: str,
    received: datetime,
    sent: tuple[str, ...],
    reference: str,
) -> None:
    """Record a prior consultation of the authority (GDPR Art. 36) and start its clock.

    Sent, by Art. 36(3): responsibilities, purposes, safeguards, officer, assessment, requested.
    Purposes, safeguards and assessment are always needed.
    """
    state = consultation.consult(
        session.records(), session.person(), assessment_id, authority, received.date(), sent,
        reference=reference,
    )  # fmt: skip
    emit(session, {"state": state.value}, state.value)


@group.command("consultation")
@click.argument("assessment_id")
@click.option("--extended", metavar="REASON", help="The authority takes six weeks more.")
@click.option("--asked", metavar="WHAT", help="It asks for information: the clock stands still.")
@click.option("--supplied", is_flag=True, help="It has what it asked for: the clock goes on.")
@click.option("--answer", help="Its written advice: the decision goes on.")
@click.option("--no-answer", is_flag=True, help="The period has passed without an answer.")
@click.option("--on", type=_DAY, help="The day; today by default.")
@json_option
@pass_session
def consultation_(
    session: Session,
    assessment_id: str,
    extended: str | None,
    asked: str | None,
    supplied: bool,
    answer: str | None,
    no_answer: bool,
    on: datetime | None,
) -> None:
    """Show the clock of a consultation, or record what the authority did."""
    records, day = session.records(), on.date() if on else _today()
    if extended is not None:
        consultation.extend(records, session.person(), assessment_id, day, extended)
    if asked is not None:
        consultation.suspend(records, session.person(), assessment_id, day, asked)
    if supplied:
        consultation.answer_request(records, session.person(), assessment_id, day)
    if answer is not None or no_answer:
        consultation.close_consultation(records, session.person(), assessment_id, day, answer or "")
    load_readable(session, assessment_id)
    with records.read() as connection:
        found = consultation.list_consultations(connection, assessment_id)
    data = [
        plain_row({"authority": item.authority, "received_on": item.received_on,
                   "closed_on": item.closed_on, **dataclasses.asdict(item.clock(_today()))})
        for item in found
    ]  # fmt: skip
    emit(session, data, lambda: "\n".join(map(_line, data)) or "No consultation.")


def _line(item: dict[str, object]) -> str:
    if item["closed_on"]:
        return f"{item['authority']}: closed on {item['closed_on']}"
    still = ", standing still" if item["is_suspended"] else ""
    return f"{item['authority']}: due on {item['due_on']}{still}"


def _today() -> date:
    return datetime.now(UTC).date()
