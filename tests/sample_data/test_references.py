"""The exports fit each other: sizes, keys, references and the rules that privacy people expect."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import yaml

import assessments.templates
from sample_data import PERSONAS

Export = Callable[[str], pd.DataFrame]
PACK = Path(next(iter(assessments.templates.__path__))) / "packs" / "data_categories.yaml"
ROLES = {"author", "reviewer", "dpo", "approver", "leadership", "auditor", "admin"}
REFERENCES = [
    ("people", "manager_id", "people"),
    ("systems", "owner_id", "people"),
    ("systems", "vendor_id", "vendors"),
    ("contracts", "vendor_id", "vendors"),
    ("purposes", "compatible_with", "purposes"),
    ("processing_activities", "purposes", "purposes"),
    ("processing_activities", "owner_id", "people"),
    ("projects", "owner_id", "people"),
    ("projects", "activity_id", "processing_activities"),
    ("datasets", "system_id", "systems"),
    ("datasets", "owner_id", "people"),
    ("datasets", "activity_id", "processing_activities"),
    ("datasets", "project_ids", "projects"),
    ("datasets", "purposes", "purposes"),
    ("datasets", "source_vendor_id", "vendors"),
    ("dataset_fields", "dataset_id", "datasets"),
    ("field_scans", "dataset_id", "datasets"),
    ("drills", "led_by", "people"),
    ("dataset_observations", "dataset_id", "datasets"),
    ("legal_holds", "dataset_id", "datasets"),
    ("legal_holds", "ordered_by", "people"),
    ("deletion_runs", "dataset_id", "datasets"),
    ("models", "project_id", "projects"),
    ("models", "owner_id", "people"),
    ("models", "training_dataset_ids", "datasets"),
    ("training_records", "person_id", "people"),
    ("consents", "purpose_id", "purposes"),
    ("grants", "person_id", "people"),
    ("grants", "dataset_id", "datasets"),
    ("grants", "purpose_id", "purposes"),
    ("grants", "granted_by", "people"),
    ("access_events", "dataset_id", "datasets"),
    ("access_events", "purpose_id", "purposes"),
    ("access_events", "grant_id", "grants"),
    ("assessment_register", "project_id", "projects"),
    ("incidents", "project_id", "projects"),
]
SIZES = {
    "people": 70,
    "systems": 12,
    "vendors": 12,
    "processing_activities": 27,
    "projects": 14,
    "datasets": 64,
    "models": 22,
    "rights_requests": 150,
    "consents": 2000,
    "grants": 200,
}


@pytest.mark.parametrize(("kind", "column", "target"), REFERENCES)
def test_every_reference_is_met(export: Export, kind: str, column: str, target: str) -> None:
    used = export(kind)[column].dropna().str.split(";").explode()
    known = export(target).iloc[:, 0]
    assert len(used) > 0
    assert sorted(set(used) - set(known)) == []


def test_lineage_and_leakage_name_known_subjects(export: Export) -> None:
    known = set(export("datasets").dataset_id) | set(export("models").model_id)
    edges, results = export("lineage"), export("leakage_results")
    assert set(edges.source_id) | set(edges.target_id) | set(results.subject_id) <= known


@pytest.mark.parametrize(("kind", "least"), SIZES.items())
def test_the_company_is_large_enough(export: Export, kind: str, least: int) -> None:
    assert len(export(kind)) >= least


def test_keys_are_unique(export: Export) -> None:
    two = {"dataset_fields", "dataset_observations", "assessment_register"}
    for kind in [*SIZES, "access_events", "lineage", "deletion_runs", "leakage_results", *two]:
        frame = export(kind)
        assert not frame.duplicated(list(frame.columns[: 2 if kind in two else 1])).any(), kind


def test_categories_come_from_the_pack(export: Export) -> None:
    pack = yaml.safe_load(PACK.read_text(encoding="utf-8"))
    known = {category["id"] for category in pack["categories"]}
    fields = export("dataset_fields")
    assert set(fields.declared_category) <= known
    assert set(fields.detected_category.dropna()) <= known
    declared = export("processing_activities").data_categories.str.split(";").explode()
    assert set(declared) <= known


def test_special_categories_are_classified_as_such(export: Export) -> None:
    pack = yaml.safe_load(PACK.read_text(encoding="utf-8"))
    special = {category["id"] for category in pack["categories"] if category["special"]}
    fields = export("dataset_fields")
    holding = set(fields[fields.declared_category.isin(special)].dataset_id)
    datasets = export("datasets")
    assert set(datasets[datasets.classification == "special_category"].dataset_id) == holding


def test_special_categories_rest_on_a_condition_of_article_9(export: Export) -> None:
    datasets = export("datasets").query("classification == 'special_category'")
    activities = export("processing_activities").set_index("activity_id")
    conditions = activities.special_category_condition[datasets.activity_id]
    assert conditions.notna().all()


def test_deadlines_of_rights_requests_follow_article_12(export: Export) -> None:
    requests = export("rights_requests")
    month = [day + pd.DateOffset(months=1) for day in requests.received_on]
    assert (requests.due_on == pd.Series(month, index=requests.index)).all()
    extended = requests.dropna(subset="extended_to")
    longest = [day + pd.DateOffset(months=3) for day in extended.received_on]
    assert (extended.extended_to <= pd.Series(longest, index=extended.index)).all()


def test_fields_and_datasets_are_described_in_their_own_words(export: Export) -> None:
    datasets = export("datasets")
    assert datasets.description.is_unique
    assert datasets.description.str.len().min() > 40
    count = export("dataset_fields").groupby("dataset_id").size()
    assert count.min() >= 4
    assert count.max() <= 15


def test_personas_are_people_of_the_company(export: Export) -> None:
    personas = yaml.safe_load(PERSONAS.read_text(encoding="utf-8"))["personas"]
    names = export("people").set_index("person_id").name
    assert all(names[p["person_id"]] == p["name"] for p in personas)
    assert {role for p in personas for role in p["roles"]} == ROLES
    assert sum("reviewer" in p["roles"] for p in personas) >= 2
