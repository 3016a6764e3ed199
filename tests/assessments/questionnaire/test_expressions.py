"""The expression language: three-valued, honest about open answers, and unable to execute anything."""

from __future__ import annotations

import re
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.errors import BadInput
from assessments.questionnaire import Answer, Status, explain_hidden, explain_shown, find_template
from assessments.questionnaire.evaluation import UNKNOWN, Range, evaluate, truth
from assessments.questionnaire.expressions import parse
from assessments.questionnaire.loader import read_template
from assessments.questionnaire.view import View

TEMPLATE = read_template(
    b"""
id: logic
version: "1"
title: Logic
kind: test
source: nobody
roles: [author]
sections:
  - id: one
    title: Say
    source: nobody
    questions:
      - {id: a, type: yes_no_unknown, title: A?, source: s}
      - {id: b, type: yes_no_unknown, title: B?, source: s}
      - {id: c, type: yes_no_unknown, title: C?, source: s}
      - {id: n, type: number, title: N?, source: s}
      - {id: m, type: multiple_choice, title: M?, source: s, options: [{id: x, title: X, score: 2}, {id: y, title: Y, score: 3}]}
      - id: t
        type: table
        title: T?
        source: s
        columns: [{id: k, type: text, title: K}, {id: v, type: number, title: V}]
      - {id: behind, type: text, title: Behind?, source: s, show_if: a = yes or 'x' in m}
""",
    "logic.yaml",
)
KLEENE: dict[str, Any] = {"yes": True, "no": False, "open": UNKNOWN}


def answers_of(**raw: Any) -> dict[str, Answer]:
    return {
        name: Answer(None, Status.UNKNOWN) if value == "open" else Answer(value)
        for name, value in raw.items()
    }


def value_of(text: str, **raw: Any) -> Any:
    return evaluate(parse(text), View(TEMPLATE, answers_of(**raw)))


def kleene_and(left: Any, right: Any) -> Any:
    if left is False or right is False:
        return False
    return UNKNOWN if UNKNOWN in (left, right) else True


@pytest.mark.parametrize(("left", "right"), product(KLEENE, repeat=2))
def test_and_and_or_follow_the_strong_logic_of_kleene(left: str, right: str) -> None:
    expected = kleene_and(KLEENE[left], KLEENE[right])
    assert value_of("a = yes and b = yes", a=left, b=right) is expected
    negated = value_of("not (a != yes or b != yes)", a=left, b=right)
    assert negated is expected, "De Morgan"


CASES = [
    ("n > 3", {"n": 4}, True),
    ("n > 3", {"n": 3}, False),
    ("n > 3", {}, UNKNOWN),
    ("n + 1 - 2 = 3", {"n": 4}, True),
    ("a in [yes, 'maybe']", {"a": "yes"}, True),
    ("'x' in m", {"m": ["x"]}, True),
    ("'y' in m", {"m": ["x"]}, False),
    ("score(m) = 5", {"m": ["x", "y"]}, True),
    ("count(m) = 2", {"m": ["x", "y"]}, True),
    ("answered(n)", {}, False),
    ("answered(n)", {"n": "open"}, False),
    ("unknown(n)", {"n": "open"}, True),
    ("count_yes(a, b, c) >= 2", {"a": "yes", "b": "yes"}, True),
    ("count_yes(a, b, c) >= 2", {"a": "yes", "b": "no"}, UNKNOWN),
    ("count_yes(a, b, c) >= 2", {"a": "no", "b": "no"}, False),
    ("count_yes(a, b, c) = 1", {"a": "yes", "b": "no", "c": "no"}, True),
    ("count_yes(a, b, c) != 1", {"a": "yes", "b": "yes"}, True),
    ("any(t where k = 'p')", {"t": [{"id": "1", "k": "p"}]}, True),
    ("any(t where k = 'p')", {"t": [{"id": "1", "k": None}]}, UNKNOWN),
    ("any(t where k = 'p')", {}, UNKNOWN),
    ("all(t where v > 1)", {"t": [{"id": "1", "v": 2}, {"id": "2", "v": 1}]}, False),
    ("count(t where v > 1) = 1", {"t": [{"id": "1", "v": 2}, {"id": "2", "v": 1}]}, True),
    ("sum(t.v where k = 'p') = 5", {"t": [{"id": "1", "k": "p", "v": 5}, {"id": "2", "k": "q", "v": 1}]}, True),
    ("max(t.v) = 5", {"t": [{"id": "1", "v": 5}, {"id": "2", "v": 1}]}, True),
    ("lookup('data_categories', 'health', 'special') = true", {}, True),
    ("lookup('data_categories', 'name', 'special') = true", {}, False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "raw", "expected"), CASES)
def test_an_expression_has_the_value_that_the_table_says(
    text: str, raw: dict[str, Any], expected: Any
) -> None:
    assert value_of(text, **raw) is expected


@given(
    st.dictionaries(st.sampled_from("abc"), st.sampled_from(["yes", "no", "open"])),
    st.integers(0, 3),
)
def test_what_is_certain_stays_so_however_open_answers_are_settled(
    given_: dict[str, str], least: int
) -> None:
    text = f"count_yes(a, b, c) >= {least}"
    now = value_of(text, **given_)
    still_open = [name for name in "abc" if given_.get(name, "open") == "open"]
    settled = {
        value_of(text, **(given_ | dict(zip(still_open, choice, strict=True))))
        for choice in product(["yes", "no"], repeat=len(still_open))
    }
    assert settled == ({True, False} if now is UNKNOWN else {now})


@pytest.mark.parametrize(
    "text",
    ["", "a =", "a = yes b", "(a = yes", "__import__('os')", "a.b", "a = 'x", "1 +", "any(t", "f(a)", "a ; b", "(" * 60 + "a" + ")" * 60, "a" * 3000],
)  # fmt: skip
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        parse(text)


@given(st.text(alphabet="abt =<>!()[]',.0123456789andorwhisyeq_+-", max_size=40))
def test_any_text_is_parsed_or_refused_and_nothing_else(text: str) -> None:
    try:
        parse(text)
    except BadInput:
        return


def test_a_number_with_open_answers_is_a_range() -> None:
    assert value_of("count_yes(a, b, c)", a="yes") == Range(1, 3)


def test_a_text_is_no_statement() -> None:
    with pytest.raises(BadInput):
        truth(parse("'x'"), View(TEMPLATE, {}))


DATED = read_template(
    b"""
id: dated
version: "1"
title: Dated
kind: test
source: nobody
roles: [author]
sections:
  - id: one
    title: Say
    source: nobody
    questions:
      - {id: first, type: date, title: First?, source: s}
      - {id: last, type: date, title: Last?, source: s}
      - {id: kind, type: text, title: Kind?, source: s}
""",
    "dated.yaml",
)


@given(st.dates(), st.dates())
def test_days_between_two_dates_are_those_of_the_calendar(first: date, last: date) -> None:
    view = View(DATED, answers_of(first=first.isoformat(), last=last.isoformat()))
    days = (last - first).days
    assert evaluate(parse("days_between(first, last)"), view) == Range(days, days)


def test_days_between_are_not_known_while_a_date_is_open() -> None:
    view = View(DATED, answers_of(first="2026-11-24", last="open"))
    assert truth(parse("days_between(first, last) > 3"), view) is UNKNOWN


@pytest.mark.parametrize(
    "text", ["days_between(first)", "days_between(first, kind)", "days_between(3, first)"]
)
def test_days_between_anything_but_two_dates_are_refused(text: str) -> None:
    with pytest.raises(BadInput):
        evaluate(parse(text), View(DATED, answers_of(first="2026-11-24", kind="soon")))


def test_a_figure_of_a_pack_is_a_number() -> None:
    pack = "lookup('access_limits', kind, 'days')"
    view = View(DATED, answers_of(kind="confidential"))
    assert truth(parse(f"{pack} >= 180 and {pack} < 181"), view) is True
    assert truth(parse(f"{pack} >= 180"), View(DATED, answers_of(kind="nonsense"))) is UNKNOWN


@pytest.mark.parametrize(
    ("kind", "found"), [("confidential", True), ("nonsense", False), (None, UNKNOWN)]
)
def test_whether_a_pack_lists_something_is_certain_once_it_is_named(
    kind: str | None, found: object
) -> None:
    view = View(DATED, answers_of(kind=kind) if kind else {})
    assert truth(parse("listed('access_limits', kind)"), view) is found


def test_why_a_question_is_shown_names_only_what_made_it_so() -> None:
    assert explain_shown(TEMPLATE, answers_of(a="yes"), "behind") == (
        "Shown because you answered Yes to “A?”."
    )
    assert "“X”" in explain_shown(TEMPLATE, answers_of(a="no", m=["x"]), "behind")
    assert explain_shown(TEMPLATE, {}, "a") == ""


def test_why_an_answer_is_set_aside_says_what_would_bring_it_back() -> None:
    said = explain_hidden(TEMPLATE, answers_of(a="no", behind="text"), "behind")
    assert said == "Set aside: it counts only if “A?” is Yes or “M?” includes “X”."


@pytest.mark.parametrize("template_id", ["dpia", "screening"])
def test_every_condition_of_a_template_can_be_said_in_words(template_id: str) -> None:
    template = find_template(template_id)
    for question in template.questions:
        if question.show_if is not None:
            said = explain_hidden(template, {}, question.id)
            assert said.startswith("Set aside")
            assert "(" not in re.sub("“[^”]*”", "", said)
