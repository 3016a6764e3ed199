"""Every change is permitted, recorded and whole, or it did not happen."""

from __future__ import annotations

import json
import multiprocessing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from assessments.errors import BadInput, NotPermitted
from assessments.ledger import body, erasure, store
from assessments.ledger.tables import ledger_entry, ledger_private
from assessments.records import Actor, Event, Records, people
from assessments.records.permissions import PERMISSIONS, ROLES, has_permission
from assessments.records.tables import person

SETUP = Actor.system("setup")


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'records.sqlite'}"


@pytest.fixture
def records(url: str) -> Records:
    return Records.open(url)


def add(records: Records, person_id: str, *roles: str) -> Actor:
    with records.change(SETUP) as change:
        people.add_person(change, person_id, f"Name of {person_id}", email=f"{person_id}@x.example")
        for role in roles:
            people.grant_role(change, person_id, role, reason="test")
    return Actor.person(person_id)


def test_a_change_and_its_audit_event_come_together(records: Records) -> None:
    add(records, "p-1")
    with records.read() as connection:
        entry = body.read(store.entry(connection, 0))
        assert entry["action"] == "person.added"
        assert entry["id"] == "p-1"
        assert connection.execute(select(person.c.name)).scalar_one() == "Name of p-1"


def test_a_failing_statement_leaves_neither_change_nor_event(records: Records) -> None:
    add(records, "p-1")
    with pytest.raises(IntegrityError), records.change(SETUP) as change:
        people.add_person(change, "p-2", "Somebody")
        people.add_person(change, "p-1", "Twin")
    with records.read() as connection:
        assert store.size(connection) == 1
        assert connection.execute(select(func.count()).select_from(person)).scalar_one() == 1


def test_a_person_without_the_role_changes_nothing(records: Records) -> None:
    author = add(records, "p-1", "author")
    with pytest.raises(NotPermitted), records.change(author) as change:
        people.add_person(change, "p-2", "Somebody")
    with records.read() as connection:
        assert store.size(connection) == 2


def test_an_expired_role_counts_for_nothing(records: Records) -> None:
    actor = add(records, "p-1")
    past = datetime.now(UTC) - timedelta(days=2)
    with records.change(SETUP) as change:
        people.grant_role(
            change,
            "p-1",
            "admin",
            reason="test",
            valid_from=past,
            valid_to=past + timedelta(days=1),
        )
    with records.read() as connection:
        assert not has_permission(connection, actor, "people.manage")
        assert has_permission(connection, actor, "people.manage", now=past + timedelta(hours=1))


def test_a_role_for_one_project_does_not_reach_another(records: Records) -> None:
    actor = add(records, "p-1")
    with records.change(SETUP) as change:
        people.grant_role(change, "p-1", "author", reason="test", scope="project-a")
    with records.read() as connection:
        assert has_permission(connection, actor, "assessment.write", "project-a")
        assert not has_permission(connection, actor, "assessment.write", "project-b")
        assert not has_permission(connection, actor, "assessment.write")


def test_nobody_grants_a_role_to_themselves(records: Records) -> None:
    admin = add(records, "p-1", "admin")
    with pytest.raises(BadInput), records.change(admin) as change:
        people.grant_role(change, "p-1", "approver", reason="because")


def test_every_permission_names_known_roles() -> None:
    assert all(roles and roles <= set(ROLES) for roles in PERMISSIONS.values())


def test_the_ledger_holds_no_personal_data_in_clear(records: Records) -> None:
    add(records, "p-1", "author")
    with records.read() as connection:
        bodies = b"".join(connection.execute(select(ledger_entry.c.body)).scalars())
    assert b"Name of p-1" not in bodies
    assert b"x.example" not in bodies


def test_personal_facts_are_refused_before_anything_is_written(records: Records) -> None:
    with pytest.raises(ValueError, match="personal"), records.change(SETUP) as change:
        change.apply(Event("x", "y", "z", "people.manage", facts={"name": "Anna"}))
    with pytest.raises(ValueError, match="personal"), records.change(SETUP) as change:
        change.apply(Event("x", "y", "z", "people.manage", facts={"who": "anna@x.example"}))
    with records.read() as connection:
        assert store.size(connection) == 0


def test_erasing_a_payload_keeps_the_entry_and_the_root(records: Records) -> None:
    add(records, "p-1")
    with records.read() as connection:
        commitment = body.read(store.entry(connection, 0))["commitment"]
        assert body.open_private(connection, commitment) == {
            "name": "Name of p-1", "title": "", "email": "p-1@x.example",
        }  # fmt: skip
        root = store.root(connection)
        size = store.size(connection)
    with records.change(add(records, "p-2", "dpo")) as change:
        erasure.erase(change, commitment, "art-17-1-a")
    with records.read() as connection:
        assert body.open_private(connection, commitment) is None
        assert store.root(connection, size) == root


def test_equal_payloads_have_unequal_commitments(records: Records) -> None:
    for person_id in ("p-1", "p-2"):
        with records.change(SETUP) as change:
            change.apply(
                Event("x", "y", person_id, "people.manage", private={"answer": "yes"}),
                insert(person).values(id=person_id, name="n", title="", is_active=True),
            )
    with records.read() as connection:
        found = connection.execute(select(ledger_private.c.commitment)).scalars().all()
    assert len(set(found)) == 2


def _add_many(url: str, prefix: str) -> None:
    records = Records.open(url)
    for number in range(25):
        with records.change(SETUP) as change:
            people.add_person(change, f"{prefix}-{number}", "n")


def test_two_processes_write_without_losing_an_entry(url: str, records: Records) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_add_many, args=(url, name)) for name in ("a", "b")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0]
    with records.read() as connection:
        assert store.size(connection) == 50
        ids = {
            json.loads(raw)["id"]
            for raw in connection.execute(select(ledger_entry.c.body)).scalars()
        }
    assert len(ids) == 50


def test_listing_people_names_the_roles_that_finding_each_would(records: Records) -> None:
    add(records, "p-2", "author", "reviewer")
    add(records, "p-1")
    past = datetime.now(UTC) - timedelta(days=2)
    with records.change(SETUP) as change:
        people.grant_role(
            change,
            "p-1",
            "admin",
            reason="test",
            valid_from=past,
            valid_to=past + timedelta(days=1),
        )
        people.grant_role(change, "p-1", "author", reason="test", scope="project-a")
    with records.read() as connection:
        listed = people.list_people(connection)
        assert listed == [people.find_person(connection, person_id) for person_id in ("p-1", "p-2")]
