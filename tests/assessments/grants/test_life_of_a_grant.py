"""A grant comes from an approval, counts for its days, and ends by itself, by a condition or by hand."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from assessments.errors import BadInput, NotFound, NotPermitted, NotPossibleNow
from assessments.grants import Standing, find_grant, is_granted, list_grants, revoke_grant
from assessments.ledger.tables import ledger_entry
from assessments.questionnaire.current import find_assessment
from assessments.records import Actor, Records
from assessments.records.tables import person
from assessments.review.decisions import (
    NewCondition,
    Outcome,
    close_condition,
    decide,
    list_conditions,
)
from tests.assessments.grants.requests import TODAY, open_office, waiting_request

OTTO = Actor.person("otto")
SAME = ("uma", "d-1", "pu-fraud")


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return open_office(tmp_path)


def noon(days: int) -> datetime:
    """Noon so many days from today: whatever the hour is now."""
    day = TODAY + timedelta(days=days)
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def approve(records: Records, request: str, actor: Actor = OTTO) -> str:
    decide(records, actor, request, Outcome.APPROVED, "It is needed.")
    with records.read() as connection:
        (grant,) = (g for g in list_grants(connection) if g.assessment_id == request)
    return grant.id


def granted(records: Records, at: datetime, *use: str) -> bool:
    with records.read() as connection:
        return is_granted(connection, *(use or SAME), at)


def ledger_texts(records: Records) -> list[str]:
    with records.read() as connection:
        return [bytes(body).decode() for body in connection.execute(select(ledger_entry.c.body)).scalars()]  # fmt: skip


def test_an_approved_request_is_a_grant_of_what_was_asked_for(records: Records) -> None:
    request = waiting_request(records)
    assert not granted(records, noon(1))
    grant_id = approve(records, request)
    with records.read() as connection:
        grant = find_grant(connection, grant_id, noon(1))
    assert (grant.person_id, grant.dataset_id, grant.purpose_id) == SAME
    assert (grant.valid_from, grant.valid_to) == (TODAY, TODAY + timedelta(days=30))
    assert (grant.level, grant.granted_by, grant.standing) == ("work", "otto", Standing.ACTIVE)
    assert grant.assessment_id == request


def test_a_grant_counts_from_its_first_to_its_last_day_and_then_no_more(records: Records) -> None:
    approve(records, waiting_request(records, first_day=TODAY + timedelta(days=2)))
    expected = {1: False, 2: True, 30: True, 31: False}
    assert {day: granted(records, noon(day)) for day in expected} == expected
    with records.read() as connection:
        (later,) = list_grants(connection, noon(31))
    assert later.standing is Standing.EXPIRED


@pytest.mark.parametrize(
    "use", [("ana", "d-1", "pu-fraud"), ("uma", "d-2", "pu-fraud"), ("uma", "d-1", "pu-supply")]
)
def test_a_grant_covers_no_other_person_dataset_or_purpose(
    records: Records, use: tuple[str, str, str]
) -> None:
    approve(records, waiting_request(records))
    assert granted(records, noon(1))
    assert not granted(records, noon(1), *use)


def test_a_person_who_was_deactivated_has_no_access(records: Records) -> None:
    approve(records, waiting_request(records))
    with records.engine.begin() as connection:
        connection.execute(person.update().where(person.c.id == "uma").values(is_active=False))
    assert not granted(records, noon(1))


@pytest.mark.parametrize("recipient", ["otto", "rosa"])
def test_whoever_approves_or_reviews_a_request_cannot_be_the_one_who_receives_the_access(
    records: Records, recipient: str
) -> None:
    request = waiting_request(records, recipient=recipient)
    with pytest.raises(NotPermitted, match="Nobody grants access to themselves"):
        decide(records, OTTO, request, Outcome.APPROVED, "For us.")
    with records.read() as connection:
        assert find_assessment(connection, request)["state"] == "decision_pending"
        assert list_grants(connection) == []


def test_the_author_of_a_request_cannot_approve_it(records: Records) -> None:
    request = waiting_request(records)
    with pytest.raises(NotPermitted):
        decide(records, Actor.person("ana"), request, Outcome.APPROVED, "Mine.")
    assert not granted(records, noon(1))


def test_another_approver_may_approve_what_an_approver_receives(records: Records) -> None:
    request = waiting_request(records, recipient="otto")
    approve(records, request, Actor.person("olga"))
    assert granted(records, noon(1), "otto", "d-1", "pu-fraud")


def test_a_rejected_request_grants_nothing(records: Records) -> None:
    request = waiting_request(records)
    decide(records, OTTO, request, Outcome.REJECTED, "Use the synthetic data.")
    with records.read() as connection:
        assert list_grants(connection) == []


def test_a_late_approval_begins_on_its_own_day(records: Records) -> None:
    request = waiting_request(records, first_day=TODAY - timedelta(days=10))
    grant_id = approve(records, request)
    with records.read() as connection:
        assert find_grant(connection, grant_id).valid_from == TODAY


def test_a_request_whose_last_day_has_passed_cannot_be_approved(records: Records) -> None:
    past = {"first_day": TODAY - timedelta(days=10), "last_day": TODAY - timedelta(days=1)}
    request = waiting_request(records, **past)
    with pytest.raises(NotPossibleNow, match="last day"):
        decide(records, OTTO, request, Outcome.APPROVED, "Late.")


def test_a_grant_is_revoked_at_once_for_a_reason_and_only_once(records: Records) -> None:
    grant_id = approve(records, waiting_request(records))
    with pytest.raises(BadInput):
        revoke_grant(records, Actor.person("rosa"), grant_id, "  ")
    with pytest.raises(NotPermitted):
        revoke_grant(records, Actor.person("uma"), grant_id, "I do not like it.")
    revoke_grant(records, Actor.person("rosa"), grant_id, "Uma has left the project.")
    assert not granted(records, datetime.now(UTC))
    with records.read() as connection:
        grant = find_grant(connection, grant_id)
    assert (grant.standing, grant.revoked_by) == (Standing.REVOKED, "rosa")
    with pytest.raises(NotPossibleNow):
        revoke_grant(records, OTTO, grant_id, "Again.")


def test_what_counted_before_a_revocation_still_counted_then(records: Records) -> None:
    grant_id = approve(records, waiting_request(records))
    between = datetime.now(UTC)
    revoke_grant(records, OTTO, grant_id, "No longer needed.")
    assert granted(records, between)
    assert not granted(records, datetime.now(UTC))


def test_a_grant_rests_while_a_condition_of_its_approval_is_late(records: Records) -> None:
    request = waiting_request(records)
    condition = NewCondition("Delete the old copy", "uma", TODAY + timedelta(days=5))
    decide(records, OTTO, request, Outcome.APPROVED_WITH_CONDITIONS, "Yes, but.", (condition,))
    assert granted(records, noon(5))
    assert not granted(records, noon(6))
    with records.read() as connection:
        assert list_grants(connection, noon(6))[0].standing is Standing.SUSPENDED
        condition_id = list_conditions(connection, request)[0]["id"]
    close_condition(records, Actor.person("rosa"), condition_id, "It is deleted.")
    assert granted(records, noon(6))


def test_an_extension_names_the_grant_that_it_extends(records: Records) -> None:
    first = approve(records, waiting_request(records))
    longer = {
        "earlier_grant": first,
        "extension_reason": "Two sources came late.",
        "last_day": TODAY + timedelta(days=90),
    }
    second = approve(records, waiting_request(records, **longer))
    with records.read() as connection:
        assert find_grant(connection, second).extends_id == first
    assert granted(records, noon(90))


@pytest.mark.parametrize(
    "wrong", [{"earlier_grant": "grant-nothing"}, {"purpose": "pu-supply"}], ids=["none", "another"]
)
def test_an_extension_of_nothing_or_of_another_use_is_not_approved(
    records: Records, wrong: dict[str, str]
) -> None:
    first = approve(records, waiting_request(records))
    answers = {"earlier_grant": first, "extension_reason": "It takes longer."} | wrong
    request = waiting_request(records, **answers)
    with pytest.raises(BadInput, match="extend"):
        decide(records, OTTO, request, Outcome.APPROVED, "Yes.")
    with records.read() as connection:
        assert len(list_grants(connection)) == 1


@pytest.mark.parametrize("dataset", ["=cmd", "a b", "ana@mail.example", "x" * 121])
def test_what_is_no_id_is_not_granted(records: Records, dataset: str) -> None:
    request = waiting_request(records, dataset=dataset)
    with pytest.raises(BadInput, match="not the id of a dataset"):
        decide(records, OTTO, request, Outcome.APPROVED, "Yes.")
    with records.read() as connection:
        assert list_grants(connection) == []


def test_an_unknown_grant_is_not_found(records: Records) -> None:
    with records.read() as connection, pytest.raises(NotFound):
        find_grant(connection, "grant-1")


def test_the_ledger_tells_what_was_granted_and_revoked_without_a_word_about_anybody(
    records: Records,
) -> None:
    grant_id = approve(records, waiting_request(records))
    revoke_grant(records, OTTO, grant_id, "Uma Private-Name has left.")
    bodies = [json.loads(text) for text in ledger_texts(records)]
    about = {body["action"]: body for body in bodies if body["kind"] == "grant"}
    assert list(about) == ["grant.given", "grant.revoked"]
    given = about["grant.given"]["facts"]
    assert (given["person"], given["dataset"], given["purpose"]) == SAME
    assert given["valid_to"] == (TODAY + timedelta(days=30)).isoformat()
    assert about["grant.revoked"]["commitment"]
    texts = "".join(ledger_texts(records))
    for personal in ("Private-Name", "has left", "Find forged invoices", "It is needed"):
        assert personal not in texts
