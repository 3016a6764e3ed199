"""Real files of other projects: what they say lands in registers, what they do not say is a finding."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from assessments.exchange import ciso_assistant
from assessments.exchange.formats import read_file
from assessments.exchange.frame import Reading
from assessments.exchange.keep import preview
from assessments.questionnaire import check_answer, find_template, screening_outcome

FOLDER = Path(__file__).resolve().parents[3].parent / "shared/data/inventory"
pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the shared sample files are not here"),
]


def read(name: str) -> tuple[str, Reading]:
    found = read_file((FOLDER / name).read_bytes(), name)
    return found.format.name, found.readings[0]


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("fides-cookiehouse-systems.yml",
         {"systems": 6, "privacy_declarations": 6, "processing_activities": 6, "purposes": 3}),
        ("fides-cookiehouse-postgres_dataset.yml", {"datasets": 1, "collections": 11, "dataset_fields": 48}),
        ("fides-cookiehouse-mongo_dataset.yml",
         {"datasets": 1, "collections": 9, "dataset_fields": 65, "structures": 8,
          "fields_without_category": 15}),
        ("fides-cookiehouse-organization.yml", {"organization": 1}),
        ("fides-cookiehouse-policy.yml", {"policy": 1}),
        ("fideslang-data_categories.csv", {"data_category": 85}),
        ("fideslang-data_uses.csv", {"data_use": 54, "purposes": 54}),
        ("fideslang-data_subjects.csv", {"data_subject": 15}),
    ],
)  # fmt: skip
def test_fides_files_give_the_counts_of_the_reference(name: str, counts: dict[str, int]) -> None:
    found, reading = read(name)

    assert found == "fides"
    assert {key: reading.counts.get(key) for key in counts} == counts
    assert reading.losses


def test_no_retention_is_invented_for_the_shop() -> None:
    for name in ("fides-cookiehouse-mongo_dataset.yml", "fides-cookiehouse-postgres_dataset.yml"):
        reading = read(name)[1]

        assert reading.registers["datasets"][0].get("retention_period") is None
        assert any(loss.where == "datasets.retention_period" for loss in reading.losses)


def test_fields_that_hold_a_category_keep_it_and_the_others_stay_empty() -> None:
    fields = read("fides-cookiehouse-mongo_dataset.yml")[1].registers["dataset_fields"]
    by_name = {row["field"]: row["declared_category"] for row in fields}

    assert by_name["customer_details.gender"] == "demographic"
    assert by_name["customer_details.workplace_info.employer"] is None
    assert by_name["customer_details.emergency_contacts.phone"] == "contact"


def test_the_flat_sheet_of_ciso_assistant_is_read_and_its_other_columns_are_reported() -> None:
    found, reading = read("ciso-assistant-processings_flat.xlsx")

    assert found == "ciso-assistant"
    assert [row["activity_id"] for row in reading.registers["processing_activities"]] == [
        "process 2", "process1",
    ]  # fmt: skip
    assert {loss.where for loss in reading.losses} >= {"Sheet1.status", "Sheet1.folder"}


def test_their_flat_sheet_comes_back_with_the_same_header() -> None:
    reading = read("ciso-assistant-processings_flat.xlsx")[1]
    again = ciso_assistant.write_flat(reading.registers)

    assert read_file(again.data, "again.xlsx").readings[0].registers == reading.registers


def tasks_of(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for task in entries:
        found += [task] if task["type"] != ["task_group"] else tasks_of(task["tasks"])
    return found


def filled(tasks: list[dict[str, Any]], seed: int) -> bytes:
    """A filled-in pre-scan as the form would write it, with options of the real definition."""
    chance = random.Random(seed)
    answers = {}
    for task in tasks:
        values = [str(o["value"]).lower() if isinstance(o["value"], bool) else o["value"]
                  for o in task.get("options", [])]  # fmt: skip
        value: Any = f"Tekst bij {task['id']}"
        if values and task["type"] == ["checkbox_option"]:
            value = chance.sample(values, chance.randint(0, len(values)))
        elif values:
            value = chance.choice(values)
        answers[task["id"]] = {"value": value, "lastEditedAt": "2026-03-26T08:28:37.487Z"}
    metadata = {"urn": "urn:nl:prescan:2.0", "createdAt": "2026-03-26T08:28:37.487Z"}
    return json.dumps({"metadata": metadata, "answers": answers}).encode()


def test_every_option_of_the_real_pre_scan_is_placed_or_reported() -> None:
    definition = yaml.safe_load((FOLDER / "minbzk-prescan-definition.yaml").read_text("utf-8"))
    tasks = tasks_of(definition["tasks"])
    for seed in range(40):
        found = preview(filled(tasks, seed), "output.json")
        reading = found.readings[0]
        reported = {loss.where for loss in (*found.losses, *reading.losses)}
        rows = " ".join(given.row for given in reading.answers.values())

        assert found.format.name == "minbzk"
        assert not [loss for loss in reading.losses if "does not fit" in loss.why]
        for task in tasks:
            value = json.loads(filled(tasks, seed))["answers"][task["id"]]["value"]
            placed = task["id"] in rows or "tasks " in rows
            assert not value or placed or f"answers[{task['id']}]" in reported


def test_an_imported_pre_scan_that_requires_a_dpia_by_its_lists_requires_one_here() -> None:
    """Personal data, and an entry of the national list or two of the nine criteria."""
    definition = yaml.safe_load((FOLDER / "minbzk-prescan-definition.yaml").read_text("utf-8"))
    template, seen = find_template("screening"), 0
    for seed in range(60):
        data = filled(tasks_of(definition["tasks"]), seed)
        given = preview(data, "output.json").readings[0].answers
        said = json.loads(data)["answers"]
        is_required = bool(said["3.1"]["value"]) or len(said["4.1"]["value"]) >= 2
        if given["personal_data"].value != "yes" or not is_required:
            continue
        answers = {q: check_answer(template.question(q), g.value) for q, g in given.items()}
        assert screening_outcome(template, answers).level == "dpia_required"
        seen += 1
    assert seen > 30


def test_the_real_definition_has_a_question_for_each_of_its_tasks() -> None:
    assert read("minbzk-prescan-definition.yaml")[1].counts == {"tasks": 39, "with_question": 39}
