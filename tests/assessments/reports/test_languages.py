"""A report speaks the language of its assessment: layout, dates, numbers, and the PDF says which."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pytest

from assessments.language import languages, say
from assessments.reports import words
from assessments.reports.record import read_record
from assessments.reports.render import render_report
from assessments.reports.spoken import asked, spoken
from assessments.reports.text import Cleaning, breakable
from assessments.reports.view import make_view
from tests.assessments.reports.dpia import canonical, make_record


def record_in(language: str) -> bytes:
    record = make_record()
    record["assessment"]["language"] = language
    return canonical(record)


def view_in(language: str) -> dict[str, Any]:
    return make_view(read_record(record_in(language)), Cleaning())


@pytest.mark.parametrize(("language", "said"), [("de", "de"), ("fr", "fr"), ("xx", "en")])
def test_the_pdf_names_the_language_that_it_speaks(language: str, said: str) -> None:
    pdf = pikepdf.open(io.BytesIO(render_report(record_in(language))))
    assert str(pdf.Root["/Lang"]) == said


def test_roles_dates_and_states_are_words_of_the_language() -> None:
    german = view_in("de")
    assert german["decision"]["outcome_word"] in {"Freigegeben", "Mit Auflagen freigegeben"}
    assert german["signers"][1]["label"] == "Datenschutzbeauftragte/r"
    assert german["signers"][0]["statement"].startswith("Ich habe diese Bewertung erstellt")
    assert " UTC" in german["frozen_on"]
    assert any(month in german["frozen_on"] for month in (". November ", ". Oktober "))


def test_numbers_have_the_decimal_sign_of_the_language() -> None:
    assert words.number(0.0123, "en") == "0.0123"
    assert words.number(0.0123, "de") == "0,0123"
    assert words.number(12.5, "fr") == "12,5"


@pytest.mark.parametrize("language", languages()[1:])
def test_every_sentence_of_the_layout_has_a_translation(language: str) -> None:
    same = {sentence for sentence, said in spoken(language).items() if said == sentence}
    assert len(asked()) > 80
    assert len(same) < 12, sorted(same)


@pytest.mark.parametrize("language", languages()[1:])
def test_a_reason_for_signing_fits_the_stamp(language: str) -> None:
    assert all(len(say(language, reason)) <= 60 for reason in words.REASONS.values())


def test_long_words_of_a_language_are_left_to_hyphenation_and_digests_are_not() -> None:
    assert breakable("Auftragsverarbeiter", 14, 34) == "Auftragsverarbeiter"
    assert "\u200b" in breakable("Auftragsverarbeiter", 14)
    assert "\u200b" in breakable("0a1b2c3d4e5f6071", 14, 34)
