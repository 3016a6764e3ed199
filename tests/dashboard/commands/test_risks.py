"""``privacy assessment risks`` on the demonstration: facts that exist, evidence lines, options, the map."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from assessments.questionnaire import find_template
from assessments.questionnaire.expressions import names_in
from assessments.risk import Point, Register, list_controls, read_register
from assessments.risk.recommendations import LEAKAGE, RISKS, list_rules
from assessments.settings import Home
from dashboard.cli import cli
from dashboard.figures import risk_map_figure
from dashboard.risk_map import NOW, map_sentence, places, risk_map
from dashboard.warehouse.connect import Warehouse
from dashboard.warehouse.facts import WarehouseFacts, list_sources
from tests.assessments.questionnaire.cases import answered, consistent_dpia

DERIVED = {"score", "limit"}


def run(home: Path, *arguments: str) -> Any:
    made = CliRunner().invoke(cli, ["--home", str(home), "--json", *arguments])
    assert made.exit_code == 0, made.output
    return json.loads(made.output)


@pytest.fixture(scope="module")
def shown(loaded_home: Path) -> dict[str, Any]:
    listed = run(loaded_home, "assessment", "list")
    signed = next(row["id"] for row in listed if row["state"] == "approved_with_conditions")
    return dict(run(loaded_home, "assessment", "risks", signed))


def test_what_is_in_place_lowers_risks_now_and_what_is_not_does_not(shown: dict[str, Any]) -> None:
    by_title = {risk["title"]: risk for risk in shown["risks"]}
    read = by_title["Scores and reasons are read by people who do not advise customers"]
    assert read["working"] == ["M3"]
    assert read["current"]["likelihood"] == read["inherent"]["likelihood"] - 2
    learned = by_title[
        "An outsider learns from the model that somebody was a customer in difficulty"
    ]
    assert (learned["working"], learned["current"]) == ([], learned["inherent"])


def test_the_warehouse_shows_one_control_and_denies_another_with_file_line_and_day(
    shown: dict[str, Any],
) -> None:
    states = {item["control"]: item for item in shown["controls"]}
    assert states["access_grants"]["state"] == "shown"
    denied = states["regularisation"]
    assert denied["state"] == "not_shown"
    (line,) = denied["evidence"]
    assert (line["source"], line["is_met"]) == ("leakage_results.csv", False)
    assert line["row"].startswith("line ")
    assert line["day"]


def test_the_leak_of_the_demonstration_calls_for_options(shown: dict[str, Any]) -> None:
    rules = {option["rule"] for option in shown["recommendations"]}
    assert "membership-differential-privacy" in rules
    assert "membership-smaller-model" not in rules, "its control is among the measures"
    assert all(option["changes"] and option["costs"] for option in shown["recommendations"])
    assert shown["gaps"] == []


def test_every_setting_and_rule_names_columns_that_its_fact_source_has(loaded_home: Path) -> None:
    with Warehouse.open(Home.locate(loaded_home)).cursor() as cursor:
        projects = cursor.execute("select distinct project_id from projects").fetchall()
    facts = WarehouseFacts(Warehouse.open(Home.locate(loaded_home)))
    columns: dict[str, set[str]] = {}
    for source in list_sources():
        for (project,) in projects:
            found = facts.query(source, {"project": project})
            if found:
                columns[source] = set(found[0].value)
                break
    for control in list_controls():
        if control.setting is not None:
            trees = [tree for tree in (control.setting.where, control.setting.require) if tree]
            named = {name for tree in trees for name in names_in(tree)} | {control.setting.name}
            assert named <= columns[control.setting.source] | DERIVED, control.id
    for rule in list_rules():
        if rule.rows not in {LEAKAGE, RISKS}:
            assert {*names_in(rule.when), rule.name} <= columns[rule.rows], rule.id


def example() -> Register:
    return read_register(find_template("dpia"), answered(find_template("dpia"), consistent_dpia()))


def test_each_risk_is_drawn_in_its_square_and_none_on_another() -> None:
    register = example()
    shown = risk_map(register, register.risks)
    at = places(shown)
    assert len(set(at.values())) == len(at)
    for move in shown.moves:
        x, y = at[move.id, "end"]
        assert Point(4 - int(y // 25), 1 + int(x // 25)) == move.end


def test_the_sentence_and_the_figure_say_how_many_move() -> None:
    register = example()
    after = risk_map(register, register.risks)
    assert map_sentence(after).startswith("4 risks, of which 1 lower")
    assert map_sentence(risk_map(register, register.risks, NOW)).startswith(
        "4 risks, of which 0 lower"
    )
    figure, sentence = risk_map_figure(after)
    assert sentence == map_sentence(after)
    assert len(figure.layout.annotations) == 1
    assert list(figure.data[0].text) == ["R1", "R2", "R3", "R4"]
