"""Pages of the portfolio: filters stand in the address, and closing, naming and granting work from them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from assessments.actions import NewAction, Status, add_action, list_actions
from assessments.portfolio import Filter, list_filters
from assessments.records import Records
from assessments.review.decisions import (
    NewCondition,
    Outcome,
    Position,
    advise,
    decide,
    list_conditions,
)
from assessments.review.rounds import submit
from assessments.review.seats import list_seats
from tests.assessments.review.desk import accepted, begin, who
from tests.dashboard.pages.conftest import press, said, shown

TODAY = datetime.now(UTC).date()


@pytest.fixture(autouse=True)
def no_leaving(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("portfolio", "portfolio_filter", "actions", "action", "condition"):
        monkeypatch.setattr(f"dashboard.pages.{name}.go", lambda *_, **__: None, raising=False)


def approved(desk: Records) -> tuple[str, str]:
    made = begin(desk)
    submit(desk, who("ann"), made)
    accepted(desk, made, "rosa")
    advise(desk, who("dora"), made, Position.PROCEED, "I agree.")
    wanted = NewCondition("Delete the old copy", "ann", TODAY + timedelta(days=10))
    decide(desk, who("otto"), made, Outcome.APPROVED_WITH_CONDITIONS, "Needed.", (wanted,))
    with desk.read() as connection:
        (condition,) = list_conditions(connection, made)
    return made, condition["id"]


def test_the_address_filters_and_a_choice_writes_the_address(desk: Records) -> None:
    begin(desk)
    submit(desk, who("ann"), begin(desk))
    page = shown("portfolio", "rosa", state="submitted")
    assert [m.value for m in page.markdown] == ["1 line"]
    assert "Submitted" in said(page)
    assert "Draft" not in said(page)
    (choice,) = [box for box in page.selectbox if box.label == "State"]
    page = choice.set_value("draft").run()
    assert page.query_params["state"] == "draft"
    assert [m.value for m in page.markdown] == ["1 line"]


def test_an_address_that_names_nothing_shows_a_way_back(desk: Records) -> None:
    begin(desk)
    page = shown("portfolio", "rosa", state="no-such-state", sort="'; drop")
    assert "Nothing matches" in said(page)


def test_a_filter_is_saved_under_a_name(desk: Records) -> None:
    begin(desk)
    page = shown("portfolio", "rosa", state="draft")
    (name,) = [box for box in page.text_input if box.label == "Name for this filter"]
    name.set_value("Drafts")
    press(page, "Save the filter")
    with desk.read() as connection:
        assert list_filters(connection, "rosa") == {"Drafts": Filter(state="draft")}
    assert "Drafts" in said(shown("portfolio", "rosa"))
    assert "Drafts" not in said(shown("portfolio", "rolf"))


def test_several_assessments_get_their_reviewers_at_once_and_one_says_why_not(
    desk: Records,
) -> None:
    first, second = begin(desk), begin(desk, "many")
    page = shown("portfolio", "adam")
    page.multiselect[0].set_value([first, second])
    (lead,) = [box for box in page.selectbox if box.label == "Lead reviewer"]
    lead.set_value("many")
    page = press(page, "Name them")
    with desk.read() as connection:
        assert [seat.reviewer_id for seat in list_seats(connection, first)] == ["many"]
        assert list_seats(connection, second) == ()
    assert "You cannot act as reviewer here" in said(page)
    assert not shown("portfolio", "ann").multiselect


def test_my_work_shows_what_waits_with_its_reason(desk: Records) -> None:
    assert "Nothing waits for you" in said(shown("work", "otto"))
    made, _ = approved(desk)
    add_action(desk, who("ann"), NewAction("Tell them", "otto", TODAY, assessment_id=made))
    text = said(shown("work", "otto"))
    assert "Tell them" in text
    assert "You own this action" in text
    assert "You own this condition" in said(shown("work", "ann"))


def test_a_condition_is_closed_on_its_page_but_not_by_its_owner(desk: Records) -> None:
    _, condition = approved(desk)
    assert "You own this condition" in said(shown("condition", "ann", id=condition))
    assert not shown("condition", "abe", id=condition).button
    page = shown("condition", "rosa", id=condition)
    page = press(page, "Close the condition")
    assert "Say how the condition was met" in said(page)
    page.text_area[0].set_value("The copy is gone.")
    press(page, "Close the condition")
    assert "The copy is gone." in said(shown("condition", "rosa", id=condition))


def test_an_action_is_added_and_closed_on_its_pages(desk: Records) -> None:
    made, _ = approved(desk)
    page = shown("actions", "ann", assessment=made)
    page.text_area[0].set_value("Delete the backup too")
    (source,) = [b for b in page.selectbox if b.label.startswith("What it comes from")]
    source.select_index(0)
    (owner,) = [b for b in page.selectbox if b.label == "Owner"]
    owner.set_value("abe")
    press(page, "Add the action")
    with desk.read() as connection:
        (action,) = list_actions(connection)
    assert (action.owner_id, action.status) == ("abe", Status.OPEN)
    page = shown("action", "abe", id=action.id)
    assert "Drop it" not in [button.label for button in page.button]
    page.text_area[0].set_value("Deleted.")
    press(page, "Close as done")
    assert "Deleted." in said(shown("action", "ann", id=action.id))
