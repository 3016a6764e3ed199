"""Two sources that share people are linked by the attributes that tell them apart."""

from __future__ import annotations

import pandas as pd
import pytest

from assessments.errors import BadInput, NotFound
from assessments.leakage.linkage import Options, evaluate

LEFT = pd.DataFrame(
    {
        "id": [1, 2, 3, 4],
        "name": ["Ann Lee", "Bo Ray", "Cy Fox", "Di Orr"],
        "zip": ["10", "10", "20", "20"],
    }
)
RIGHT = pd.DataFrame(
    {
        "id": [1, 2, 3, 9],
        "name": ["ann lee ", "Bo Rey", "Cy Fox", "Zoe Quinn"],
        "zip": ["10", "10", "20", "30"],
    }
)


def test_unique_matches_are_links_and_case_or_blanks_do_not_matter() -> None:
    found = evaluate(LEFT, RIGHT, ["name", "zip"])
    assert found.results["unique_links"].value == 2
    assert found.results["linkage_risk"].value == 1.0
    assert found.severity == 1.0


def test_a_shared_class_links_with_the_probability_of_the_larger_side() -> None:
    found = evaluate(LEFT, RIGHT, ["zip"])
    assert found.results["unique_links"].value == 0
    assert found.results["expected_correct_links"].value == pytest.approx(2 * (1 / 2) + 2 / 2)


def test_the_attributes_that_do_it_come_first() -> None:
    rows = evaluate(LEFT, RIGHT, ["zip", "name"]).tables["attribute_sets"]
    assert rows[0]["on"] == ["name"]
    assert {tuple(row["on"]) for row in rows} == {("zip",), ("name",), ("zip", "name")}


def test_fuzzy_links_find_a_misspelt_name() -> None:
    found = evaluate(LEFT, RIGHT, ["name", "zip"], Options(fuzzy=True, similarity=0.85))
    assert found.results["fuzzy_unique_link_share"].value == 0.75


def test_known_identities_check_the_links() -> None:
    found = evaluate(LEFT, RIGHT.assign(id=[1, 2, 7, 9]), ["name"], Options(key="id"))
    assert found.results["correct_links"].value == 1
    assert found.results["link_precision"].value == 0.5


def test_sources_without_a_common_person_show_nothing() -> None:
    found = evaluate(LEFT, RIGHT.assign(name="nobody"), ["name"])
    assert (found.severity, found.extent) == (0, 0)
    assert (found.power_check.verdict, found.null_check.verdict) == ("passed", "passed")


def test_numbers_match_however_they_are_stored() -> None:
    found = evaluate(pd.DataFrame({"n": [1, 2]}), pd.DataFrame({"n": [1.0, 2.5]}), ["n"])
    assert found.results["unique_links"].value == 1


def test_bad_input_is_refused() -> None:
    with pytest.raises(NotFound, match="town"):
        evaluate(LEFT, RIGHT, ["town"])
    with pytest.raises(BadInput, match="no rows"):
        evaluate(LEFT, RIGHT[:0], ["zip"])
    with pytest.raises(BadInput, match="no value at all"):
        evaluate(LEFT, RIGHT.assign(zip=None), ["name", "zip"])
    with pytest.raises(BadInput, match="similarity"):
        Options(similarity=0)
