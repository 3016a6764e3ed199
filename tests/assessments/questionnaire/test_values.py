"""Raw input becomes one normal form, or is refused with the question's id."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.errors import BadInput
from assessments.questionnaire import Answer, Question, Shape, Status, Type, check_answer
from assessments.questionnaire.durations import days_in, in_words
from assessments.questionnaire.template import Column, Option

COLOURS = (Option("red", "Red"), Option("blue", "Blue", score=3))


def ask(kind: Type, **shape: Any) -> Question:
    return Question("q", "What?", Shape(kind, **shape), "s", "nobody")


TABLE = Question(
    "t", "Which?", Shape(Type.TABLE), "s", "nobody", label="name",
    columns=(
        Column("name", "Name", Shape(Type.TEXT)),
        Column("kept", "Kept", Shape(Type.DURATION)),
        Column("who", "Who", Shape(Type.REFERENCE, references=("t",), multiple=True)),
    ),
)  # fmt: skip

GOOD = [
    (ask(Type.TEXT), "  two   words\n", "two words"),
    (ask(Type.LONG_TEXT), "one\r\n\r\ntwo  ", "one\n\ntwo"),
    (ask(Type.TEXT), "e\u0301", "é"),
    (ask(Type.CHOICE, options=COLOURS), "red", "red"),
    (ask(Type.CHOICE, options=COLOURS), "Blue", "blue"),
    (ask(Type.MULTIPLE_CHOICE, options=COLOURS), ["blue", "red", "blue"], ["red", "blue"]),
    (ask(Type.YES_NO_UNKNOWN), True, "yes"),
    (ask(Type.YES_NO_UNKNOWN), "No", "no"),
    (ask(Type.NUMBER), "1 200", 1200),
    (ask(Type.NUMBER), 0.5, 0.5),
    (ask(Type.DATE), "2028-02-29", "2028-02-29"),
    (ask(Type.DURATION), "p18m", "P18M"),
    (ask(Type.REFERENCE, inventory="dataset"), "d-1", "d-1"),
    (ask(Type.REFERENCE, inventory="dataset", multiple=True), ["d-1", "d-1"], ["d-1"]),
    (ask(Type.SCORE, options=COLOURS), "blue", 3),
    (ask(Type.FILE), [{"sha256": "a" * 64, "name": "x.pdf"}, "a" * 64], ["a" * 64]),
]  # fmt: skip

BAD = [
    (ask(Type.TEXT), 7),
    (ask(Type.TEXT), "x" * 2_001),
    (ask(Type.TEXT), "\ud800"),
    (ask(Type.CHOICE, options=COLOURS), "green"),
    (ask(Type.MULTIPLE_CHOICE, options=COLOURS), ["red", "green"]),
    (ask(Type.YES_NO_UNKNOWN), "maybe"),
    (ask(Type.NUMBER), "nan"),
    (ask(Type.NUMBER), float("inf")),
    (ask(Type.NUMBER), True),
    (ask(Type.NUMBER, whole=True), 1.5),
    (ask(Type.NUMBER, minimum=0, unit="people"), -1),
    (ask(Type.DATE), "2026-02-31"),
    (ask(Type.DATE), "31.12.2026"),
    (ask(Type.DURATION), "two years"),
    (ask(Type.DURATION), "P"),
    (ask(Type.DURATION), "PT"),
    (ask(Type.REFERENCE, inventory="dataset"), ["a", "b"]),
    (ask(Type.FILE), [{"sha256": "zz", "name": "x"}]),
    (ask(Type.SCORE, options=COLOURS), "red"),
    (TABLE, "text"),
    (TABLE, ["text"]),
    (TABLE, [{"name": "a", "colour": "red"}]),
    (TABLE, [{"name": "a", "kept": "long"}]),
    (ask(Type.TEXT), "  "),
    (TABLE, [{"name": None}]),
]


@pytest.mark.parametrize(("question", "raw", "normal"), GOOD)
def test_usable_input_takes_its_normal_form(question: Question, raw: Any, normal: Any) -> None:
    answer = check_answer(question, raw)
    assert answer == Answer(normal)
    assert check_answer(question, answer.value) == answer, "the normal form stays as it is"


@pytest.mark.parametrize(("question", "raw"), BAD)
def test_unusable_input_is_refused_under_its_question(question: Question, raw: Any) -> None:
    with pytest.raises(BadInput) as caught:
        check_answer(question, raw)
    assert caught.value.field == question.id


def test_a_bad_cell_is_named_by_row_and_column() -> None:
    with pytest.raises(BadInput) as caught:
        check_answer(TABLE, [{"name": "a"}, {"name": "b", "kept": "long"}])
    assert caught.value.where == {"row": 2, "column": "Kept"}


def test_i_do_not_know_yet_is_an_answer_of_its_own() -> None:
    answer = check_answer(ask(Type.YES_NO_UNKNOWN), "unknown")
    assert (answer.status, answer.value) == (Status.UNKNOWN, None)


def test_a_required_question_does_not_apply_only_with_a_reason() -> None:
    question = ask(Type.TEXT)
    with pytest.raises(BadInput):
        check_answer(question, None, status=Status.NOT_APPLICABLE)
    assert check_answer(question, None, status=Status.NOT_APPLICABLE, note="No people").note


def test_rows_keep_their_ids_and_equal_rows_get_the_same_id_again() -> None:
    first = check_answer(TABLE, [{"name": "a"}, {"name": "b"}])
    ids = [row["id"] for row in first.value]
    again = check_answer(TABLE, [{"name": "a"}, {"name": "b"}], previous=first)
    assert again == first
    edited = check_answer(TABLE, [{"id": ids[1], "name": "c"}, {"name": "a"}], previous=first)
    assert [row["id"] for row in edited.value] == [ids[1], ids[0]]


def test_a_removed_row_does_not_give_its_id_to_another() -> None:
    first = check_answer(TABLE, [{"name": "a"}])
    other = check_answer(TABLE, [{"name": "b"}], previous=first)
    assert other.value[0]["id"] != first.value[0]["id"]


def test_two_rows_with_one_id_do_not_share_it() -> None:
    rows = check_answer(TABLE, [{"id": "r", "name": "a"}, {"id": "r", "name": "b"}]).value
    assert len({row["id"] for row in rows}) == 2


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=20) | st.integers(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["id", "name", "who", "x"]), inner, max_size=3)
        ),
        max_leaves=6,
    ),
    st.sampled_from([TABLE, *(question for question, _, _ in GOOD)]),
)
def test_anything_at_all_is_either_refused_or_has_a_stable_normal_form(
    raw: Any, question: Question
) -> None:
    try:
        answer = check_answer(question, raw)
    except BadInput:
        return
    assert check_answer(question, answer.value, status=answer.status) == answer


def test_durations_compare_by_days_and_read_as_words() -> None:
    assert days_in("P2Y") > days_in("P18M") > days_in("P90D")
    assert in_words("P1Y6M") == "1 year 6 months"
