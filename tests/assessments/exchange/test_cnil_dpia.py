"""A DPIA in the words of the CNIL method, and a CNIL PIA carried over to a DPIA."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from assessments import questionnaire
from assessments.errors import BadInput, NotPermitted
from assessments.exchange.cnil.carrying import carry_over, list_carried
from assessments.exchange.cnil.figures import Levels, figures
from assessments.exchange.cnil.to_dpia import read_map
from assessments.exchange.keep import preview
from assessments.exchange.loss import Imported
from assessments.exchange.send import export
from assessments.questionnaire import find_template, save_answer
from assessments.records import Actor, Records
from assessments.risk.record import record_risks
from tests.assessments.exchange.conftest import ANNA, PROJECT, exported
from tests.assessments.exchange.pia import answer, evaluation, measure, pia, with_fields
from tests.assessments.questionnaire.cases import Inventory

SCHEMA = json.loads((Path(__file__).parent / "cnil_schema.json").read_text())
Bring = Callable[..., Imported]

THREATS: dict[str, Any] = {
    "overview": "Doors open with a badge.\n\nEach use is logged.",
    "controller": "Acme Ltd",
    "data_items": [{"id": "i1", "item": "Badge number", "category": "Internal identifier", "special": "no"}],
    "compliance": [{"requirement": "accuracy", "effect": "Badges are checked.", "status": "partial"}],
    "views_sought": "no",
    "views_reason": "The works council spoke for them.",
    "by_design": [
        {"id": "d1", "title": "Being watched", "source": "Acme", "impact": "Pressure"},
    ],
    "events": [
        {"id": "e1", "title": "Guard is curious", "event": "access", "source": "Guard", "impact": "Gossip"},
        {"id": "e2", "title": "Log is stolen", "event": "access", "source": "Thief", "impact": "Burglary"},
        {"id": "e3", "title": "Clock is wrong", "event": "change", "source": "Nobody", "impact": "Gossip"},
    ],
    "inherent": [
        {"threat": "e1", "severity": 2, "likelihood": 3, "acceptable": "no", "factors": "Night shifts."},
        {"threat": "e2", "severity": 4, "likelihood": 2, "acceptable": "no"},
        {"threat": "e3", "severity": 1, "likelihood": 1, "acceptable": "yes"},
    ],
    "measures": [
        {"id": "m1", "title": "Seal the log", "threats": ["e2"], "status": "planned",
         "owner": "max", "due_on": "2027-01-31"},
        {"id": "m2", "title": "Train guards", "threats": ["e1", "e3"], "status": "implemented"},
    ],
    "residual": [
        {"threat": "e1", "severity": 2, "likelihood": 1, "acceptable": "yes", "why": "Trained."},
        {"threat": "e2", "severity": 4, "likelihood": 1, "acceptable": "no", "why": "Sealed."},
    ],
}  # fmt: skip


@pytest.fixture
def dpia(records: Records) -> str:
    made = questionnaire.start(records, ANNA, "dpia", PROJECT, "Badge readers & doors")
    for question, value in THREATS.items():
        save_answer(records, ANNA, made, question, value)
    return made


@pytest.fixture
def written(records: Records, dpia: str) -> Any:
    return exported(records, dpia)


def test_the_export_fits_the_schema_of_the_dialect(written: Any) -> None:
    jsonschema.validate(written, SCHEMA)


def test_the_schema_refuses_what_their_import_would_stumble_over(written: Any) -> None:
    for part, row in (("evaluations", {"reference_to": "3.1.[object Object]"}),
                      ("answers", {"reference_to": "111"})):  # fmt: skip
        broken = json.loads(json.dumps(written))
        broken[part][0] |= row
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, SCHEMA)


def test_the_export_is_read_back_with_nothing_lost(written: Any) -> None:
    reading = preview(json.dumps(written).encode(), "pia.json").readings[0]
    assert reading.losses == ()
    values = {name: given.value for name, given in reading.answers.items()}
    assert values["q111"] == "Doors open with a badge.\n\nEach use is logged."
    assert values["q112"] == "Acme Ltd"
    assert values["q121"].startswith("Badge number: ")
    assert values["q214"] == "Badges are checked."
    assert values["people_not_searched"] == "The works council spoke for them."


def test_the_highest_risk_of_an_event_gives_its_levels(written: Any) -> None:
    reading = preview(json.dumps(written).encode(), "pia.json").readings[0]
    found = figures({name: given.value for name, given in reading.answers.items()})
    assert found.initial == {
        "access": Levels(4, 2), "change": Levels(1, 1), "loss": Levels(None, None),
    }  # fmt: skip
    assert found.re_estimated == {"access": Levels(4, 1)}
    assert found.verdicts == {"improvable": 2, "acceptable": 1}


def test_measures_are_chosen_by_title_and_what_is_planned_is_an_action(written: Any) -> None:
    lists = {a["reference_to"]: a["data"]["list"] for a in written["answers"]}
    assert lists[324] == ["Seal the log", "Train guards"]
    assert lists[334] == ["Train guards"]
    assert lists[321] == ["Gossip", "Burglary"]
    planned = next(e for e in written["evaluations"] if e["reference_to"] == "3.1.1")
    assert (planned["person_in_charge"], planned["estimated_implementation_date"]) == (
        "Max", "2027-01-31",
    )  # fmt: skip


def test_what_was_merged_and_what_has_no_place_is_reported(records: Records, dpia: str) -> None:
    save_answer(records, ANNA, dpia, "review_on", "2027-01-01", note="Yearly.")
    losses = {(loss.where, loss.what) for loss in export(records, ANNA, dpia, "cnil_pia").losses}
    assert {("by_design[0]", "a risk"), ("3.2", "2 risks in one"), ("review_on", "an answer"),
            ("review_on", "a note"), ("data_items", "columns special")} <= losses  # fmt: skip
    assert not any(
        where in {"overview", "controller", "events", "by_design"} for where, _ in losses
    )


def test_every_answered_question_is_written_or_reported(records: Records, dpia: str) -> None:
    for question, value in (
        ("summary", "In short."),
        ("attribute", "Hardly."),
        ("end_date", "2030-01-01"),
    ):
        save_answer(records, ANNA, dpia, question, value)
    made = export(records, ANNA, dpia, "cnil_pia")
    reported = {
        loss.where.split("[")[0] for loss in made.losses if not loss.what.startswith("column")
    }
    content = json.loads(made.data)
    for name, stored in questionnaire.load(records, dpia).answers.items():
        is_written = any(text[:12] in made.data.decode() for text in spoken(stored.value))
        assert (name in reported) != (is_written or name == "views_sought"), name
    assert content["pia"]["concerned_people_searched_opinion"] is False


def spoken(value: Any) -> list[str]:
    """The texts of an answer that can be recognised in a file."""
    if isinstance(value, list):
        cells = [
            cell for row in value if isinstance(row, dict) for k, cell in row.items() if k != "id"
        ]
        return [cell for cell in cells if isinstance(cell, str) and len(cell) > 6]
    return [value] if isinstance(value, str) else []


def test_another_kind_of_assessment_is_refused(records: Records) -> None:
    made = questionnaire.start(records, ANNA, "screening", PROJECT, "Screening")
    with pytest.raises(BadInput, match="Only a DPIA"):
        export(records, ANNA, made, "cnil_pia")


def test_every_name_of_the_map_is_in_both_templates() -> None:
    rules, target = read_map(), find_template("dpia")
    for name in rules["answers"]:
        target.question(name)
    for name, rows in rules["rows"].items():
        for row in rows:
            for column in row.keys() - {"id"}:
                target.question(name).column(column)
    for column in (*rules["measures"]["cells"], "threats"):
        target.question("measures").column(column)
    pia_names = find_template("cnil_pia").by_id.keys() | rules["derived"].keys()
    used = {source for sources in rules["answers"].values() for source in sources}
    assert used | set(rules["measures"]["threats"]) <= pia_names


def test_carrying_over_begins_a_dpia_whose_answers_name_their_question(
    records: Records, bring: Bring
) -> None:
    source = str(bring(pia()).assessment)
    carried = carry_over(records, ANNA, source)
    found = questionnaire.load(records, carried.assessment)
    stated = found.answers["compliance"]
    assert stated.needs_confirmation
    assert stated.provenance is not None
    assert (stated.provenance.source, stated.provenance.row) == ("CNIL PIA", "question 2.1.5")
    assert [r["effect"] for r in stated.value if r["requirement"] == "storage_limitation"] == [
        "One month."
    ]
    assert found.answers["overview"].value == "Doors open with a badge."
    assert (found.project_id, found.title) == (PROJECT, "Badge readers")


def test_risks_and_measures_keep_their_links_and_levels(records: Records, bring: Bring) -> None:
    carried = carry_over(records, ANNA, str(bring(pia()).assessment))
    found = questionnaire.load(records, carried.assessment)
    (risk,) = record_risks(found.template, found.answers)
    assert (risk["severity"], risk["likelihood"]) == (3, 2)
    assert (risk["residual_severity"], risk["residual_likelihood"]) == (2, 1)
    assert risk["impact"] == "Being followed; Stress"
    assert risk["measures"] == ["M1"]
    assert not risk["acceptable"], "nobody said so yet"


def test_what_has_no_place_in_a_dpia_is_reported(records: Records, bring: Bring) -> None:
    content = with_fields(rejection_reason="Too short.", concerned_people_status=1)
    carried = carry_over(records, ANNA, str(bring(content).assessment))
    assert {loss.where for loss in carried.losses} == {
        "pia status", "pia archived", "pia author", "rejection reason", "people status", "comments",
    }  # fmt: skip


def test_a_text_too_long_for_a_cell_is_cut_and_reported(records: Records, bring: Bring) -> None:
    content = pia(answers=[answer(1, 215, "x" * 2500)], measures=[measure(1, "M", "y" * 2100)],
                  evaluations=[], comments=[])  # fmt: skip
    carried = carry_over(records, ANNA, str(bring(content).assessment))
    cut = {(loss.where, loss.what) for loss in carried.losses}
    assert {("question 2.1.5", "500 characters"), ("measure m0", "100 characters")} <= cut


def test_facts_stay_where_the_pia_says_nothing_and_do_not_make_its_words_stale(
    records: Records, bring: Bring
) -> None:
    facts = Inventory(project=[{"project_id": "p", "name": "Doors", "description": "Other words.",
                                "owner_id": "own", "launched_on": "2026-12-01"}])  # fmt: skip
    carried = carry_over(records, ANNA, str(bring(pia()).assessment), facts)
    found = questionnaire.load(records, carried.assessment)
    assert found.answers["processing_name"].value == "Doors"
    assert found.answers["overview"].value == "Doors open with a badge."
    stale = questionnaire.stale_answers(found.template, found.answers, facts, found.subject)
    assert [item.question_id for item in stale] == []


def test_only_a_cnil_pia_is_carried_over_and_only_by_who_may_begin(
    records: Records, bring: Bring, dpia: str
) -> None:
    with pytest.raises(BadInput, match="Only a CNIL PIA"):
        carry_over(records, ANNA, dpia)
    with pytest.raises(NotPermitted):
        carry_over(records, Actor.person("vera"), str(bring(pia()).assessment))


def test_actions_of_the_evaluator_become_the_plan(records: Records, bring: Bring) -> None:
    content = pia(evaluations=[
        evaluation(1, "2.1.215", action_plan_comment="Shorten.", person_in_charge="Ada"),
        evaluation(2, "3.1.40", action_plan_comment="Rotate."),
    ])  # fmt: skip
    carried = carry_over(records, ANNA, str(bring(content).assessment))
    plan = questionnaire.load(records, carried.assessment).answers["plan"].value
    assert plan == "2.1.5: Shorten. (Ada)\nEncryption: Rotate."


def test_the_loss_report_stays_with_the_dpia_that_was_begun(records: Records, bring: Bring) -> None:
    source = str(bring(pia()).assessment)
    carried = carry_over(records, ANNA, source)
    with records.read() as connection:
        assert list_carried(connection, source) == [carried]
        assert list_carried(connection, carried.assessment) == []
