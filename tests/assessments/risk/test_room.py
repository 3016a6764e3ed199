"""Coverage, safer options, what the warehouse shows, picking and the portfolio."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from assessments.errors import NotFound, NotPermitted
from assessments.questionnaire import Fact, find_template, load, save_answer, start
from assessments.records import Actor, Records
from assessments.risk import (
    Works,
    find_gaps,
    list_risks,
    pick_controls,
    pick_threats,
    recommend,
    works,
)
from assessments.risk.catalogue import find_control
from assessments.risk.coverage import GapKind
from assessments.risk.facts import Facts
from assessments.risk.recommendations import list_rules
from tests.assessments.questionnaire.cases import answered, consistent_dpia, join

DPIA = find_template("dpia")
ANNA, BEN = Actor.person("anna"), Actor.person("ben")
LEAK = {"id": "l1", "subject": "m1", "channel": "membership", "measure": "tpr", "value": 0.03,
        "score": 42, "limit": 9, "measured_on": "2026-11-11", "power": "passed"}  # fmt: skip


class Rows:
    """Facts given by hand."""

    def __init__(self, **sources: list[dict[str, Any]]) -> None:
        self.sources = sources

    def query(self, source: str, subject: Mapping[str, str]) -> list[Fact]:
        return [
            Fact(row, f"{source}.csv", f"line {n}", hashlib.sha256(json.dumps(row).encode()).hexdigest(), "2026-11-24")
            for n, row in enumerate(self.sources.get(source, []), start=2)
        ]  # fmt: skip


def gaps(**changes: Any) -> list[tuple[str, str, str]]:
    found = find_gaps(DPIA, answered(DPIA, consistent_dpia() | changes))
    return [(gap.kind.value, gap.question, gap.row) for gap in found]


def options(**changes: Any) -> dict[str, Any]:
    raw = consistent_dpia() | {"leakage_results": [LEAK]} | changes
    return {each.rule: each for each in recommend(DPIA, answered(DPIA, raw))}


def state(control: str, rows: Rows) -> Any:
    return works([find_control(control)], Facts(rows, {"project": "p"}))[0]


def measure(**cells: Any) -> dict[str, Any]:
    return {"id": "m1", "title": "A nurse listens", "threats": ["b1"], "status": "planned",
            "owner": "own", "due_on": "2027-01-31", "lowers_likelihood": 1} | cells  # fmt: skip


def test_a_full_treatment_has_no_gap() -> None:
    assert gaps(measures=[measure()]) == []


@pytest.mark.parametrize(
    ("changes", "gap"),
    [
        ({"inherent": consistent_dpia()["inherent"][1:]}, (GapKind.NOT_RATED, "inherent", "b1")),
        ({"events": consistent_dpia()["events"][:2]}, (GapKind.EVENT_MISSING, "events", "")),
        ({"events": consistent_dpia()["events"][:2]}, (GapKind.RATES_NOTHING, "inherent", "r4")),
        ({"measures": [measure(threats=["e1"])]}, (GapKind.NO_MEASURE, "measures", "b1")),
        ({"measures": [measure(lowers_likelihood=None)]}, (GapKind.NO_EFFECT, "measures", "m1")),
        ({"measures": [measure(status="implemented")]}, (GapKind.NO_EVIDENCE, "measures", "m1")),
        ({"measures": [measure(threats=["gone"])]}, (GapKind.AGAINST_NOTHING, "measures", "m1")),
        (
            {"measures": [measure(status="implemented", evidence="Log", lowers_severity=2)]},
            (GapKind.CLAIMS_MORE, "residual", "b1"),
        ),
        (
            {"leakage_results": [LEAK | {"channel": "linkage"}]},
            (GapKind.LEAK_WITHOUT_THREAT, "events", "l1"),
        ),
    ],
)
def test_each_gap_is_found_where_it_is_mended(
    changes: dict[str, Any], gap: tuple[GapKind, str, str]
) -> None:
    found = gaps(**{"measures": [measure()]} | changes)
    assert (gap[0].value, *gap[1:]) in found


def test_a_leak_within_its_limit_or_with_its_threat_is_no_gap() -> None:
    within = LEAK | {"channel": "linkage", "score": 9}
    assert gaps(measures=[measure()], leakage_results=[LEAK, within]) == []


def test_a_leak_over_its_limit_calls_for_options_that_say_what_they_change_and_cost() -> None:
    found = options()
    assert {"membership-differential-privacy", "membership-smaller-model",
            "membership-another-model", "membership-coarse-output"} <= set(found)  # fmt: skip
    option = found["membership-differential-privacy"]
    assert "m1" in option.title
    assert "42" in option.reason and "9" in option.reason  # noqa: PT018
    assert option.changes and option.costs and option.source  # noqa: PT018


def test_a_leak_at_its_limit_calls_for_nothing() -> None:
    assert not [rule for rule in options(leakage_results=[LEAK | {"score": 9}]) if "member" in rule]


def test_an_option_whose_control_is_among_the_measures_is_not_proposed_again() -> None:
    found = options(measures=[measure(control="differential_privacy")])
    assert "membership-differential-privacy" not in found
    assert "membership-smaller-model" in found


def test_a_risk_calls_for_options_until_what_is_in_place_makes_it_acceptable() -> None:
    assert "by-design-person" in options()
    done = measure(status="implemented", evidence="Roster")
    assert "by-design-person" not in options(measures=[done])


def test_facts_of_the_warehouse_call_for_options_with_their_row_and_day() -> None:
    rows = Rows(fields_of_project=[{"field": "age", "last_read_on": None}, {"field": "id", "last_read_on": "2026-11-01"}])  # fmt: skip
    found = recommend(DPIA, answered(DPIA, consistent_dpia()), rows, {"project": "p"})
    (option,) = [each for each in found if each.rule == "unread-fields"]
    assert "age" in option.reason
    assert "id" not in option.reason.split()
    assert option.origins == (("fields_of_project.csv", "line 2", "2026-11-24"),)


def test_every_rule_fills_its_texts_with_what_its_rows_say() -> None:
    for rule in list_rules():
        given = {"subject", "score", "limit", "measured_on", "channel", "names", "count"}
        named = {part.split("}")[0] for part in (rule.title + rule.reason).split("{")[1:]}
        assert named <= given, rule.id
        assert not rule.is_merged or named <= {"names", "count"}, rule.id


def test_a_control_is_shown_only_when_every_row_says_so() -> None:
    good, bad = (
        {"name": "Lake", "encrypted_at_rest": True},
        {"name": "Old", "encrypted_at_rest": False},
    )
    shown = state("encryption_at_rest", Rows(systems_of_project=[good]))
    assert (shown.state, shown.met, shown.all) == (Works.SHOWN, 1, 1)
    mixed = state("encryption_at_rest", Rows(systems_of_project=[good, bad]))
    assert (mixed.state, mixed.met, mixed.all) == (Works.NOT_SHOWN, 1, 2)
    first = mixed.lines[0]
    assert (first.name, first.source, first.row, first.day, first.is_met) == (
        "Old", "systems_of_project.csv", "line 3", "2026-11-24", False,
    )  # fmt: skip


def test_a_row_that_does_not_say_shows_nothing() -> None:
    rows = Rows(systems_of_project=[{"name": "Lake", "encrypted_at_rest": None}])
    assert state("encryption_at_rest", rows).state is Works.NOT_SHOWN


def test_without_rows_or_fact_nothing_is_claimed() -> None:
    assert state("encryption_at_rest", Rows()).state is Works.NO_ROWS
    assert state("human_review", Rows()).state is Works.NO_FACT
    assert state("local_hosting", Rows()).state is Works.NO_ROWS


def test_that_no_transfer_is_there_is_shown_where_the_project_is_known() -> None:
    known = {"project": [{"name": "Churn"}]}
    assert state("local_hosting", Rows(**known)).state is Works.SHOWN
    abroad = Rows(**known, transfers_of_project=[{"name": "Far Cloud"}])
    assert state("local_hosting", abroad).state is Works.NOT_SHOWN


@pytest.mark.parametrize(("severity", "expected"), [(0.05, Works.SHOWN), (0.06, Works.NOT_SHOWN)])
def test_measured_leakage_is_held_to_the_limit_of_its_class_of_data(
    severity: float, expected: Works
) -> None:
    row = {
        "subject_id": "m1",
        "channel": "membership",
        "severity": severity,
        "data_class": "special",
    }
    assert state("regularisation", Rows(leakage_of_project=[row])).state is expected


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    found = Records.open(f"sqlite:///{tmp_path / 'records.sqlite'}")
    for person in ("anna", "ben"):
        join(found, person, "author")
    yield found
    found.engine.dispose()


def begin(records: Records) -> str:
    return start(records, ANNA, "dpia", "p", "Triage")


def test_picked_entries_become_rows_that_name_them_and_are_not_added_twice(
    records: Records,
) -> None:
    made = begin(records)
    pick_threats(records, ANNA, made, ["curious_staff", "feel_watched"])
    pick_controls(records, ANNA, made, ["access_grants"])
    assert not pick_controls(records, ANNA, made, ["access_grants"]).is_changed
    found = load(records, made)
    (event,) = found.answers["events"].value
    (harm,) = found.answers["by_design"].value
    (row,) = found.answers["measures"].value
    assert (event["catalogue"], event["event"]) == ("curious_staff", "access")
    assert harm["catalogue"] == "feel_watched"
    assert (row["control"], row["threats"], row["status"]) == (
        "access_grants", ["curious_staff"], "planned",
    )  # fmt: skip


def test_picking_keeps_what_people_wrote_and_who_may_write(records: Records) -> None:
    made = begin(records)
    own = {"id": "x", "title": "Own", "event": "loss", "source": "Fire", "impact": "Repetition"}
    save_answer(records, ANNA, made, "events", [own])
    with pytest.raises(NotPermitted):
        pick_threats(records, BEN, made, ["curious_staff"])
    with pytest.raises(NotFound):
        pick_threats(records, ANNA, made, ["no_such_threat"])
    pick_threats(records, ANNA, made, ["curious_staff"])
    assert [row["id"] for row in load(records, made).answers["events"].value] == [
        "x", "curious_staff",
    ]  # fmt: skip


def test_a_level_off_the_chosen_scale_cannot_be_saved(records: Records) -> None:
    made = begin(records)
    save_answer(records, ANNA, made, "levels", 3)
    row = {"threat": "x", "severity": 4, "likelihood": 1, "acceptable": "no"}
    with pytest.raises(Exception, match="level of the scale"):
        save_answer(records, ANNA, made, "inherent", [row])
    words = load(records, made).template.question("inherent").column("severity").shape.options
    assert [option.title for option in words] == ["Minimal", "Significant", "Severe"]


def test_the_portfolio_lists_what_remains_highest_first_and_only_for_readers(
    records: Records,
) -> None:
    made = begin(records)
    for question in ("accept_up_to", "by_design", "events", "inherent", "residual"):
        save_answer(records, ANNA, made, question, consistent_dpia()[question])
    with records.read() as connection:
        found = list_risks(connection, ANNA)
        assert list_risks(connection, Actor.person("stranger")) == []
    bands = [item.register.level(item.risk.residual).band for item in found]
    assert bands == sorted(bands, reverse=True)
    assert len(found) == 4
