"""Facts for prefilled answers come with the landed row, and go stale when that row changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assessments.errors import NotFound
from assessments.settings import Home
from dashboard.exports.load import load_paths
from dashboard.exports.options import Options
from dashboard.warehouse.connect import Warehouse
from dashboard.warehouse.facts import WarehouseFacts, find_query, list_sources

DATASETS = (
    "dataset_id,name,description,system_id,owner_id,activity_id,project_ids,purposes,"
    "classification,retention_period,created_on,origin,masking"
)
SYSTEMS = "system_id,name,kind,owner_id,country,hosting,encrypted_at_rest,description"


def dataset(number: int, project: str, name: str) -> str:
    return (
        f"d-{number},{name},Rows,s-1,p-1,ra-1,{project},pu-1,internal,P2Y,2024-01-01,collected,none"
    )


def load(home: Home, folder: Path, name: str, *lines: str, day: int = 1) -> None:
    path = folder / name
    path.write_text("\n".join(lines) + "\n")
    options = Options(is_declared=False, as_of=date(2026, 11, day))
    (found,) = load_paths(home, [path], options=options).files
    assert found.quarantined == 0


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    load(made, tmp_path, "systems.csv", SYSTEMS, "s-1,Lake,lake,p-1,SE,own,true,Files")
    load(
        made,
        tmp_path,
        "datasets.csv",
        DATASETS,
        dataset(1, "pr-1", "A"),
        dataset(2, "pr-1;pr-2", "B"),
    )
    return made


@pytest.fixture
def facts(home: Home) -> Iterator[WarehouseFacts]:
    warehouse = Warehouse.open(home)
    yield WarehouseFacts(warehouse)
    warehouse.close()


def test_a_fact_names_its_file_its_line_and_its_day(facts: WarehouseFacts) -> None:
    (fact,) = facts.query("datasets_of_project", {"project": "pr-2"})
    assert fact.value["name"] == "B"
    assert fact.value["created_on"] == "2024-01-01"
    assert (fact.source, fact.row, fact.as_of) == ("datasets.csv", "line 3", "2026-11-01")


def test_only_facts_whose_row_changed_get_another_digest(
    home: Home, facts: WarehouseFacts, tmp_path: Path
) -> None:
    before = {fact.value["dataset_id"]: fact.sha256 for fact in ask(facts)}
    load(home, tmp_path, "datasets.csv", DATASETS, dataset(1, "pr-1", "A"),
         dataset(2, "pr-1;pr-2", "B2"), day=8)  # fmt: skip
    after = {fact.value["dataset_id"]: fact.sha256 for fact in ask(facts)}
    assert after["d-1"] == before["d-1"]
    assert after["d-2"] != before["d-2"]


def test_a_project_hears_which_controls_its_datasets_lack(
    home: Home, facts: WarehouseFacts, tmp_path: Path
) -> None:
    assert facts.query("controls_of_project", {"project": "pr-2"}) == []
    special = dataset(2, "pr-1;pr-2", "B").replace("internal", "special_category")
    load(home, tmp_path, "datasets.csv", DATASETS, dataset(1, "pr-1", "A"), special, day=8)

    found = facts.query("controls_of_project", {"project": "pr-2"})

    assert [(fact.value["dataset_id"], fact.value["control"]) for fact in found] == [
        ("d-2", "enclave"),
        ("d-2", "masking"),
    ]
    assert found[0].value["missing_since"] == "2026-11-08"
    assert (found[0].source, found[0].row) == ("datasets.csv", "line 3")


def ask(facts: WarehouseFacts) -> list:  # type: ignore[type-arg]
    return facts.query("datasets_of_project", {"project": "pr-1"})


@pytest.mark.parametrize("source", list_sources())
def test_every_source_runs_and_knows_nothing_about_an_unknown_subject(
    facts: WarehouseFacts, source: str
) -> None:
    subject = dict.fromkeys(
        ("project", "vendor", "dataset", "model"), "nothing'; drop table loads --"
    )
    assert facts.query(source, subject) == []
    assert facts.query(source, {}) == []
    assert find_query(source).startswith("-- ")


def test_a_source_that_does_not_exist_is_answered_with_those_that_do(facts: WarehouseFacts) -> None:
    with pytest.raises(NotFound) as caught:
        facts.query("horoscope", {"project": "pr-1"})
    assert "datasets_of_project" in caught.value.detail
