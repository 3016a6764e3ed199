"""A finding is set aside with a reason: by whom it counts, and when it lapses by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assessments import questionnaire as q
from assessments.errors import BadInput, NotFound, NotPermitted, NotPossibleNow
from assessments.ledger import body, store
from assessments.questionnaire.fingerprint import fingerprint
from assessments.records import Actor, Records
from assessments.review import rounds
from assessments.review.acceptance import accept_deviation, propose_deviation, withdraw_deviation
from assessments.review.parts import played_parts
from tests.assessments.questionnaire.cases import answered, consistent_dpia, join

DPIA = q.find_template("dpia")
RULE = "unacceptable-risk-has-measure"


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return Records.open(f"sqlite:///{tmp_path / 'records.sqlite'}")


@pytest.fixture
def cast(records: Records) -> dict[str, Actor]:
    roles = {
        "ann": ["author", "reviewer"],
        "rosa": ["reviewer"],
        "dana": ["dpo"],
        "otto": ["approver"],
    }
    return {name: join(records, name, *held) for name, held in roles.items()}


@pytest.fixture
def flawed(records: Records, cast: dict[str, Actor]) -> str:
    """An impact assessment with one blocking finding: no measure against a risk."""
    made = q.start(records, cast["ann"], "dpia", "p", "Triage")
    raw = consistent_dpia()
    raw["measures"][0]["threats"] = ["e1"]
    for question, value in raw.items():
        q.save_answer(records, cast["ann"], made, question, value)
    return made


def judged(records: Records, assessment: str) -> dict[str, str]:
    found = q.load(records, assessment)
    return {
        item.finding.key: item.state.value
        for item in q.judge(found.template, found.answers, found.deviations)
        if item.finding.is_blocking and not item.finding.is_pending
    }


def lint_blockers(records: Records, assessment: str) -> list[str]:
    found = q.load(records, assessment)
    return [
        b.finding.key
        for b in q.blockers(found.template, found.answers, found.deviations)
        if b.finding is not None and not b.finding.is_pending
    ]


def test_a_blocking_finding_counts_until_somebody_else_accepts(
    records: Records, cast: dict[str, Actor], flawed: str
) -> None:
    key = f"{RULE}:r1"
    assert judged(records, flawed) == {key: "open"}
    made = propose_deviation(records, cast["ann"], flawed, key, "The harm is outside our reach.")
    assert made.accepted_by is None
    assert judged(records, flawed) == {key: "proposed"}
    assert lint_blockers(records, flawed) == [key]
    accepted = accept_deviation(records, cast["rosa"], flawed, key)
    assert (accepted.accepted_by, accepted.accepted_as) == ("rosa", "reviewer")
    assert judged(records, flawed) == {key: "set_aside"}
    assert lint_blockers(records, flawed) == []


def test_the_author_cannot_accept_though_a_reviewer_elsewhere(
    records: Records, cast: dict[str, Actor], flawed: str
) -> None:
    propose_deviation(records, cast["ann"], flawed, f"{RULE}:r1", "Why")
    with pytest.raises(NotPermitted, match="You cannot act as reviewer here"):
        accept_deviation(records, cast["ann"], flawed, f"{RULE}:r1")
    with pytest.raises(NotPermitted, match="Only a reviewer"):
        accept_deviation(records, cast["otto"], flawed, f"{RULE}:r1")
    assert lint_blockers(records, flawed) == [f"{RULE}:r1"]


def test_whoever_accepted_has_played_that_part(
    records: Records, cast: dict[str, Actor], flawed: str
) -> None:
    propose_deviation(records, cast["ann"], flawed, f"{RULE}:r1", "Why")
    accept_deviation(records, cast["dana"], flawed, f"{RULE}:r1")
    with records.read() as connection:
        assert played_parts(connection, flawed, "dana") == {"dpo"}


def test_only_the_author_proposes_and_only_with_a_reason(
    records: Records, cast: dict[str, Actor], flawed: str
) -> None:
    with pytest.raises(NotPermitted):
        propose_deviation(records, cast["rosa"], flawed, f"{RULE}:r1", "Why")
    with pytest.raises(BadInput, match="needs a reason"):
        propose_deviation(records, cast["ann"], flawed, f"{RULE}:r1", "  ")
    with pytest.raises(NotFound, match="no such finding"):
        propose_deviation(records, cast["ann"], flawed, f"{RULE}:none", "Why")
    with pytest.raises(NotPossibleNow, match="no deviation to accept"):
        accept_deviation(records, cast["rosa"], flawed, f"{RULE}:r1")


def test_a_warning_is_set_aside_by_the_author_alone(
    records: Records, cast: dict[str, Actor], flawed: str
) -> None:
    rows = [{"id": "v", "recipient": "Cloud", "role": "processor", "agreement": "no"}]
    q.save_answer(records, cast["ann"], flawed, "recipients", rows)
    made = propose_deviation(
        records, cast["ann"], flawed, "processor-has-agreement:v", "Signed in January."
    )
    assert made.accepted_by == "ann"
    found = q.load(records, flawed)
    states = {
        j.finding.key: j.state for j in q.judge(found.template, found.answers, found.deviations)
    }
    assert states["processor-has-agreement:v"] is q.FindingState.SET_ASIDE
    with records.read() as connection:
        assert played_parts(connection, flawed, "ann") == {"author"}


def test_it_lapses_when_a_cell_that_it_rests_on_changes_and_stands_when_it_comes_back(
    records: Records, cast: dict[str, Actor], flawed: str
) -> None:
    key = f"{RULE}:r1"
    propose_deviation(records, cast["ann"], flawed, key, "Why")
    accept_deviation(records, cast["rosa"], flawed, key)
    rows = q.load(records, flawed).answers["measures"].value
    other = [rows[0] | {"threats": ["e2"]}]
    q.save_answer(records, cast["ann"], flawed, "measures", other)
    assert judged(records, flawed) == {key: "lapsed"}
    assert lint_blockers(records, flawed) == [key]
    with pytest.raises(NotPossibleNow, match="lapsed"):
        accept_deviation(records, cast["rosa"], flawed, key)
    q.undo(records, cast["ann"], flawed, "measures")
    assert judged(records, flawed) == {key: "set_aside"}


def test_it_can_be_taken_back_by_who_gave_it_and_by_nobody_else(
    records: Records, cast: dict[str, Actor], flawed: str
) -> None:
    made = propose_deviation(records, cast["ann"], flawed, f"{RULE}:r1", "Why")
    accept_deviation(records, cast["rosa"], flawed, f"{RULE}:r1")
    with pytest.raises(NotPermitted):
        withdraw_deviation(records, cast["dana"], flawed, made.id)
    withdraw_deviation(records, cast["rosa"], flawed, made.id)
    assert judged(records, flawed) == {f"{RULE}:r1": "open"}


def test_every_step_is_in_the_ledger_without_the_reason(
    records: Records, cast: dict[str, Actor], flawed: str
) -> None:
    propose_deviation(records, cast["ann"], flawed, f"{RULE}:r1", "Mrs Brown refused.")
    accept_deviation(records, cast["rosa"], flawed, f"{RULE}:r1")
    with records.read() as connection:
        entries = [body.read(entry) for entry in store.entries(connection)[:2]]
    assert {entry["action"] for entry in entries} == {"deviation.proposed", "deviation.accepted"}
    assert "Brown" not in str(entries)


def test_sending_is_possible_with_an_accepted_deviation_only(
    records: Records, cast: dict[str, Actor]
) -> None:
    made = q.start(records, cast["ann"], "screening", "p", "Screening")
    found = q.load(records, made)
    assert q.blockers(found.template, found.answers, found.deviations)
    with pytest.raises(NotPossibleNow, match="not complete"):
        rounds.submit(records, cast["ann"], made)


def digest(raw: dict[str, Any], rule: str) -> str:
    answers = answered(DPIA, raw)
    finding = next(f for f in q.lint(DPIA, answers) if f.rule == rule)
    return fingerprint(q.View(DPIA, answers), finding)


def edit(question: str, row: int, **cells: Any) -> Callable[[dict[str, Any]], None]:
    return lambda raw: raw[question][row].update(cells)


READ = {
    "the measure's threats": edit("measures", 0, threats=["e2"]),
    "another measure": lambda raw: raw["measures"].append({"id": "m2", "title": "B", "threats": ["e3"]}),
    "the risk's own threat": edit("by_design", 0, title="Very late help"),
}  # fmt: skip
UNREAD = {
    "the measure's owner": edit("measures", 0, owner="somebody"),
    "the measure's title": edit("measures", 0, title="Another nurse"),
    "another risk's level": edit("inherent", 1, severity=1),
    "a table that the rule does not read": edit("retention", 0, period="P3Y"),
}


@pytest.mark.parametrize("name", READ)
def test_the_fingerprint_changes_with_what_the_rule_reads(name: str) -> None:
    raw = consistent_dpia()
    raw["measures"][0]["threats"] = ["e1"]
    before = digest(raw, RULE)
    READ[name](raw)
    assert digest(raw, RULE) != before


@pytest.mark.parametrize("name", UNREAD)
def test_the_fingerprint_stays_with_what_the_rule_does_not_read(name: str) -> None:
    raw = consistent_dpia()
    raw["measures"][0]["threats"] = ["e1"]
    before = digest(raw, RULE)
    UNREAD[name](raw)
    assert digest(raw, RULE) == before


def test_findings_of_one_rule_in_two_rows_have_two_fingerprints() -> None:
    raw = consistent_dpia()
    raw["inherent"][1]["acceptable"] = "no"
    raw["measures"][0]["threats"] = []
    answers = answered(DPIA, raw)
    view = q.View(DPIA, answers)
    found = [f for f in q.lint(DPIA, answers) if f.rule == RULE]
    assert {f.key for f in found} == {f"{RULE}:r1", f"{RULE}:r2"}
    assert len({fingerprint(view, f) for f in found}) == 2


def test_an_empty_required_cell_is_found_again_by_table_row_and_column() -> None:
    raw = consistent_dpia()
    raw["retention"][0]["period"] = None
    (finding,) = [f for f in q.lint(DPIA, answered(DPIA, raw)) if f.rule == "cell-missing"]
    assert finding.key == "cell-missing:retention/k1/period"
    before = digest(raw, "cell-missing")
    raw["retention"][0]["where"] = "Other calls"
    assert digest(raw, "cell-missing") != before
