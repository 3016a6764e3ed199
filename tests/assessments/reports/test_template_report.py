"""A release review goes through review, and on record with outcome, risks, measures and leakage."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pikepdf

from assessments import questionnaire
from assessments.questionnaire import find_template
from assessments.records import Actor, Records, people
from assessments.reports.render import render_report
from assessments.review import decisions, rounds
from assessments.review.decisions import Outcome, Position
from assessments.review.freeze import find_frozen
from tests.assessments.questionnaire.test_template_specs import complete

TEMPLATE = find_template("ml_release")
PEOPLE = {"anna": "author", "rosa": "reviewer", "dora": "dpo", "otto": "approver"}
ANNA, ROSA, DORA, OTTO = (Actor.person(name) for name in PEOPLE)


def decided(folder: Path) -> bytes:
    """The frozen record of a filled review that everybody agreed to."""
    records = Records.open(f"sqlite:///{folder / 'records.sqlite'}")
    with records.change(Actor.system("test")) as change:
        for name, role in PEOPLE.items():
            people.add_person(change, name, name.title())
            people.grant_role(change, name, role, reason="test")
    made = questionnaire.start(records, ANNA, TEMPLATE.id, "pr-1", "Release of model 2.1")
    for name, value in complete(TEMPLATE).items():
        questionnaire.save_answer(records, ANNA, made, name, value)
    rounds.submit(records, ANNA, made)
    for section in TEMPLATE.sections:
        rounds.give_verdict(records, ROSA, made, section.id, rounds.Verdict.ACCEPTED)
    rounds.finish_review(records, ROSA, made)
    decisions.advise(records, DORA, made, Position.PROCEED, "Go on.")
    decisions.decide(records, OTTO, made, Outcome.APPROVED, "Measured and treated.")
    with records.read() as connection:
        record = find_frozen(connection, made).record
    records.close()
    return record


def test_a_filled_release_review_is_decided_and_rendered_with_risks_and_leakage(
    tmp_path: Path,
) -> None:
    data = decided(tmp_path)
    record: dict[str, Any] = json.loads(data)
    assert record["screening"]["outcome"] == "release"
    assert {reason["code"] for reason in record["screening"]["reasons"]} == {"special", "guarantee"}
    assert [(risk["id"], risk["measures"], risk["acceptable"]) for risk in record["risks"]] == [
        ("R1", ["M1"], True),
        ("R2", [], True),
    ]
    assert [(row["subject"], row["value"], row["limit"]) for row in record["leakage"]] == [
        ("m-1", 2, 5),
        ("d-1", 3, 5),
    ]
    with pikepdf.open(io.BytesIO(render_report(data))) as document:
        assert len(document.pages) > len(TEMPLATE.sections) / 2
        assert "Release of model 2.1" in str(document.docinfo["/Title"])
