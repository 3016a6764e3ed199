"""The spec tables of branching and screening hold."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml

from assessments.errors import BadInput
from assessments.questionnaire import (
    Answer,
    check_answer,
    find_template,
    read_template,
    screening_outcome,
    visible_questions,
)

HERE = Path(__file__).parent


def read(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = yaml.safe_load((HERE / name).read_text("utf-8"))["rows"]
    return rows


def answers_of(template_id: str, raw: dict[str, Any]) -> dict[str, Answer]:
    template = find_template(template_id)
    return {name: check_answer(template.question(name), value) for name, value in raw.items()}


@pytest.mark.parametrize("row", read("branching.yaml"), ids=lambda row: row["why"])
def test_the_questions_asked_follow_the_answers(row: dict[str, Any]) -> None:
    answers = answers_of("dpia", row["answers"])
    shown = {question.id for question in visible_questions(find_template("dpia"), answers)}
    assert set(row["shown"]) <= shown
    assert not set(row["hidden"]) & shown


@pytest.mark.parametrize("row", read("screening.yaml"), ids=lambda row: row["why"])
def test_the_outcome_and_its_reasons_follow_the_answers(row: dict[str, Any]) -> None:
    template = find_template("screening")
    names = [q.id for q in template.questions if q.type == "yes_no_unknown"]
    raw = dict.fromkeys(names, "no") | {"personal_data": "yes"} | row["answers"]
    outcome = screening_outcome(template, answers_of("screening", raw))
    assert outcome.level == row["level"]
    assert [reason.code for reason in outcome.reasons] == row["reasons"]
    if "further" in row:
        assert [reason.code for reason in outcome.further] == row["further"]
    assert outcome.is_determined is (not outcome.open)


def test_the_text_of_an_outcome_says_the_score_and_a_range_while_answers_are_open() -> None:
    template = find_template("screening")
    raw = {"personal_data": "yes", "art35_3_a": "yes", "c1": "yes", "c2": "yes", "c3": "unknown"}
    text = screening_outcome(template, answers_of("screening", raw)).text
    assert text.startswith("2 to 9 of the nine criteria and 1 to 3 of the three cases")
    closed = dict.fromkeys([f"c{n}" for n in range(3, 10)] + ["art35_3_b", "art35_3_c"], "no")
    text = screening_outcome(template, answers_of("screening", raw | closed)).text
    assert text.startswith("2 of the nine criteria and 1 of the three cases of the law are met.")


def test_a_score_that_the_template_does_not_keep_is_refused() -> None:
    folder = resources.files("assessments.templates")
    data = folder.joinpath("screening.yaml").read_bytes()
    with pytest.raises(BadInput, match="no score krit"):
        read_template(data.replace(b"{criteria} of", b"{krit} of"), "screening.yaml")
