"""Who reviews an assessment, what this reader may see of their votes, and naming them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from assessments.errors import WorkbenchError
from assessments.questionnaire import Assessment
from assessments.records.people import list_people
from assessments.review import rounds
from assessments.review.parts import can_play, played_parts
from assessments.review.rounds import SectionVerdict
from assessments.review.seats import Seat, assign_reviewers, list_seats, seats_needed
from assessments.review.votes import Vote, visible_settlements, visible_votes
from dashboard import identity, state
from dashboard.components import Cell, Item, Link, error_box, facts, link_list, notice
from dashboard.reading import names_of
from dashboard.text import say

_OFFICE = {"reviewer", "dpo", "admin"}


@dataclass(frozen=True, slots=True)
class Desk:
    """What this reader sees of the round; votes are the current ones of those who sit, by section."""

    seats: tuple[Seat, ...]
    needed: int
    votes: dict[str, list[Vote]]
    verdicts: dict[str, SectionVerdict]
    settled: frozenset[str]
    reader: str

    @property
    def is_shared(self) -> bool:
        return self.needed > 1

    @property
    def is_lead(self) -> bool:
        """Whoever would take the first seat leads too."""
        own = next((s for s in self.seats if s.reviewer_id == self.reader), None)
        return own.is_lead if own else not self.seats

    def is_settled(self, section_id: str) -> bool:
        """Whether the lead has said what holds."""
        return section_id in self.settled

    def is_disputed(self, section_id: str) -> bool:
        """Whether the votes that count differ, settled or not."""
        votes = self.votes.get(section_id, [])
        return len(votes) > 1 and len({vote.verdict for vote in votes}) > 1


def read_desk(found: Assessment) -> Desk:
    """The round as ``review.votes`` shows it to whoever looks."""
    reader = identity.current_person().id
    with state.records().read() as connection:
        seats = list_seats(connection, found.id)
        seen = visible_votes(connection, found.id, found.template, reader)
        verdicts = rounds.section_verdicts(connection, found.id, found.template, reader)
        settled = visible_settlements(connection, found.id, found.template, reader)
        needed = seats_needed(connection, found.id)
    votes: dict[str, dict[str, Vote]] = {}
    sitting = {seat.reviewer_id for seat in seats}
    for vote in seen:
        if vote.is_current and vote.reviewer_id in sitting:
            votes.setdefault(vote.section_id, {})[vote.reviewer_id] = vote
    by_section = {name: list(said.values()) for name, said in votes.items()}
    newest = frozenset(name for name, said in settled.items() if said.round == found.round)
    return Desk(seats, needed, by_section, dict(verdicts), newest, reader)


def show_reviewers(desk: Desk) -> None:
    """The seats of a round of two."""
    if not desk.is_shared:
        return
    rows: list[tuple[str, Cell]] = [
        (say("Lead reviewer") if seat.is_lead else say("Second reviewer"), _sitting(seat))
        for seat in desk.seats
    ]
    rows += [(say("Free seat"), None)] * (desk.needed - len(desk.seats))
    facts(rows, key="seats")
    notice(
        say(
            "Two people review apart. Nobody sees the other's vote on a section before both have voted."
        ),
        key="blind",
    )


def _sitting(seat: Seat) -> str:
    names = names_of("person")
    name = names.get(seat.reviewer_id, seat.reviewer_id)
    if seat.acting_for is None:
        return name
    absent = names.get(seat.acting_for, seat.acting_for)
    return say("{person}, for {absent}", person=name, absent=absent)


def _choice(label: str, able: Mapping[str, str], chosen: list[str]) -> str | None:
    names = list(able)
    first = names.index(chosen[0]) if chosen else None
    return st.selectbox(label, names, first, format_func=lambda name: able[name])


def choose_reviewers(found: Assessment, desk: Desk) -> None:
    """The office names who reviews, one or two."""
    person = identity.current_person()
    with state.records().read() as connection:
        if not person.roles & _OFFICE or "author" in played_parts(connection, found.id, person.id):
            return
        able = {
            known.id: known.name
            for known in list_people(connection)
            if "reviewer" in known.roles and can_play(connection, found.id, known.id, "reviewer")
        }
    st.header(say("Who reviews"), anchor=False)
    sitting = [seat.reviewer_id for seat in desk.seats if seat.reviewer_id in able]
    with st.form("reviewers", border=False):
        lead = _choice(say("Lead reviewer"), able, sitting[:1])
        second = _choice(say("Second reviewer, where two review"), able, sitting[1:])
        sent = st.form_submit_button(say("Name them"))
    link_list([("", [Item("", Link(say("Who stands in for whom"), "absence"))])], key="absence")
    if not sent:
        return
    chosen = tuple(name for name in (lead, second) if name)
    try:
        assign_reviewers(state.records(), identity.current_actor(), found.id, chosen)
    except WorkbenchError as error:
        error_box(error, key="assign-error")
        return
    st.rerun()
