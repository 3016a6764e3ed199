"""Before the decision: views recorded, an assessment sent back, and one taken out of work."""

from __future__ import annotations

import pytest

from assessments.records import Records
from assessments.records.tables import assessment
from assessments.review.decisions import Position, advise
from assessments.review.rounds import submit
from assessments.review.subjects import Views, find_views
from tests.assessments.review.desk import accepted, begin, who
from tests.dashboard.pages.conftest import press, said, shown


@pytest.fixture(autouse=True)
def no_leaving(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("decision", "handing_back", "views_of_people"):
        monkeypatch.setattr(f"dashboard.pages.{name}.go", lambda *_, **__: None)
    monkeypatch.setattr("dashboard.pages.assessment.forms_for", lambda _: ())


def state_of(desk: Records, made: str) -> str:
    with desk.read() as connection:
        query = assessment.select().where(assessment.c.id == made)
        return str(connection.execute(query).mappings().one()["state"])


def to_decision(desk: Records) -> str:
    made = begin(desk)
    submit(desk, who("ann"), made)
    accepted(desk, made, "rosa")
    advise(desk, who("dora"), made, Position.PROCEED, "Go on.")
    return made


def test_the_approver_sends_back_with_a_reason(desk: Records) -> None:
    made = to_decision(desk)
    page = shown("decision", "otto", assessment=made)
    press(page, "Send it back")
    assert "Say why it goes back" in said(page)
    assert state_of(desk, made) == "decision_pending"
    page.text_area(key="return-reason").set_value("The period is missing.")
    press(page, "Send it back")
    assert state_of(desk, made) == "returned"
    assert "The period is missing." in said(shown("assessment", "ann", assessment=made))


def test_its_author_or_the_office_withdraws_and_nobody_else(desk: Records) -> None:
    made = begin(desk)
    assert "Withdraw it" not in [
        b.label for b in shown("assessment", "otto", assessment=made).button
    ]
    page = shown("assessment", "ann", assessment=made)
    press(page, "Withdraw it")
    assert "Say why it is withdrawn" in said(page)
    page.text_area(key="withdraw-reason").set_value("The project was stopped.")
    press(page, "Withdraw it")
    assert state_of(desk, made) == "withdrawn"
    assert "Withdraw it" not in [
        b.label for b in shown("assessment", "ann", assessment=made).button
    ]


def test_the_views_of_the_people_concerned_are_recorded_once_they_are_complete(
    desk: Records,
) -> None:
    made = to_decision(desk)
    page = shown("decision", "rosa", assessment=made)
    page.radio[0].set_value(False)
    press(page, "Record them")
    assert "Say how they were asked" in said(page)
    (reason,) = [area for area in page.text_area if area.label == "If they were not: why not"]
    reason.set_value("Only test data.")
    press(page, "Record them")
    with desk.read() as connection:
        assert find_views(connection, made) == Views(False, "", "", "Only test data.")
    assert "Only test data." in said(shown("decision", "otto", assessment=made))
