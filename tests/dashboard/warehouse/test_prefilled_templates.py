"""What the inventory of the sample fills in, compared with the exported files themselves."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assessments.questionnaire import find_template, load_pack, prefill
from assessments.settings import Home
from dashboard.warehouse.connect import Warehouse
from dashboard.warehouse.facts import WarehouseFacts

EXPORTS = Path(__file__).parents[3] / "sample_data" / "exports"


def exported(name: str, **wanted: str) -> list[dict[str, str]]:
    """The lines of an export that have these values."""
    with (EXPORTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if wanted.items() <= row.items()]


@pytest.fixture
def facts(loaded_home: Path) -> Iterator[WarehouseFacts]:
    warehouse = Warehouse.open(Home.locate(loaded_home))
    yield WarehouseFacts(warehouse)
    warehouse.close()


def filled(facts: WarehouseFacts, template: str, **about: str) -> dict[str, Any]:
    answers = prefill(find_template(template), facts, about)
    assert all(answer.needs_confirmation for answer in answers.values())
    return {name: answer.value for name, answer in answers.items()}


def test_a_request_knows_the_class_the_purposes_and_the_fields_of_its_dataset(
    facts: WarehouseFacts,
) -> None:
    said = filled(facts, "access_request", project="pr-arrears", dataset="d-payments")
    (dataset,) = exported("datasets", dataset_id="d-payments")
    assert (said["dataset"], said["data_class"]) == ("d-payments", dataset["classification"])
    assert {row["registered"] for row in said["declared"]} == set(dataset["purposes"].split(";"))
    fields = {row["field"]: row["declared_category"] for row in exported("dataset_fields", dataset_id="d-payments")}  # fmt: skip
    assert {row["field"]: row["category"] for row in said["fields"]} == fields
    assert all(row["needed"] is None for row in said["fields"]), "nobody is asked to accept all"


def test_a_request_without_a_dataset_is_left_to_its_author(facts: WarehouseFacts) -> None:
    assert filled(facts, "access_request", project="pr-arrears") == {}


def test_a_review_knows_role_contracts_systems_and_datasets_of_its_vendor(
    facts: WarehouseFacts,
) -> None:
    said = filled(facts, "vendor_review", project="pr-churn", vendor="v-cloud")
    (vendor,) = exported("vendors", vendor_id="v-cloud")
    assert (said["role"], said["country"]) == (vendor["role"], vendor["country"])
    assert said["services"] == vendor["services"]
    contracts = exported("contracts", vendor_id="v-cloud")
    assert [(row["title"], row["signed_on"], row["audit_right"]) for row in said["agreements"]] == [
        (row["title"], row["signed_on"], {"true": "yes", "false": "no"}[row["audit_right"]])
        for row in contracts
    ]
    systems = {row["system_id"]: row["country"] for row in exported("systems", vendor_id="v-cloud")}
    assert {row["id"]: row["country"] for row in said["systems"]} == systems
    lying = {row["dataset_id"] for row in exported("datasets") if row["system_id"] in systems and not row["retired_on"]}  # fmt: skip
    assert {row["id"] for row in said["datasets"]} == lying
    assert [row["clause"] for row in said["clauses"]] == ["subject", *"abcdefgh"]
    assert vendor["country"] == "SE"
    assert "outside_eea" not in said


def test_a_review_sees_that_a_vendor_is_outside_the_european_economic_area(
    facts: WarehouseFacts,
) -> None:
    outside = next(row for row in exported("vendors") if row["country"] in {"US", "IN", "GB"})
    said = filled(facts, "vendor_review", project="pr-churn", vendor=outside["vendor_id"])
    assert said["outside_eea"] == "yes"


def test_a_review_of_a_provider_asks_about_what_it_delivered(facts: WarehouseFacts) -> None:
    bought = next(row for row in exported("datasets") if row["source_vendor_id"] and not row["retired_on"])  # fmt: skip
    said = filled(facts, "vendor_review", project="pr-churn", vendor=bought["source_vendor_id"])
    assert bought["name"] in {row["dataset"] for row in said["origins"]}
    assert [row["term"] for row in said["terms"]] == [
        str(entry["id"]) for entry in load_pack("vendor_terms").entries("provider")
    ]


def test_a_synthetic_release_takes_over_measured_leakage_and_the_originals(
    facts: WarehouseFacts,
) -> None:
    said = filled(facts, "synthetic_release", project="pr-synth", dataset="d-trips-synth")
    assert said["dataset"] == "d-trips-synth"
    of_project = [
        row for row in exported("datasets") if "pr-synth" in row["project_ids"].split(";")
    ]
    originals = {row["dataset_id"] for row in of_project if row["origin"] != "synthetic" and not row["retired_on"]}  # fmt: skip
    assert {row["id"] for row in said["originals"]} == originals
    results = {row["result_id"]: row for row in exported("leakage_results")}
    for row in said["leakage_results"]:
        assert row["channel"] in {"synthetic", "membership"}
        assert row["score"] == round(100 * float(results[row["id"]]["severity"]), 2)
    assert "d-trips-synth" in {row["subject"] for row in said["leakage_results"]}


def test_a_real_dataset_is_not_offered_as_a_synthetic_one(facts: WarehouseFacts) -> None:
    said = filled(facts, "synthetic_release", project="pr-arrears", dataset="d-payments")
    assert "dataset" not in said


def test_a_release_lists_attackers_fields_and_results_of_the_lab(facts: WarehouseFacts) -> None:
    said = filled(facts, "deidentified_release", project="pr-triage", dataset="d-triage-train")
    assert said["dataset"] == "d-triage-train"
    assert [row["kind"] for row in said["adversaries"]] == [
        "prosecutor", "journalist", "marketer", "acquaintance", "insider", "demonstration",
        "motivated_intruder",
    ]  # fmt: skip
    fields = {row["field"] for row in exported("dataset_fields", dataset_id="d-triage-train")}
    assert {row["field"] for row in said["columns"]} == fields
    assert {row["channel"] for row in said["leakage_results"]} == {"reidentification"}
    (dataset,) = exported("datasets", dataset_id="d-triage-train")
    assert ("special" in said) is (dataset["classification"] == "special_category")


def test_a_profile_begins_with_all_hundred_subcategories(facts: WarehouseFacts) -> None:
    said = filled(facts, "nist_privacy", project="pr-churn")
    tables = ("identify", "govern", "control", "communicate", "protect")
    sizes = [len(said[table]) for table in tables]
    assert sizes == [21, 20, 19, 10, 30]
    ids = [row["subcategory"] for table in tables for row in said[table]]
    assert (ids[0], ids[-1], len(set(ids))) == ("ID.IM-P1", "PR.PT-P4", 100)
    (project,) = exported("projects", project_id="pr-churn")
    assert said["scope"].startswith(project["name"])


def test_an_audit_names_its_vendor_and_lists_the_criteria(facts: WarehouseFacts) -> None:
    said = filled(facts, "third_party_audit", project="pr-churn", vendor="v-crm")
    assert said["audited"] == exported("vendors", vendor_id="v-crm")[0]["name"]
    assert len(said["criteria"]) == len(load_pack("audit_criteria").entries("criteria"))


def test_a_transfer_assessment_maps_recipients_of_the_activity_outside_the_eea(
    facts: WarehouseFacts,
) -> None:
    said = filled(facts, "transfer", project="pr-replies")
    (vendor,) = exported("vendors", vendor_id="v-llm")
    (contract,) = exported("contracts", vendor_id="v-llm")
    (row,) = said["transfers"]
    assert (row["recipient"], row["country"], row["how"]) == (vendor["name"], "US", "sent")
    (tool,) = said["tools"]
    assert (tool["transfer"], tool["tool"]) == (row["id"], contract["transfer_mechanism"])
    assert tool["ends_on"] == contract["expires_on"]
    assert (said["any_transfer"], said["in_record"]) == ("yes", "yes")


def test_a_project_without_recipients_abroad_leaves_the_question_of_transfers_open(
    facts: WarehouseFacts,
) -> None:
    said = filled(facts, "transfer", project="pr-churn")
    assert {"any_transfer", "transfers", "tools"}.isdisjoint(said)


def test_an_interest_assessment_takes_the_purposes_that_rest_on_an_interest(
    facts: WarehouseFacts,
) -> None:
    said = filled(facts, "legitimate_interest", project="pr-churn")
    assert [row["id"] for row in said["purposes"]] == ["pu-retention"]
    assert {row["id"]: row["special"] for row in said["data"]}["behaviour"] == "no"
    assert said["uses_model"] == "yes"
    assert "purposes" not in filled(facts, "legitimate_interest", project="pr-triage")


def test_a_release_review_knows_the_training_data_of_its_models_and_its_stricter_limit(
    facts: WarehouseFacts,
) -> None:
    said = filled(facts, "ml_release", project="pr-triage")
    models = [row for row in exported("models", project_id="pr-triage") if row["status"] != "retired"]  # fmt: skip
    assert {row["id"] for row in said["models"]} == {model["model_id"] for model in models}
    trained_on = {name for model in models for name in model["training_dataset_ids"].split(";")}
    assert {row["id"] for row in said["training_data"]} >= trained_on
    assert {row["special"] for row in said["training_data"]} == {"yes"}
    assert {row["limit"] for row in said["leakage_results"]} == {5}
    assert {row["id"] for row in said["attacks_considered"]} == {
        entry["id"] for entry in load_pack("ml_attacks").entries() if entry["id"] != "none"
    }


def test_a_release_review_reads_the_epsilon_that_an_attack_proves(facts: WarehouseFacts) -> None:
    said = filled(facts, "ml_release", project="pr-churn")
    rows = {row["id"]: row for row in said["leakage_results"]}
    found = {row["channel"]: row for row in rows.values()}
    (result,) = exported("leakage_results", result_id=found["membership"]["id"])
    assert found["membership"]["epsilon_low"] == pytest.approx(
        2 * math.atanh(float(result["severity"])), abs=1e-4
    )
    assert found["attribute"]["epsilon_low"] is None


def test_a_release_review_takes_claimed_budgets_over_and_leaves_the_rest_to_engineers(
    facts: WarehouseFacts,
) -> None:
    said = filled(facts, "ml_release", project="pr-coach")
    claimed = {
        row["model_id"]: float(row["privacy_epsilon"])
        for row in exported("models", project_id="pr-coach")
        if row["privacy_epsilon"]
    }
    assert {row["model"]: row["epsilon"] for row in said["guarantees"]} == claimed
    assert {row["accountant"] for row in said["guarantees"]} == {None}
    assert said["techniques"] == ["differential_privacy"]


def test_a_childrens_assessment_begins_with_the_fifteen_standards(facts: WarehouseFacts) -> None:
    said = filled(facts, "children", project="pr-coach")
    assert [row["id"] for row in said["standards"]] == [f"s{n}" for n in range(1, 16)]
    assert said["bases"] == ["consent"]
