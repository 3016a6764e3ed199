"""The pages of grants: what is in force, what waits, what ended, and who may take one back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from assessments.grants import Standing, list_grants, revoke_grant
from assessments.records import Actor, Records
from assessments.records.tables import condition
from assessments.review.decisions import NewCondition, Outcome, decide
from assessments.settings import Home
from tests.assessments.grants.requests import TODAY, open_office, waiting_request
from tests.dashboard.pages.conftest import said, shown

OTTO = Actor.person("otto")


@pytest.fixture
def records(home: Home) -> Records:
    return open_office(home.path)


def give(records: Records, *conditions: NewCondition, **changes: object) -> str:
    request = waiting_request(records, **changes)
    outcome = Outcome.APPROVED_WITH_CONDITIONS if conditions else Outcome.APPROVED
    decide(records, OTTO, request, outcome, "It is needed.", conditions)
    with records.read() as connection:
        (grant,) = list_grants(connection, assessment=request)
    return grant.id


def test_without_grants_the_page_says_where_they_come_from(records: Records) -> None:
    assert "No grants yet" in said(shown("grants", "rosa"))


def test_grants_stand_under_what_they_are_today(records: Records) -> None:
    give(records, last_day=TODAY + timedelta(days=5))
    give(records, first_day=TODAY + timedelta(days=3))
    revoke_grant(records, OTTO, give(records), "A mistake.")
    page = shown("grants", "rosa")
    assert [header.value for header in page.header] == ["In force", "Not begun yet", "Ended"]
    text = said(page)
    assert all(word in text for word in ("Ends soon", "Not begun", "Revoked", "Uma Private-Name"))


def test_a_grant_that_waits_for_a_condition_says_so(records: Records) -> None:
    grant_id = give(records, NewCondition("Delete the old copy", "uma", TODAY))
    with records.engine.begin() as connection:
        connection.execute(update(condition).values(due_on=TODAY - timedelta(days=1)))
    with records.read() as connection:
        assert list_grants(connection)[0].standing is Standing.SUSPENDED
    assert "past its day" in said(shown("grant", "rosa", id=grant_id))


@pytest.mark.parametrize(("person", "can"), [("rosa", True), ("otto", True), ("uma", False)])
def test_only_the_office_and_approvers_are_offered_to_revoke(
    records: Records, person: str, can: bool
) -> None:
    page = shown("grant", person, id=give(records))
    assert bool(page.button) is can


def test_revoking_needs_a_reason_and_then_ends_the_grant(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.pages.grant.go", lambda *_, **__: None)
    grant_id = give(records)
    page = shown("grant", "rosa", id=grant_id)
    page.button[0].click().run()
    assert "Say why the access is taken back" in said(page)
    page.text_area[0].set_value("The project has ended.")
    page.button[0].click().run()
    with records.read() as connection:
        assert list_grants(connection)[0].standing is Standing.REVOKED
    text = said(shown("grant", "rosa", id=grant_id))
    assert "The project has ended." in text
    assert "Ask for an extension" not in text
