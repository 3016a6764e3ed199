"""What each template finds, concludes and asks, in a table a template (``templates/<id>.yaml``).

``complete`` are answers without a gap. Every other case changes them: ``set`` replaces answers (null
takes one away), ``rows`` changes cells of ``table.row``, ``drop`` takes rows away, and
an empty table does not apply. ``fill`` completes the
rows of a checklist. A gap names exactly the rules that find it; an outcome names its level.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from assessments.questionnaire import (
    Answer,
    NoFacts,
    Status,
    Template,
    blockers,
    check_answer,
    find_template,
    lint,
    prefill,
    screening_outcome,
    visible_questions,
)

HERE = Path(__file__).parent / "templates"
IDS = sorted(path.stem for path in HERE.glob("*.yaml"))
Case = dict[str, Any]


@cache
def spec(template_id: str) -> Case:
    found: Case = yaml.safe_load((HERE / f"{template_id}.yaml").read_text("utf-8"))
    return found


def complete(template: Template) -> Case:
    """The raw answers without a gap, checklists of packs included."""
    raw: Case = deepcopy(spec(template.id)["complete"])
    checklists = prefill(template, NoFacts(), {})
    for table, cells in spec(template.id).get("fill", {}).items():
        raw[table] = [{**row, **cells} for row in checklists[table].value]
    return raw


def changed(template: Template, case: Case) -> dict[str, Answer]:
    """Answers in normal form, after what the case changes."""
    raw = complete(template)
    for name, cells in case.get("rows", {}).items():
        row(raw, name).update(cells)
    for name in case.get("drop", []):
        raw[name.split(".")[0]].remove(row(raw, name))
    raw.update(case.get("set", {}))
    return {name: answer(template, name, value) for name, value in raw.items() if value is not None}


def answer(template: Template, name: str, value: Any) -> Answer:
    """An empty table is answered with 'does not apply', which needs a reason."""
    if value == []:
        return check_answer(
            template.question(name), None, status=Status.NOT_APPLICABLE, note="There is none"
        )
    return check_answer(template.question(name), value)


def row(raw: Case, name: str) -> Case:
    table, row_id = name.split(".")
    found: Case = next(item for item in raw[table] if item["id"] == row_id)
    return found


def cases(key: str) -> list[Any]:
    return [pytest.param(i, case, id=f"{i}: {case['why']}") for i in IDS for case in spec(i)[key]]


def all_answers(template: Template) -> Iterator[dict[str, Answer]]:
    """The answers of every case of a template."""
    yield changed(template, {})
    for key in ("gaps", "outcomes", "branches"):
        for case in spec(template.id).get(key, []):
            yield changed(template, case)


@pytest.mark.parametrize("template_id", IDS)
def test_complete_answers_have_no_finding_and_can_be_sent(template_id: str) -> None:
    template = find_template(template_id)
    answers = changed(template, {})
    assert [(f.rule, f.text) for f in lint(template, answers)] == []
    assert [blocker.text for blocker in blockers(template, answers)] == []


@pytest.mark.parametrize(("template_id", "case"), cases("gaps"))
def test_each_gap_is_found_by_its_rules_and_by_no_other(template_id: str, case: Case) -> None:
    template = find_template(template_id)
    findings = lint(template, changed(template, case))
    assert {finding.rule for finding in findings} == set(case["finds"])
    assert case.get("is_certain", False) <= all(not finding.is_pending for finding in findings)
    assert all("{" not in finding.text for finding in findings)


@pytest.mark.parametrize("template_id", IDS)
def test_every_rule_has_a_gap_that_it_finds(template_id: str) -> None:
    shown = {rule for case in spec(template_id)["gaps"] for rule in case["finds"]}
    assert {rule.id for rule in find_template(template_id).lints} <= shown


@pytest.mark.parametrize(("template_id", "case"), cases("outcomes"))
def test_the_outcome_follows_from_the_answers(template_id: str, case: Case) -> None:
    template = find_template(template_id)
    outcome = screening_outcome(template, changed(template, case))
    assert outcome.level == case["level"], outcome.open
    assert set(case.get("reasons", [])) <= {reason.code for reason in outcome.reasons}
    assert outcome.reasons or outcome.tone in {"good", "info"}, "a bad outcome says why"


@pytest.mark.parametrize("template_id", IDS)
def test_every_level_and_every_reason_is_reached(template_id: str) -> None:
    template = find_template(template_id)
    rules = template.outcome
    assert rules is not None
    found = [screening_outcome(template, answers) for answers in all_answers(template)]
    assert {level.id for level in rules.levels} <= {outcome.level for outcome in found}
    codes = {reason.code for outcome in found for reason in (*outcome.reasons, *outcome.further)}
    assert {trigger.code for trigger in (*rules.triggers, *rules.further)} <= codes


@pytest.mark.parametrize("template_id", IDS)
def test_every_condition_shows_its_question_in_some_case_and_hides_it_in_another(
    template_id: str,
) -> None:
    template = find_template(template_id)
    seen = [{q.id for q in visible_questions(template, a)} for a in all_answers(template)]
    conditional = {
        q.id
        for q in template.questions
        if q.show_if is not None or template.section(q.section_id).show_if is not None
    }
    assert {q.id for q in template.questions} - set().union(*seen) == set()
    assert {name for name in conditional if all(name in shown for shown in seen)} == set()


@pytest.mark.parametrize("template_id", IDS)
def test_every_question_helps_with_a_hint_or_says_why_it_is_asked(template_id: str) -> None:
    questions = find_template(template_id).questions
    assert [q.id for q in questions if not q.hint and not q.guidance.why] == []
