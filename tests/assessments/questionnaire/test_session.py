"""Saving answers: permitted, recorded, never twice, never over somebody else's."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update

from assessments import questionnaire as q
from assessments.errors import BadInput, Conflict, NotFound, NotPermitted, NotPossibleNow
from assessments.ledger import body, store
from assessments.records import Actor, Records
from assessments.records.tables import assessment
from tests.assessments.questionnaire.cases import join, sample_inventory


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return Records.open(f"sqlite:///{tmp_path / 'records.sqlite'}")


@pytest.fixture
def author(records: Records) -> Actor:
    return join(records, "ann", "author")


@pytest.fixture
def dpia(records: Records, author: Actor) -> str:
    return q.start(records, author, "dpia", "p", "Triage", sample_inventory())


def size(records: Records) -> int:
    with records.read() as connection:
        return store.size(connection)


def last_entry(records: Records) -> dict[str, object]:
    with records.read() as connection:
        return body.read(store.entry(connection, store.size(connection) - 1))


def put_in_state(records: Records, assessment_id: str, state: str) -> None:
    with records.engine.begin() as connection:
        connection.execute(
            update(assessment).where(assessment.c.id == assessment_id).values(state=state)
        )


def test_a_started_assessment_is_a_prefilled_draft(records: Records, dpia: str) -> None:
    found = q.load(records, dpia)
    assert (found.state, found.author_id, found.project_id) == ("draft", "ann", "p")
    assert found.answers["processing_name"].value == "Triage"
    assert found.answers["processing_name"].needs_confirmation
    assert found.can_write("ann")
    assert not found.can_write("bob")
    entry = last_entry(records)
    assert entry["action"] == "assessment.started"
    assert "Triage" not in str(entry), "the ledger holds no answer"


def test_a_saved_answer_is_there_after_reopening(
    records: Records, author: Actor, dpia: str
) -> None:
    saved = q.save_answer(records, author, dpia, "controller", "Example  AG")
    assert (saved.version, saved.is_changed) == (1, True)
    again = Records.open(str(records.engine.url))
    assert q.load(again, dpia).answers["controller"] == q.Answer("Example AG")


def test_saving_the_same_again_writes_nothing(records: Records, author: Actor, dpia: str) -> None:
    q.save_answer(records, author, dpia, "controller", "Example AG")
    before = size(records)
    saved = q.save_answer(records, author, dpia, "controller", "Example AG ", expected_version=0)
    assert not saved.is_changed
    assert size(records) == before


def test_saving_a_table_again_writes_nothing(records: Records, author: Actor, dpia: str) -> None:
    rows = [{"title": "Peeking", "event": "access", "source": "Staff", "impact": "Shame"}]
    q.save_answer(records, author, dpia, "events", rows)
    before = size(records)
    assert not q.save_answer(records, author, dpia, "events", rows).is_changed
    assert size(records) == before


def test_the_ledger_sees_that_an_answer_changed_but_not_what_it_says(
    records: Records, author: Actor, dpia: str
) -> None:
    q.save_answer(records, author, dpia, "controller", "Secret Ltd")
    entry = last_entry(records)
    assert entry["action"] == "answer.saved"
    assert "controller" in str(entry)
    assert "Secret" not in str(entry)


def test_two_people_do_not_overwrite_each_other(records: Records, author: Actor, dpia: str) -> None:
    bob = join(records, "bob", "author")
    q.add_contributor(records, author, dpia, "bob")
    q.save_answer(records, author, dpia, "controller", "From Ann", expected_version=0)
    with pytest.raises(q.AnswerConflict) as caught:
        q.save_answer(records, bob, dpia, "controller", "From Bob", expected_version=0)
    assert isinstance(caught.value, Conflict)
    assert caught.value.mine == q.Answer("From Bob")
    assert caught.value.theirs == q.Answer("From Ann")
    assert "From" not in str(caught.value.as_dict()), "errors may be logged"
    q.save_answer(
        records, bob, dpia, "controller", "From Bob", expected_version=caught.value.version
    )
    assert q.load(records, dpia).answers["controller"] == q.Answer("From Bob")


def test_only_the_author_and_named_contributors_write(
    records: Records, author: Actor, dpia: str
) -> None:
    bob = join(records, "bob", "author")
    with pytest.raises(NotPermitted):
        q.save_answer(records, bob, dpia, "controller", "X")
    with pytest.raises(NotPermitted):
        q.add_contributor(records, bob, dpia, "bob")
    q.add_contributor(records, author, dpia, "bob")
    assert q.save_answer(records, bob, dpia, "controller", "X").is_changed


def test_a_contributor_without_a_role_writes_nothing(
    records: Records, author: Actor, dpia: str
) -> None:
    guest = join(records, "guest")
    q.add_contributor(records, author, dpia, "guest")
    with pytest.raises(NotPermitted):
        q.save_answer(records, guest, dpia, "controller", "X")
    assert "controller" not in q.load(records, dpia).answers


def test_nobody_without_a_role_starts_an_assessment(records: Records) -> None:
    with pytest.raises(NotPermitted):
        q.start(records, join(records, "guest"), "dpia", "p", "Triage")


@pytest.mark.parametrize("state", ["submitted", "in_review", "approved", "withdrawn"])
def test_answers_stand_still_outside_draft_and_returned(
    records: Records, author: Actor, dpia: str, state: str
) -> None:
    put_in_state(records, dpia, state)
    with pytest.raises(NotPossibleNow):
        q.save_answer(records, author, dpia, "controller", "X")
    put_in_state(records, dpia, "returned")
    assert q.save_answer(records, author, dpia, "controller", "X").is_changed


def test_confirming_keeps_the_source_and_replacing_drops_it(
    records: Records, author: Actor, dpia: str
) -> None:
    (saved,) = q.confirm_prefill(records, author, dpia, "processing_name")
    assert saved.answer is not None
    assert saved.answer.provenance is not None
    assert saved.answer.provenance.origin is q.Origin.CONFIRMED
    replaced = q.save_answer(records, author, dpia, "processing_name", "Sorting of calls").answer
    assert replaced is not None
    assert replaced.provenance is None


def test_saving_the_prefilled_value_confirms_it(records: Records, author: Actor, dpia: str) -> None:
    saved = q.save_answer(records, author, dpia, "processing_name", "Triage")
    assert saved.is_changed
    assert saved.answer is not None
    assert not saved.answer.needs_confirmation


def test_an_edited_table_stays_tied_to_its_source(
    records: Records, author: Actor, dpia: str
) -> None:
    rows = [dict(row) for row in q.load(records, dpia).answers["data_items"].value]
    rows[0]["origin"] = "person"
    saved = q.save_answer(records, author, dpia, "data_items", rows).answer
    assert saved is not None
    assert saved.provenance is not None
    assert saved.provenance.origin is q.Origin.ADJUSTED
    changed = sample_inventory()
    changed.sources["fields_of_project"].append(
        {"dataset_id": "d1", "field": "mail", "declared_category": "contact"}
    )
    found = q.load(records, dpia)
    stale = q.stale_answers(found.template, found.answers, changed, found.subject)
    assert [item.question_id for item in stale] == ["data_items"]


def test_refreshing_takes_the_present_facts_over_to_be_confirmed_again(
    records: Records, author: Actor, dpia: str
) -> None:
    changed = sample_inventory()
    changed.sources["project"][0]["name"] = "Triage 2"
    q.confirm_prefill(records, author, dpia, "processing_name")
    refreshed = q.refresh_prefill(records, author, dpia, changed, ["processing_name"])
    assert [item.answer.value for item in refreshed if item.answer] == ["Triage 2"]
    found = q.load(records, dpia)
    assert found.answers["processing_name"].needs_confirmation
    left = q.stale_answers(found.template, found.answers, changed, found.subject)
    assert "processing_name" not in {item.question_id for item in left}


def test_history_keeps_every_state_and_undo_walks_back(
    records: Records, author: Actor, dpia: str
) -> None:
    for text in ("one", "two"):
        q.save_answer(records, author, dpia, "controller", text)
    q.clear_answer(records, author, dpia, "controller")
    assert "controller" not in q.load(records, dpia).answers
    assert q.undo(records, author, dpia, "controller").answer == q.Answer("two")
    kept = q.history(records, dpia, "controller")
    assert [r.answer.value if r.answer else None for r in kept] == ["one", "two", None, "two"]
    assert [r.version for r in kept] == [1, 2, 3, 4]
    assert {r.by for r in kept} == {"ann"}


def test_undoing_the_first_answer_takes_it_away(records: Records, author: Actor, dpia: str) -> None:
    q.save_answer(records, author, dpia, "controller", "one")
    q.undo(records, author, dpia, "controller")
    assert "controller" not in q.load(records, dpia).answers
    with pytest.raises(NotPossibleNow):
        q.undo(records, author, dpia, "codes")


def test_saving_says_which_answers_it_sets_aside_and_keeps_them(
    records: Records, author: Actor, dpia: str
) -> None:
    q.save_answer(records, author, dpia, "joint_control", "yes")
    q.save_answer(records, author, dpia, "joint_arrangement", "We agreed.")
    saved = q.save_answer(records, author, dpia, "joint_control", "no")
    assert [question.id for question in saved.set_aside] == ["joint_arrangement"]
    found = q.load(records, dpia)
    assert found.answers["joint_arrangement"].value == "We agreed."
    assert list(q.set_aside(found.template, found.answers)) == ["joint_arrangement"]


def test_an_incomplete_assessment_is_not_ready_and_a_complete_one_is(
    records: Records, author: Actor
) -> None:
    screening = q.start(records, author, "screening", "p", "Triage")
    with records.read() as connection, pytest.raises(NotPossibleNow, match="not complete"):
        q.check_ready(connection, screening)
    q.save_answer(records, author, screening, "plan", "Count trees")
    q.save_answer(records, author, screening, "personal_data", "no")
    with records.read() as connection:
        q.check_ready(connection, screening)


def test_what_is_not_there_is_not_found(records: Records, author: Actor, dpia: str) -> None:
    with pytest.raises(NotFound):
        q.load(records, "dpia-0")
    with pytest.raises(NotFound):
        q.save_answer(records, author, dpia, "colour", "red")
    with pytest.raises(NotFound):
        q.start(records, author, "poem", "p", "Title")
    with pytest.raises(BadInput):
        q.start(records, author, "dpia", "p", "  ")


def test_an_assessment_reads_in_one_line_as_a_table_and_as_html(
    records: Records, author: Actor
) -> None:
    screening = q.start(records, author, "screening", "p", "Trees & <b>people</b>")
    q.save_answer(records, author, screening, "personal_data", "no")
    found = q.load(records, screening)
    assert repr(found) == f"<Assessment {screening} 'Trees & <b>people</b>' draft, 1 of 2 answered>"
    assert list(found.to_frame()["answer"]) == ["Not provided", "No"]
    assert "Trees &amp; &lt;b&gt;people" in found._repr_html_()
