"""Answers come from facts with their origin, wait for a person, and go stale exactly with their rows."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from assessments.errors import BadInput
from assessments.questionnaire import (
    NoFacts,
    Origin,
    find_template,
    prefill,
    read_template,
    record_leakage,
    stale_answers,
)
from tests.assessments.questionnaire.cases import Inventory, digest, sample_inventory

DPIA = find_template("dpia")
FROM_PACKS = {"compliance"}
ABOUT = {"project": "p"}


def test_a_single_fact_gives_its_row_digest_and_day() -> None:
    inventory = sample_inventory()
    answer = prefill(DPIA, inventory, ABOUT)["processing_name"]
    assert answer.value == "Triage"
    assert answer.needs_confirmation
    origin = answer.provenance
    assert origin is not None
    assert (origin.source, origin.row, origin.as_of) == ("project", "row 1", "2026-11-20")
    assert origin.sha256 == digest(inventory.sources["project"][0])


def test_fields_become_data_items_by_category_and_technical_fields_do_not() -> None:
    inventory = sample_inventory()
    answer = prefill(DPIA, inventory, ABOUT)["data_items"]
    found = {row["id"]: (row["special"], row["fields"]) for row in answer.value}
    assert found == {
        "name": ("no", "name"),
        "demographic": ("no", "born"),
        "health": ("yes", "symptom, drug"),
    }
    rows = inventory.sources["fields_of_project"][:4]
    joined = "\n".join(digest(row) for row in rows)
    assert answer.provenance is not None
    assert answer.provenance.sha256 == hashlib.sha256(joined.encode()).hexdigest()


def test_flags_become_chosen_techniques() -> None:
    assert prefill(DPIA, sample_inventory(), ABOUT)["techniques"].value == ["federated"]


def test_measured_leakage_is_scored_against_its_limit_and_goes_on_record() -> None:
    answers = prefill(DPIA, sample_inventory(), ABOUT)
    (row,) = answers["leakage_results"].value
    assert (row["score"], row["limit"]) == (42, 9)
    (result,) = record_leakage(DPIA, answers)
    assert result["value"] == 42
    assert result["measure"] == "membership: tpr_at_fpr_0.01 0.033 (0.03 to 0.036)"
    assert result["source_sha256"] == "a" * 64


def test_a_result_typed_by_hand_without_a_digest_stays_in_its_table_only() -> None:
    answers = prefill(DPIA, sample_inventory(), ABOUT)
    rows = [*answers["leakage_results"].value]
    rows.append({**rows[0], "id": "typed", "data_sha256": "see the wiki"})
    answers["leakage_results"] = replace(answers["leakage_results"], value=rows)
    assert [result["source_sha256"] for result in record_leakage(DPIA, answers)] == ["a" * 64]


def test_a_cell_that_the_question_refuses_is_dropped_and_said_so() -> None:
    inventory = sample_inventory()
    inventory.sources["fields_of_project"][0]["declared_category"] = "name"
    inventory.sources["models_of_project"] = [
        {"model_id": "m", "name": "M", "kind": "tree", "version": "1", "retention_period": "long"}
    ]
    answer = prefill(DPIA, inventory, ABOUT)["models"]
    assert answer.value[0]["kept"] is None
    assert answer.note == "1 cells of the source could not be used"


def test_without_facts_only_what_the_law_lists_is_filled_in() -> None:
    assert set(prefill(DPIA, NoFacts(), ABOUT)) == FROM_PACKS
    assert set(prefill(DPIA, Inventory(project=[]), ABOUT)) == FROM_PACKS


def test_nothing_is_stale_while_the_facts_stand() -> None:
    inventory = sample_inventory()
    assert stale_answers(DPIA, prefill(DPIA, inventory, ABOUT), inventory, ABOUT) == []


def test_exactly_the_answers_of_the_changed_source_go_stale() -> None:
    inventory = sample_inventory()
    answers = prefill(DPIA, inventory, ABOUT)
    inventory.sources["fields_of_project"][2]["field"] = "symptoms"
    (stale,) = stale_answers(DPIA, answers, inventory, ABOUT)
    assert stale.question_id == "data_items"
    assert stale.current is not None
    assert stale.answer.value != stale.current.value


def test_a_row_that_no_filter_lets_through_makes_nothing_stale() -> None:
    inventory = sample_inventory()
    answers = prefill(DPIA, inventory, ABOUT)
    inventory.sources["fields_of_project"][4]["field"] = "renamed"
    assert stale_answers(DPIA, answers, inventory, ABOUT) == []


def test_an_answer_whose_source_fell_silent_is_stale() -> None:
    answers = prefill(DPIA, sample_inventory(), ABOUT)
    stale = {
        found.question_id: found.current for found in stale_answers(DPIA, answers, NoFacts(), ABOUT)
    }
    assert set(stale) == set(answers) - FROM_PACKS
    assert set(stale.values()) == {None}


def test_prefilled_answers_are_marked_as_such() -> None:
    origins = {
        a.provenance.origin
        for a in prefill(DPIA, sample_inventory(), ABOUT).values()
        if a.provenance
    }
    assert origins == {Origin.PREFILLED}


CHECKLIST = """\
id: list
version: "1"
title: List
kind: test
source: nobody
roles: [author]
sections:
  - id: one
    title: Go through it
    source: nobody
    questions:
      - id: t
        type: table
        title: T?
        source: s
        columns: [{id: x, type: text, title: X}, {id: met, type: yes_no_unknown, title: Met}]
        prefill: {source: pack.wp248_criteria, row_id: "{id}", columns: {x: "{title}"}}
"""


def test_a_pack_becomes_a_checklist_without_any_inventory_and_goes_stale_with_the_pack() -> None:
    template = read_template(CHECKLIST.encode(), "list.yaml")
    answers = prefill(template, NoFacts(), ABOUT)
    rows = answers["t"].value
    assert [row["id"] for row in rows] == [f"c{n}" for n in range(1, 10)]
    assert rows[0]["x"] == "Evaluation or scoring"
    origin = answers["t"].provenance
    assert origin is not None
    assert (origin.source, origin.row, origin.as_of) == (
        "Nine criteria for a likely high risk",
        "9 rows",
        "2017-10-04",
    )
    assert stale_answers(template, answers, NoFacts(), ABOUT) == []
    older = replace(answers["t"], provenance=replace(origin, sha256="0" * 64))
    assert [s.question_id for s in stale_answers(template, {"t": older}, NoFacts(), ABOUT)] == ["t"]


def test_a_checklist_of_a_pack_that_does_not_exist_is_refused_when_the_template_is_read() -> None:
    with pytest.raises(BadInput, match=r"no pack nonsense"):
        read_template(CHECKLIST.replace("wp248_criteria", "nonsense").encode(), "list.yaml")
