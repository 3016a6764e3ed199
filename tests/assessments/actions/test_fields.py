"""A finding in a field is put right by a day, or closed as no personal data by somebody else, with a reason."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from assessments.actions import Origin, Status, about_fields, dismiss_field, promise_field
from assessments.errors import BadInput, NotPermitted, NotPossibleNow
from assessments.ledger.tables import ledger_entry
from assessments.records import Records
from tests.assessments.review.desk import who

REF = "d-crm.note:contact"


def about(desk: Records) -> dict[str, tuple[str, str | None]]:
    with desk.read() as connection:
        found = about_fields(connection)
    return {ref: (item.status.value, item.closing_note) for ref, item in found.items()}


def test_a_finding_becomes_one_action_and_not_two(desk: Records, today: date) -> None:
    made = promise_field(desk, who("rosa"), REF, "ann", today + timedelta(days=9), "p")

    assert (made.origin, made.origin_ref, made.owner_id) == (Origin.FIELD, REF, "ann")
    assert "contact of d-crm.note" in made.text
    with pytest.raises(NotPossibleNow):
        promise_field(desk, who("rosa"), REF, "ann", today + timedelta(days=9), "p")


def test_it_is_not_personal_data_because_somebody_else_says_why(desk: Records) -> None:
    dismiss_field(desk, who("rosa"), REF, "ann", " Numbers of machines, not of people. ", "p")

    assert about(desk) == {REF: ("dropped", "Numbers of machines, not of people.")}


def test_dismissing_closes_the_action_that_stands_already(desk: Records, today: date) -> None:
    made = promise_field(desk, who("rosa"), REF, "ann", today + timedelta(days=9), "p")
    closed = dismiss_field(desk, who("rosa"), REF, "otto", "Invented addresses.", "p")

    assert (closed.id, closed.owner_id, closed.status) == (made.id, "ann", Status.DROPPED)


def test_whoever_answers_for_the_data_cannot_dismiss_what_was_found(desk: Records) -> None:
    with pytest.raises(NotPermitted, match="answers for a dataset"):
        dismiss_field(desk, who("rosa"), REF, "rosa", "It is mine.", "p")
    with pytest.raises(NotPermitted):
        dismiss_field(desk, who("ann"), REF, "otto", "An author may not.", "p")
    assert not [ref for ref, (state, _) in about(desk).items() if state == "dropped"]


def test_a_reason_and_a_name_are_needed(desk: Records, today: date) -> None:
    with pytest.raises(BadInput, match="why"):
        dismiss_field(desk, who("rosa"), REF, "ann", "  ", "p")
    for wrong in ("", "note", "d-crm.note", "d crm.note:contact", "d-crm.note:Contact!"):
        with pytest.raises(BadInput, match="Name the dataset"):
            promise_field(desk, who("rosa"), wrong, "ann", today, "p")
    assert about(desk) == {}


def test_the_reason_stays_out_of_the_ledger(desk: Records) -> None:
    dismiss_field(desk, who("rosa"), REF, "ann", "Uma Private-Name said so.", "p")

    with desk.read() as connection:
        entries = connection.execute(ledger_entry.select()).mappings().all()
    assert "Private-Name" not in str([dict(entry) for entry in entries])
