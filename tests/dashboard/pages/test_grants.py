"""The pages of grants: what is in force, what waits, what ended, and who may take one back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from assessments.grants import Standing, list_grants, revoke_grant
from assessments.records import Actor, Records
from assessments.records.tables import condition
from assessments.review.decisions import NewCondition, Outcome, decide
from assessments.settings import Home
from dashboard import demonstration, identity, state
from tests.assessments.grants.requests import TODAY, open_office, waiting_request

OTTO = Actor.person("otto")


@pytest.fixture
def records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Records:
    monkeypatch.setenv("PRIVACY_HOME", str(tmp_path))
    monkeypatch.setenv(identity.DEMONSTRATION, "1")
    demonstration.mark(Home.locate(tmp_path))
    return open_office(tmp_path)


def give(records: Records, *conditions: NewCondition, **changes: object) -> str:
    request = waiting_request(records, **changes)
    outcome = Outcome.APPROVED_WITH_CONDITIONS if conditions else Outcome.APPROVED
    decide(records, OTTO, request, outcome, "It is needed.", conditions)
    with records.read() as connection:
        (grant,) = list_grants(connection, assessment=request)
    return grant.id


def list_page() -> None:
    from dashboard.pages import grants
    from dashboard.text import use_language

    use_language("en")
    grants.render()


def grant_page() -> None:
    from dashboard.pages import grant
    from dashboard.text import use_language

    use_language("en")
    grant.render()


def shown(page: Callable[[], None], person: str, **address: str) -> AppTest:
    made = AppTest.from_function(page, default_timeout=30)
    made.session_state[state.PERSON] = person
    for name, value in address.items():
        made.query_params[name] = value
    return made.run()


def said(page: AppTest) -> str:
    assert not page.exception
    return " ".join(str(element.proto.json) for element in page.get("bidi_component"))


def test_without_grants_the_page_says_where_they_come_from(records: Records) -> None:
    assert "No grants yet" in said(shown(list_page, "rosa"))


def test_grants_stand_under_what_they_are_today(records: Records) -> None:
    give(records, last_day=TODAY + timedelta(days=5))
    give(records, first_day=TODAY + timedelta(days=3))
    revoke_grant(records, OTTO, give(records), "A mistake.")
    page = shown(list_page, "rosa")
    assert [header.value for header in page.header] == ["In force", "Not begun yet", "Ended"]
    text = said(page)
    assert all(word in text for word in ("Ends soon", "Not begun", "Revoked", "Uma Private-Name"))


def test_a_grant_that_waits_for_a_condition_says_so(records: Records) -> None:
    grant_id = give(records, NewCondition("Delete the old copy", "uma", TODAY))
    with records.engine.begin() as connection:
        connection.execute(update(condition).values(due_on=TODAY - timedelta(days=1)))
    with records.read() as connection:
        assert list_grants(connection)[0].standing is Standing.SUSPENDED
    assert "past its day" in said(shown(grant_page, "rosa", id=grant_id))


@pytest.mark.parametrize(("person", "can"), [("rosa", True), ("otto", True), ("uma", False)])
def test_only_the_office_and_approvers_are_offered_to_revoke(
    records: Records, person: str, can: bool
) -> None:
    page = shown(grant_page, person, id=give(records))
    assert bool(page.button) is can


def test_revoking_needs_a_reason_and_then_ends_the_grant(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.pages.grant.go", lambda *_, **__: None)
    grant_id = give(records)
    page = shown(grant_page, "rosa", id=grant_id)
    page.button[0].click().run()
    assert "Say why the access is taken back" in said(page)
    page.text_area[0].set_value("The project has ended.")
    page.button[0].click().run()
    with records.read() as connection:
        assert list_grants(connection)[0].standing is Standing.REVOKED
    text = said(shown(grant_page, "rosa", id=grant_id))
    assert "The project has ended." in text
    assert "Ask for an extension" not in text
