"""Sentences, numbers, days and errors in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest

from assessments.errors import BadInput
from assessments.questionnaire import check_answer, find_template
from assessments.records.permissions import NotPermitted
from dashboard import text
from dashboard.text import counted, day, moment, number, period, say, say_error, use_language, words


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    use_language("en")


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [("de", "de"), ("de-AT", "de"), ("fr_CA", "fr"), ("fr", "fr"), ("it", "en"), ("DE", "de")],
)
def test_a_browser_gets_its_language_where_there_is_one(wanted: str, chosen: str) -> None:
    assert use_language(wanted) == chosen


@pytest.mark.parametrize(
    ("language", "said"),
    [("de", ("24.11.2026", "24.11.2026, 14:02", "1.234,5")),
     ("fr", ("24\u00a0nov.\u00a02026", "24 nov. 2026, 14:02", "1\u202f234,5"))],
)  # fmt: skip
def test_days_and_numbers_follow_the_language(language: str, said: tuple[str, str, str]) -> None:
    use_language(language)
    shown = (day(date(2026, 11, 24)), moment(datetime(2026, 11, 24, 14, 2)), number(1234.5, 1))
    assert shown == said


@pytest.mark.parametrize(
    ("language", "none", "two"), [("de", "0 Zeilen", "2 Zeilen"), ("fr", "0 ligne", "2 lignes")]
)
def test_one_and_many_follow_the_rule_of_the_language(language: str, none: str, two: str) -> None:
    use_language(language)
    assert (counted(0, "row", "rows"), counted(2, "row", "rows")) == (none, two)


def test_periods_and_codes_are_words_of_the_language() -> None:
    use_language("de")
    assert period("P1Y6M") == "1 Jahr 6 Monate"
    assert words("special_category") == "Besondere Kategorie"
    assert words("nobody_translated_this") == "Nobody translated this"


def test_the_interface_falls_back_to_the_words_of_the_core() -> None:
    use_language("fr")
    assert say("Not provided") == "Non renseigné"
    assert say("A sentence that no catalogue has") == "A sentence that no catalogue has"


def test_an_error_of_the_core_is_said_in_the_language_with_its_values() -> None:
    question = find_template("screening").question("plan")
    with pytest.raises(BadInput) as caught:
        check_answer(question, "x" * 100_001)
    use_language("de")
    assert say_error(caught.value.title) == ("Der Text ist zu lang", "de")
    told, spoken = say_error(caught.value.detail)
    assert (told, spoken) == ("Höchstens 100000 Zeichen; dieser Text hat 100001.", "de")


def test_codes_inside_an_error_are_words_of_the_language_too() -> None:
    refused = NotPermitted(
        "You do not have a role that allows this",
        "It needs one of these roles, valid today, for this project: approver, author.",
    )
    use_language("fr")
    assert say_error(refused.detail)[0] == (
        "Il faut l’un de ces rôles, valable aujourd’hui, pour ce projet\u00a0: "
        "approbateur/trice, auteur/e."
    )


def test_an_error_that_no_catalogue_has_says_that_it_is_english() -> None:
    use_language("de")
    assert say_error("The disk of a far machine is on fire") == (
        "The disk of a far machine is on fire", "en",
    )  # fmt: skip


def test_a_callback_before_the_run_asks_what_the_session_wants() -> None:
    text._language.set(None)
    text.ask_for_language(lambda: "de")
    try:
        assert say("Overview") == "Übersicht"
    finally:
        text.ask_for_language(lambda: None)
