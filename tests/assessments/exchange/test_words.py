"""The mapping files name only what exists: questions, columns, options, categories, grounds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from assessments.exchange.register_sheet.mapping import SEVERAL, fields
from assessments.exchange.registers import COLUMNS
from assessments.exchange.vocabulary import by_prefix, period, vocabulary
from assessments.questionnaire import Template, find_template
from assessments.questionnaire.packs import load_pack

BASES = {
    "consent", "contract", "legal_obligation", "vital_interests", "public_task",
    "legitimate_interests",
}  # fmt: skip


def categories() -> set[str]:
    return {str(entry["id"]) for entry in load_pack("data_categories").entries()}


def options_of(template: Template, question: str) -> set[str]:
    return {option.id for option in template.question(question).shape.options}


@pytest.mark.parametrize("form", ["prescan", "dpia"])
def test_the_dutch_forms_go_to_questions_that_exist(form: str) -> None:
    told = vocabulary("minbzk")[form]
    template = find_template(told["template"])

    for part in ("texts", "labelled", "booleans", "any_true", "choices", "tables"):
        assert set(told.get(part, {})) <= set(template.by_id)
    for question, choice in told.get("choices", {}).items():
        assert set(choice["options"].values()) <= options_of(template, question)
    for question, table in told.get("tables", {}).items():
        columns = {column.id: column for column in template.question(question).columns}
        assert set(table["columns"]) <= set(columns)
        for column, words in table.get("words", {}).items():
            known = {option.id for option in columns[column].shape.options}
            assert set(words.values()) <= known


def test_ticked_criteria_and_the_national_list_exist() -> None:
    told = vocabulary("minbzk")["prescan"]
    template = find_template("screening")

    assert set(told["ticks"]["questions"].values()) == {f"c{n}" for n in range(1, 10)}
    assert set(told["list"]["options"].values()) <= options_of(template, told["list"]["question"])


@pytest.mark.parametrize(
    ("name", "part"),
    [("fides", "categories"), ("ciso_assistant", "categories"), ("register_sheet", "categories")],
)
def test_categories_are_those_of_the_pack(name: str, part: str) -> None:
    told = vocabulary(name)[part]

    ours = set(told) if name == "register_sheet" else set(told.values())
    assert ours <= categories()


def test_bases_and_grounds_exist() -> None:
    grounds = {str(entry["id"]) for entry in load_pack("art9_grounds").entries()}

    assert set(vocabulary("fides")["lawful_bases"].values()) == BASES
    assert set(vocabulary("ciso_assistant")["lawful_bases"].values()) == BASES
    assert set(vocabulary("register_sheet")["lawful_bases"]) == BASES
    assert set(vocabulary("dpv")["bases"]) == BASES
    assert set(vocabulary("ciso_assistant")["special_grounds"].values()) <= grounds


def test_dpv_tables_and_templates_exist() -> None:
    told = vocabulary("dpv")
    dpia = find_template("dpia")

    for question, mapped in told["tables"].items():
        columns = {column.id for column in dpia.question(question).columns}
        assert {
            mapped[p] for p in ("title", "description", "basis", "special") if p in mapped
        } <= columns
    for template in told["assessments"]:
        assert find_template(template)
    assert set(told["necessity"]) <= _levels("screening")


def _levels(template: str) -> set[str]:
    outcome: Any = find_template(template).outcome
    return {level.id for level in outcome.levels}


def test_a_register_sheet_maps_to_columns_of_the_register() -> None:
    assert set(fields()) <= set(COLUMNS["processing_activities"])
    assert set(SEVERAL) <= set(fields())


def test_no_header_stands_for_two_fields() -> None:
    told = vocabulary("register_sheet")["headers"]

    assert len(list(_all(told))) == len(set(_all(told)))


def _all(told: dict[str, list[str]]) -> Iterator[str]:
    for headers in told.values():
        yield from headers


def test_the_longest_prefix_counts() -> None:
    table = vocabulary("fides")["categories"]

    assert by_prefix(table, "user.demographic.race_ethnicity") == "ethnicity"
    assert by_prefix(table, "user.demographic.language") == "demographic"
    assert by_prefix(table, "user") is None


@pytest.mark.parametrize(
    ("text", "found"),
    [("P2Y", "P2Y"), ("24 Monate", "P24M"), ("2 years.", "P2Y"), ("", None), ("2 moons", None)],
)
def test_a_period_is_one_number_and_one_unit(text: str, found: str | None) -> None:
    assert period(text) == found
