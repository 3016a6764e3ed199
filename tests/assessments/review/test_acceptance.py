"""Sending and approving with accepted deviations, and what the frozen record says of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assessments import questionnaire as q
from assessments.errors import NotPossibleNow
from assessments.questionnaire import library
from assessments.records import Actor, Records
from assessments.reports.record import read_record
from assessments.reports.text import Cleaning
from assessments.reports.view import make_view
from assessments.review import decisions, rounds
from assessments.review.acceptance import accept_deviation, propose_deviation
from assessments.review.freeze import find_frozen
from assessments.review.lifecycle import State
from assessments.review.rounds import Verdict
from tests.assessments.questionnaire.cases import join

TEMPLATE = """
id: small
version: '1'
title: Small
kind: test
source: own words
roles: [author, reviewer, approver]
sections:
  - id: one
    title: Say
    source: own words
    questions:
      - {id: kept, type: number, title: For how many years?, source: s}
      - {id: owner, type: yes_no_unknown, title: Is there an owner?, source: s}
      - {id: aside, type: text, title: Anything else?, source: s, required: false}
lints:
  - {id: not-too-long, severity: blocking, require: kept <= 5, question: kept, source: GDPR Art. 5(1)(e), text: Kept for long.}
  - {id: has-owner, severity: approval, require: owner = yes, question: owner, source: GDPR Art. 24, text: Nobody owns it.}
"""


@pytest.fixture
def records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Records]:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "small.yaml").write_text(TEMPLATE, encoding="utf-8")
    monkeypatch.setattr(library, "_folder", lambda: folder)
    library.find_template.cache_clear()
    yield Records.open(f"sqlite:///{tmp_path / 'records.sqlite'}")
    library.find_template.cache_clear()


@pytest.fixture
def cast(records: Records) -> dict[str, Actor]:
    roles = {"ann": "author", "rosa": "reviewer", "dana": "dpo", "otto": "approver"}
    return {name: join(records, name, role) for name, role in roles.items()}


@pytest.fixture
def made(records: Records, cast: dict[str, Actor]) -> str:
    found = q.start(records, cast["ann"], "small", "p", "Small")
    q.save_answer(records, cast["ann"], found, "kept", 9)
    q.save_answer(records, cast["ann"], found, "owner", "no")
    return found


def send(records: Records, cast: dict[str, Actor], made: str) -> None:
    rounds.submit(records, cast["ann"], made)
    rounds.give_verdict(records, cast["rosa"], made, "one", Verdict.ACCEPTED)
    rounds.finish_review(records, cast["rosa"], made)


def set_aside(records: Records, cast: dict[str, Actor], made: str, key: str) -> None:
    propose_deviation(records, cast["ann"], made, key, "The law of archives asks for it.")
    accept_deviation(records, cast["dana"], made, key)


def test_a_proposal_alone_does_not_let_an_assessment_be_sent(
    records: Records, cast: dict[str, Actor], made: str
) -> None:
    with pytest.raises(NotPossibleNow, match="not complete"):
        rounds.submit(records, cast["ann"], made)
    propose_deviation(records, cast["ann"], made, "not-too-long", "Archives.")
    with pytest.raises(NotPossibleNow, match="not complete"):
        rounds.submit(records, cast["ann"], made)
    accept_deviation(records, cast["dana"], made, "not-too-long")
    assert rounds.submit(records, cast["ann"], made) == State.SUBMITTED


def test_an_acceptance_that_lapsed_stops_sending_again(
    records: Records, cast: dict[str, Actor], made: str
) -> None:
    set_aside(records, cast, made, "not-too-long")
    q.save_answer(records, cast["ann"], made, "aside", "A remark")
    q.save_answer(records, cast["ann"], made, "kept", 50)
    with pytest.raises(NotPossibleNow, match="not complete"):
        rounds.submit(records, cast["ann"], made)


def test_approval_without_conditions_needs_the_deviation_accepted_too(
    records: Records, cast: dict[str, Actor], made: str
) -> None:
    set_aside(records, cast, made, "not-too-long")
    propose_deviation(records, cast["ann"], made, "has-owner", "The new owner starts on Monday.")
    send(records, cast, made)
    with pytest.raises(NotPossibleNow, match="against an approval"):
        decisions.decide(records, cast["otto"], made, decisions.Outcome.APPROVED, "Fine.")
    accept_deviation(records, cast["dana"], made, "has-owner")
    state = decisions.decide(records, cast["otto"], made, decisions.Outcome.APPROVED, "Fine.")
    assert state == State.APPROVED


def test_an_accepted_deviation_is_on_record_and_in_the_report_with_who_and_when(
    records: Records, cast: dict[str, Actor], made: str
) -> None:
    set_aside(records, cast, made, "not-too-long")
    set_aside(records, cast, made, "has-owner")
    send(records, cast, made)
    decisions.decide(records, cast["otto"], made, decisions.Outcome.APPROVED, "Fine.")
    with records.read() as connection:
        frozen = find_frozen(connection, made)
    said = {item["rule"]: item for item in json.loads(frozen.record)["deviations"]}
    assert set(said) == {"not-too-long", "has-owner"}
    item = said["not-too-long"]
    assert (item["reason"], item["source"]) == (
        "The law of archives asks for it.", "GDPR Art. 5(1)(e)")  # fmt: skip
    assert (item["proposed_by"], item["accepted_by"], item["accepted_as"]) == ("Ann", "Dana", "dpo")
    checked = read_record(frozen.record)
    shown = make_view(checked, Cleaning())["deviations"]
    assert [entry["severity"] for entry in shown] == [
        "Stops sending", "Stops an approval without conditions"]  # fmt: skip


def test_what_was_decided_cannot_be_accepted_or_taken_back_later(
    records: Records, cast: dict[str, Actor], made: str
) -> None:
    set_aside(records, cast, made, "not-too-long")
    send(records, cast, made)
    decisions.decide(records, cast["otto"], made, decisions.Outcome.REJECTED, "No.")
    with pytest.raises(NotPossibleNow, match="decided"):
        accept_deviation(records, cast["dana"], made, "has-owner")
