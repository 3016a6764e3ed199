"""Facts behind approved assessments: what changed, logged once, and open until somebody answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from assessments import questionnaire as q
from assessments.errors import BadInput, NotPermitted, NotPossibleNow
from assessments.ledger import body, store
from assessments.questionnaire.changes import changes_since
from assessments.questionnaire.triggers import close_trigger, find_triggers, list_triggers
from assessments.records import Actor, Records
from assessments.records.tables import assessment
from assessments.review.gate import check_gate
from tests.assessments.questionnaire.cases import Inventory, digest, join, sample_inventory

LOADER = Actor.system("load")


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    opened = Records.open(f"sqlite:///{tmp_path / 'records.sqlite'}")
    join(opened, "ann", "author", "reviewer")
    join(opened, "dana", "dpo")
    yield opened
    opened.close()


@pytest.fixture
def inventory() -> Inventory:
    return sample_inventory()


@pytest.fixture
def approved(records: Records, inventory: Inventory) -> str:
    return approve(records, q.start(records, Actor.person("ann"), "dpia", "p", "Old", inventory))


def approve(records: Records, assessment_id: str) -> str:
    with records.engine.begin() as connection:
        connection.execute(
            update(assessment)
            .where(assessment.c.id == assessment_id)
            .values(state="approved", decided_at=datetime.now(UTC))
        )
    return assessment_id


def stale_reasons(records: Records) -> list[str]:
    with records.read() as connection:
        found = check_gate(connection, "p", today=date(2026, 11, 24))
    return [reason.what for reason in found.reasons if reason.kind == "stale_answer"]


def triggers_of(records: Records, assessment_id: str, *, is_open: bool = True) -> list[str]:
    with records.read() as connection:
        found = list_triggers(connection, assessment_id, is_open=is_open)
    return [trigger.question_id for trigger in found]


def test_nothing_is_logged_while_the_facts_stand(
    records: Records, approved: str, inventory: Inventory
) -> None:
    assert find_triggers(records, LOADER, inventory) == []
    assert stale_reasons(records) == []


def test_one_changed_row_triggers_exactly_the_answers_that_it_made(
    records: Records, approved: str, inventory: Inventory
) -> None:
    inventory.sources["fields_of_project"][2]["field"] = "symptoms"
    (found,) = find_triggers(records, LOADER, inventory)
    assert (found.assessment_id, found.question_id) == (approved, "data_items")
    assert len(stale_reasons(records)) == 1
    with records.read() as connection:
        (entry,) = [body.read(e) for e in store.entries(connection)[:1]]
    assert (entry["action"], entry["id"]) == ("review.triggered", approved)
    assert entry["facts"] == {"trigger": found.id, "question": "data_items"}


def test_a_row_that_changed_where_no_answer_looks_is_stale_and_no_trigger(
    records: Records, approved: str, inventory: Inventory
) -> None:
    inventory.sources["fields_of_project"][2]["comment"] = "New"
    found = changes_since(records, q.load(records, approved), inventory)
    assert [(item.question.id, item.is_news) for item in found.sources] == [("data_items", False)]
    assert find_triggers(records, LOADER, inventory) == []


def test_the_same_change_is_logged_once_and_the_next_one_replaces_it(
    records: Records, approved: str, inventory: Inventory
) -> None:
    rows = inventory.sources["fields_of_project"]
    rows[2]["field"] = "symptoms"
    assert len(find_triggers(records, LOADER, inventory)) == 1
    assert find_triggers(records, LOADER, inventory) == []
    rows[2]["field"] = "signs"
    assert len(find_triggers(records, LOADER, inventory)) == 1
    assert triggers_of(records, approved) == ["data_items"]
    assert triggers_of(records, approved, is_open=False) == ["data_items", "data_items"]


def test_a_source_that_says_again_what_it_said_closes_the_trigger_and_opens_the_gate(
    records: Records, approved: str, inventory: Inventory
) -> None:
    rows = inventory.sources["fields_of_project"]
    rows[2]["field"] = "symptoms"
    find_triggers(records, LOADER, inventory)
    rows[2]["field"] = "symptom"
    assert find_triggers(records, LOADER, inventory) == []
    assert triggers_of(records, approved) == []
    rows[2]["field"] = "symptoms"
    assert len(find_triggers(records, LOADER, inventory)) == 1, "it changed a second time"


def test_a_person_answers_a_trigger_once_and_it_stays_answered(
    records: Records, approved: str, inventory: Inventory
) -> None:
    inventory.sources["fields_of_project"][2]["field"] = "symptoms"
    (found,) = find_triggers(records, LOADER, inventory)
    with pytest.raises(BadInput, match="what came of it"):
        close_trigger(records, Actor.person("dana"), found.id, " ")
    with pytest.raises(NotPermitted, match="You wrote"):
        close_trigger(records, Actor.person("ann"), found.id, "Same risk")
    close_trigger(records, Actor.person("dana"), found.id, "Only the name of a field changed.")
    assert stale_reasons(records) == []
    assert find_triggers(records, LOADER, inventory) == []
    with pytest.raises(NotPossibleNow, match="closed already"):
        close_trigger(records, Actor.person("dana"), found.id, "Again")


def test_a_newer_approval_replaces_the_older_one(
    records: Records, approved: str, inventory: Inventory
) -> None:
    inventory.sources["fields_of_project"][2]["field"] = "symptoms"
    find_triggers(records, LOADER, inventory)
    approve(records, q.start(records, Actor.person("ann"), "dpia", "p", "New", inventory))
    assert stale_reasons(records) == []
    assert find_triggers(records, LOADER, inventory) == []


def test_a_source_that_fell_silent_is_a_trigger_too(
    records: Records, approved: str, inventory: Inventory
) -> None:
    inventory.sources["leakage_of_project"] = []
    (found,) = find_triggers(records, LOADER, inventory)
    assert (found.question_id, found.sha256_now) == ("leakage_results", "")


def test_a_draft_triggers_nothing(records: Records, inventory: Inventory) -> None:
    q.start(records, Actor.person("ann"), "dpia", "p", "Draft", inventory)
    inventory.sources["fields_of_project"][2]["field"] = "symptoms"
    assert find_triggers(records, LOADER, inventory) == []


def test_what_the_source_said_then_is_compared_with_what_it_says_now(
    records: Records, inventory: Inventory
) -> None:
    ann = Actor.person("ann")
    made = q.start(records, ann, "dpia", "p", "Old", inventory)
    rows = q.load(records, made).answers["data_items"].value
    q.save_answer(
        records, ann, made, "data_items", [rows[0] | {"item": "Our own words"}, *rows[1:]]
    )
    approve(records, made)
    changed = inventory.sources["fields_of_project"][2]
    before = digest(changed)
    changed["field"] = "symptoms"
    assert digest(changed) != before
    found = changes_since(records, q.load(records, made), inventory)
    (item,) = found.sources
    assert item.answer.value[0]["item"] == "Our own words"
    assert item.then.value[0]["item"] != "Our own words"
    cells = {(row.row_id, cell.column) for row in item.difference.rows for cell in row.cells}
    assert cells == {("health", "fields")}, "the author's own words are no change of the source"


def test_changed_leakage_is_told_by_its_score(
    records: Records, approved: str, inventory: Inventory
) -> None:
    inventory.sources["leakage_of_project"][0] |= {"value": 0.06, "severity": 0.61}
    found = changes_since(records, q.load(records, approved), inventory)
    (result,) = found.leakage
    assert (result.old or {})["score"] == 42
    assert (result.new or {})["score"] == 61
    assert result.of("subject") == "m1"


def test_a_successor_is_compared_answer_by_answer(
    records: Records, approved: str, inventory: Inventory
) -> None:
    ann = Actor.person("ann")
    newer = q.start(records, ann, "dpia", "p", "New", inventory)
    q.save_answer(records, ann, newer, "controller", "Somebody else")
    found = changes_since(records, q.load(records, approved), inventory)
    assert found.successor is not None
    assert found.successor.id == newer
    assert [item.question_id for item in found.answers] == ["controller"]
    assert changes_since(records, found.successor, inventory).successor is None
