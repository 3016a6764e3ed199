"""Risks as values: scales of any size, what counts now, and what goes on record."""

from __future__ import annotations

from typing import Any

import pytest

from assessments.errors import BadInput
from assessments.questionnaire import (
    check_answer,
    find_template,
    lint,
    list_packs,
    load_pack,
    read_template,
)
from assessments.questionnaire.scales import LARGEST, MATRICES, SMALLEST, rescale, scale_of
from assessments.reports.record import read_record
from assessments.reports.text import Cleaning
from assessments.reports.view import make_view
from assessments.risk import Point, read_register, record_risks, record_scale
from tests.assessments.questionnaire.cases import answered, consistent_dpia
from tests.assessments.reports.dpia import canonical, make_record

DPIA = find_template("dpia")


def own_scale(size: int) -> list[dict[str, Any]]:
    return [
        {"dimension": dimension, "level": level, "meaning": f"{dimension} {level}"}
        for dimension in ("severity", "likelihood")
        for level in range(1, size + 1)
    ]


def register_of(**changes: Any) -> Any:
    return read_register(DPIA, answered(DPIA, consistent_dpia() | changes))


def measures(**cells: Any) -> list[dict[str, Any]]:
    return [{"id": "m1", "title": "A nurse listens", "threats": ["b1"], **cells}]


IN_PLACE = {"status": "implemented", "evidence": "Roster", "lowers_likelihood": 1}


def test_every_matrix_is_square_uses_known_levels_and_never_falls() -> None:
    pack = load_pack(MATRICES)
    order = {entry["id"]: entry["score"] for entry in pack.entries("levels")}
    sizes = set()
    for entry in pack.entries("scales"):
        rows = [[order[name] for name in row] for row in entry["matrix"]]
        sizes.add(len(rows))
        assert all(len(row) == len(rows) for row in rows), entry["id"]
        for lines in (rows, list(zip(*rows, strict=True))):
            assert all(list(line) == sorted(line) for line in lines), entry["id"]
        if "pack" in entry:
            words = load_pack(entry["pack"])
            assert entry["pack"] in list_packs()
            assert len(words.entries("severity")) == len(words.entries("likelihood")) == len(rows)
    assert sizes == set(range(SMALLEST, LARGEST + 1))


def test_the_matrix_of_the_ico_is_the_published_one() -> None:
    """ICO guidance on DPIAs: serious harm is a high risk from a reasonable possibility on."""
    scale = scale_of(DPIA, answered(DPIA, {"levels": 3}))
    assert scale.id == "ico_3x3"
    assert [[level.title for level in row] for row in scale.matrix] == [
        ["Low", "Low", "Low"], ["Low", "Medium", "High"], ["Low", "High", "High"],
    ]  # fmt: skip
    assert [option.title for option in scale.likelihood] == ["Remote", "Possible", "Probable"]


@pytest.mark.parametrize("size", [2, 3, 4, 5])
def test_own_words_stand_wherever_a_level_is_chosen_shown_or_recorded(size: int) -> None:
    answers = answered(DPIA, {"levels": size, "level_meanings": own_scale(size)})
    column = rescale(DPIA, answers).question("inherent").column("severity")
    assert [option.title for option in column.shape.options] == [
        f"severity {level}" for level in range(1, size + 1)
    ]
    scale = record_scale(DPIA, answers)
    assert scale["id"] == f"own-{size}"
    assert scale["likelihood"][-1] == f"likelihood {size}"
    with pytest.raises(BadInput):
        check_answer(
            rescale(DPIA, answers).question("inherent"),
            [{"threat": "b1", "severity": size + 1, "likelihood": 1, "acceptable": "no"}],
        )


def test_two_and_five_levels_have_to_be_explained_and_three_have_words() -> None:
    def rules(levels: int) -> set[str]:
        raw = consistent_dpia() | {"levels": levels}
        return {finding.rule for finding in lint(DPIA, answered(DPIA, raw))}

    assert {levels for levels in (2, 3, 4, 5) if "own-scale-is-explained" in rules(levels)} == {
        2,
        5,
    }


def test_the_threshold_of_the_assessment_goes_before_the_levels_of_the_pack() -> None:
    by_pack = scale_of(DPIA, {})
    assert [by_pack.is_acceptable(*pair) for pair in ((4, 1), (3, 3), (4, 4))] == [
        True,
        False,
        False,
    ]
    own = scale_of(DPIA, answered(DPIA, {"accept_up_to": 3}))
    assert [own.is_acceptable(*pair) for pair in ((2, 1), (2, 2))] == [True, False]


def test_a_measure_in_place_with_evidence_lowers_the_risk_now() -> None:
    risk = register_of(measures=measures(**IN_PLACE)).risks[0]
    assert (risk.inherent, risk.current, risk.working) == (Point(4, 2), Point(4, 1), ("M1",))


@pytest.mark.parametrize(
    "cells",
    [IN_PLACE | {"status": "planned"}, IN_PLACE | {"status": "partial"}, IN_PLACE | {"evidence": None}],
)  # fmt: skip
def test_what_is_not_in_place_or_has_no_evidence_lowers_nothing(cells: dict[str, Any]) -> None:
    risk = register_of(measures=measures(**cells)).risks[0]
    assert (risk.current, risk.working) == (risk.inherent, ())


def test_the_strongest_effect_counts_and_effects_are_not_added_up() -> None:
    twice = [*measures(**IN_PLACE), *measures(**IN_PLACE | {"lowers_severity": 1, "id": "m2"})]
    twice[1]["id"] = "m2"
    risk = register_of(measures=twice).risks[0]
    assert (risk.current, risk.working) == (Point(3, 1), ("M1", "M2"))


def test_no_effect_goes_below_the_lowest_level() -> None:
    risk = register_of(measures=measures(**IN_PLACE | {"lowers_likelihood": 4})).risks[0]
    assert risk.current == Point(4, 1)


def test_a_level_off_the_scale_rates_nothing() -> None:
    assert [risk.row for risk in register_of(levels=2, accept_up_to=3).risks] == ["e1", "e2", "e3"]


@pytest.mark.parametrize("size", [2, 3, 5])
def test_a_report_draws_a_map_of_any_size(size: int) -> None:
    record = make_record()
    answers = answered(DPIA, {"levels": size, "level_meanings": own_scale(size)})
    record["scale"] = record_scale(DPIA, answers)
    for risk in record["risks"]:
        risk |= {name: size for name in risk if name.endswith(("severity", "likelihood"))}
    view = make_view(read_record(canonical(record)), Cleaning())
    cells = view["matrix"]["before"]
    assert [len(row) for row in cells] == [size] * size
    assert len(cells[0][-1]["risks"]) == len(record["risks"])
    assert view["risks"][0]["before"]["severity_word"] == f"severity {size}"


def test_a_record_whose_risk_is_off_its_scale_is_refused() -> None:
    record = make_record()
    record["scale"] = record_scale(DPIA, answered(DPIA, {"levels": 3}))
    record["risks"][0]["severity"] = 4
    with pytest.raises(BadInput, match="level that the scale lacks"):
        read_record(canonical(record))


def test_what_goes_on_record_fits_the_schema_with_all_three_levels() -> None:
    record = make_record()
    answers = answered(DPIA, consistent_dpia() | {"measures": measures(**IN_PLACE)})
    record |= {"scale": record_scale(DPIA, answers), "risks": record_risks(DPIA, answers)}
    shown = make_view(read_record(canonical(record)), Cleaning())["risks"][0]
    assert (shown["now"]["likelihood_word"], shown["working"]) == ("negligible", "M1")


@pytest.mark.parametrize(
    ("line", "problem"),
    [("levels: none_such", "no question none_such"), ("scale: linddun", "no matrix for linddun")],
)
def test_a_template_that_names_no_scale_of_ours_is_refused(line: str, problem: str) -> None:
    text = f"""
id: t
version: "1.0"
title: T
kind: review
source: S
roles: [author]
sections:
  - id: s
    title: S
    source: S
    questions: [{{id: a, type: text, title: A, source: S}}]
record: {{{line}}}
"""
    with pytest.raises(BadInput, match=problem):
        read_template(text.encode(), "t.yaml")
