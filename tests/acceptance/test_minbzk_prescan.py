"""Our engine decides as the Dutch government's pre-scan does, given the same rules.

The peer's own expression strings are evaluated directly (their syntax is close to Python's); our side
is a template with the same questions and with the rules said in our language. Both see the same
generated answers. Assumed: ``weightedCountMap`` compares option texts behind their prefix. The score of
question 7.1.3 stands inside its dependency in the file, where no calculation is read, so it counts 0.
"""

from __future__ import annotations

import random
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from assessments.questionnaire import (
    Answer,
    Status,
    Template,
    View,
    read_template,
    screening_outcome,
)

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
FILE = SHARED / "data/inventory/minbzk-prescan-definition.yaml"
pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.skipif(not FILE.is_file(), reason="the shared sample files are not here"),
]
CASES = 3_000

RISK = """count_yes(q1_1_1 = yes and count(q1_1_2) >= 6)
 + count_yes(q1_2_1 = yes and count(q1_2_2) >= 1, q1_2_1 = yes and count(q1_2_2) > 6)
 + count_yes(q1_3_1 = yes and count(q1_3_2) >= 1, q1_3_1 = yes and count(q1_3_2) > 6)
 + count_yes(score(q1_4_1) >= 3, score(q1_4_1) >= 4)
 + count_yes(q1_5_1 = yes)
 + count_yes(q1_5_3 in ['minstens_maandelijks', 'vaker_dan_maandelijks', 'continu'])
 + count_yes(q1_5_4 in ['jaar', 'aantal_jaren'])
 + count_yes(q2_1_1 = yes, q2_1_1 = yes and q2_1_8 = yes)
 + count_yes(q5_1_1 = yes and score(q5_1_2) >= 1)"""
OUTCOME: dict[str, Any] = {
    "scores": {"risk": RISK},
    "levels": [
        {"id": "required", "title": "R", "text": "R",
         "when": f"q0_1 = yes or count(q3_1) >= 1 or count(q4_1) >= 2 or {RISK} > 4"},
        {"id": "recommended", "title": "R", "text": "R", "when": "count(q4_1) = 1"},
        {"id": "none", "title": "N", "text": "N", "when": "true"},
    ],
    "triggers": [],
    "further": [
        {"code": "DTIA", "source": "s", "text": "t",
         "when": "q2_1_1 = yes and (q2_1_3 = 'buiten_eer' or q2_1_4 = 'buiten_eer') and "
                 "q2_1_6 in ['standaard_contractsbepaling_scc', 'overig_mechanisme']"},
        {"code": "KIA", "source": "s", "text": "t", "when": "q7_1_1 = yes and q7_1_2 = yes"},
        {"code": "IAMA", "source": "s", "text": "t", "when": "q6_1_2 = yes or q6_1_3 = yes"},
    ],
}  # fmt: skip


def slug(text: Any) -> str:
    return re.sub(r"[^a-z0-9]+", "_", str(text).split(": ")[-1].lower()).strip("_")


def tasks_of(definition: Any) -> list[dict[str, Any]]:
    found = []
    for task in definition["tasks"]:
        found += [task] if task["type"] != ["task_group"] else tasks_of(task)
    return found


def weights_of(task: dict[str, Any]) -> dict[str, int]:
    expression = task.get("calculation", {}).get("expression", "")
    lists = re.findall(r"\[(.*?)\]", expression, re.S)
    if "weightedCountMap" not in expression:
        return {}
    names = re.findall(r"'([^']*)'", lists[0])
    return dict(zip(map(slug, names), map(int, lists[1].split(",")), strict=True))


def question_of(task: dict[str, Any]) -> dict[str, Any]:
    kind = {"checkbox_option": "multiple_choice", "select_option": "choice"}.get(
        task["type"][0], "choice" if task.get("options") else "text"
    )
    values = [option["value"] for option in task.get("options", [])]
    if set(values) == {True, False}:
        kind = "yes_no_unknown"
    entry = {"id": f"q{task['id'].replace('.', '_')}", "type": kind, "source": "s"}
    entry["title"] = task["task"]
    if kind in {"choice", "multiple_choice"}:
        weights = weights_of(task)
        entry["options"] = [
            {"id": slug(v), "title": str(v), "score": weights.get(slug(v), 0)} for v in values
        ]
    conditions = [condition_of(item["condition"]) for item in task.get("dependencies", [])]
    if conditions:
        entry["show_if"] = " and ".join(conditions)
    return entry


def condition_of(found: dict[str, Any]) -> str:
    name = f"q{found['id'].replace('.', '_')}"
    if isinstance(found["value"], bool):
        return f"{name} = {'yes' if found['value'] else 'no'}"
    value = slug(str(found["value"]).strip("'"))
    return f"'{value}' in {name}" if found["operator"] == "contains" else f"{name} = '{value}'"


def translate(definition: Any) -> Template:
    """The pre-scan as one of our templates."""
    section = {"id": "all", "title": "Answer", "source": "s"}
    section["questions"] = [question_of(task) for task in tasks_of(definition)]
    content = {
        "id": "prescan", "version": "2.0", "title": definition["name"], "kind": "screening",
        "source": definition["urn"], "roles": ["author"], "sections": [section], "outcome": OUTCOME,
    }  # fmt: skip
    return read_template(yaml.safe_dump(content, allow_unicode=True).encode(), "prescan.yaml")


class Undefined(SimpleNamespace):
    """A name that was never computed counts as nothing, as in JavaScript."""

    def __getattr__(self, name: str) -> None:
        return None


class Peer:
    """The definition's own expressions over a plain dict of answers."""

    def __init__(self, definition: Any, answers: dict[str, Any]) -> None:
        self.definition, self.answers = definition, answers
        self.names: dict[str, Any] = {
            "answers": answers.get,
            "bool": bool,
            "count": lambda chosen: len(chosen or []),
            "countSelectedOptions": lambda name: len(answers.get(name) or []),
            "weightedCountMap": self.weigh,
        }

    @staticmethod
    def weigh(chosen: list[str] | None, names: list[str], weights: list[int]) -> int:
        worth = dict(zip(map(slug, names), weights, strict=True))
        return sum(worth.get(slug(item), 0) for item in chosen or [])

    def value(self, expression: str, **more: Any) -> Any:
        return eval(python_of(expression), {"__builtins__": {}}, self.names | more)

    def results(self) -> set[tuple[str, str]]:
        scores: dict[str, Any] = {}
        for task in tasks_of(self.definition):
            rule = task.get("calculation")
            if rule:
                raw = {rule["scoreKey"]: self.value(rule["expression"])}
                bands = [b["value"] for b in rule["riskScore"] if self.value(b["when"], **raw)]
                scores[rule["scoreKey"]] = bands[0] if bands else 0
        found = set()
        for assessment in self.definition["assessments"]:
            for level in assessment["levels"]:
                seen = {"scores": Undefined(**scores)}
                met = {c["id"]: self.value(c["expression"], **seen) for c in level["criteria"]}
                if self.value(level["expression"], criteria=SimpleNamespace(**met)):
                    found.add((assessment["id"], level["level"]))
                    break
        return found


def python_of(expression: str) -> str:
    text = " ".join(expression.split())
    text = re.sub(r"(answers\('[\d.]+'\)) \| count", r"count(\1)", text)
    for theirs, ours in (("&&", " and "), ("||", " or "), ("!=", " != ")):
        text = text.replace(theirs, ours)
    for theirs, ours in (("true", "True"), ("false", "False"), ("null", "None")):
        text = re.sub(rf"\b{theirs}\b", ours, text)
    parts = re.split(r" \? (\d) : ", text)
    tests, values, last = parts[:-1:2], parts[1::2], parts[-1]
    return " else ".join([f"{v} if ({t})" for t, v in zip(tests, values, strict=True)] + [last])


def generate(template: Template, definition: Any, dice: random.Random) -> dict[str, Any]:
    """Answers to exactly those questions that are shown, in order."""
    raw: dict[str, Any] = {}
    likely = dice.choice([0.05, 0.2, 0.5])
    for task in tasks_of(definition):
        name = f"q{task['id'].replace('.', '_')}"
        if task.get("dependencies") and not View(template, ours(template, raw)).is_visible(name):
            continue
        values = [option["value"] for option in task.get("options", [])]
        if task["type"] == ["checkbox_option"]:
            raw[task["id"]] = [value for value in values if dice.random() < likely]
        elif set(values) == {True, False}:
            raw[task["id"]] = dice.random() < likely
        else:
            raw[task["id"]] = dice.choice(values) if values else "text"
    return raw


def ours(template: Template, raw: dict[str, Any]) -> dict[str, Answer]:
    found = {}
    for task_id, value in raw.items():
        name = f"q{task_id.replace('.', '_')}"
        if isinstance(value, bool):
            found[name] = Answer("yes" if value else "no")
        elif value == []:
            found[name] = Answer(None, Status.NOT_APPLICABLE)
        elif isinstance(value, list):
            found[name] = Answer([slug(item) for item in value])
        else:
            found[name] = Answer(slug(value))
    return found


def test_three_thousand_generated_prescans_come_to_the_same_outcomes() -> None:
    definition = yaml.safe_load(FILE.read_text("utf-8"))
    template = translate(definition)
    dice = random.Random(20261120)
    seen: dict[tuple[str, str], int] = {}
    for _ in range(CASES):
        raw = generate(template, definition, dice)
        outcome = screening_outcome(template, ours(template, raw))
        mine = {(reason.code, "") for reason in outcome.further} | {("DPIA", outcome.level)}
        theirs = Peer(definition, raw).results()
        wanted = {(name, level if name == "DPIA" else "") for name, level in theirs}
        if not any(name == "DPIA" for name, _ in wanted):
            wanted.add(("DPIA", "none"))
        assert mine == wanted, raw
        for item in wanted:
            seen[item] = seen.get(item, 0) + 1
    expected = {("DPIA", "required"), ("DPIA", "recommended"), ("DPIA", "none"), ("DTIA", ""), ("KIA", ""), ("IAMA", "")}  # fmt: skip
    assert set(seen) == expected, "every outcome must have been met"
    assert min(seen.values()) > 10
