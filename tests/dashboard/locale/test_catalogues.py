"""Catalogues hold every sentence of the product, with the same placeholders and nothing but text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dashboard.locale import catalogues
from dashboard.locale.catalogues import LANGUAGES, file_of, problems
from dashboard.locale.collect import ROOT, Message, collect, undeclared
from dashboard.text import languages

TEMPLATES = ROOT / "assessments/reports/templates"
ENGLISH = {"board.typ"}
"""The board pack belongs to no assessment, so it has no language of its own."""


def test_every_message_of_interface_core_and_report_is_translated_with_the_same_values() -> None:
    """After new sentences: ``python -m dashboard.locale`` lists what both languages still need."""
    assert [f"{found.language}: {found.what}: {found.message}" for found in problems()] == []


def test_pages_say_nothing_that_the_collection_does_not_know() -> None:
    assert undeclared() == []


def test_the_collection_finds_what_code_says_in_every_way() -> None:
    core, pages = collect()
    assert {"Overview", "Save and continue", ("entry", "entries")} <= pages.keys()
    assert {"Not provided", ("row", "rows"), "Highest remaining risks"} <= core.keys()
    assert core["1 to {max_title} characters."].is_error
    assert not core["Not provided"].is_error
    assert not core.keys() & pages.keys()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("package", ["assessments", "dashboard"])
def test_catalogues_say_nothing_that_changes_with_the_day(package: str, language: str) -> None:
    head = file_of(package, language).read_text("utf-8").split("\n\n")[0]
    assert f"Language: {language}" in head
    assert "Plural-Forms: nplurals=2" in head
    assert "Date" not in head


def test_the_app_offers_exactly_the_languages_that_have_catalogues() -> None:
    assert languages() == ("en", *LANGUAGES)


def test_the_layout_of_reports_says_everything_through_the_catalogue() -> None:
    loose = [
        f"{file.name}: {found}"
        for file in sorted(TEMPLATES.rglob("*.typ"))
        if file.name not in ENGLISH
        for found in _loose_words(file.read_text("utf-8"))
    ]
    assert loose == []


def _loose_words(source: str) -> list[str]:
    """Headings and content of two words or more that stand in the layout itself."""
    code = re.sub(r"//[^\n]*", "", source)
    code = re.sub(r'"(?:[^"\\]|\\.)*"', '""', code)
    headings = re.findall(r"^\s*=+ [A-Za-z].*$", code, re.MULTILINE)
    return headings + re.findall(r"\[[^\[\]#()=]*\b[A-Za-z]{3,} [a-z]{2,}[^\[\]#()=]*\]", code)


def test_a_sentence_that_goes_and_comes_back_keeps_its_translation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages = {text: Message(text, {"a.py"}) for text in ("Overview", "Load")}
    monkeypatch.setattr(catalogues, "LANGUAGES", ("de",))
    monkeypatch.setattr(catalogues, "file_of", lambda package, _: tmp_path / f"{package}.po")
    start = 'msgid ""\nmsgstr ""\n"Language: de\\n"\n\nmsgid "Load"\nmsgstr "Ladevorgang"\n'
    (tmp_path / "dashboard.po").write_text(start, encoding="utf-8")
    for wanted in ({"Overview": messages["Overview"]}, messages):
        monkeypatch.setattr(catalogues, "collect", lambda wanted=wanted: ({}, wanted))
        catalogues.renew()
    assert 'msgid "Load"\nmsgstr "Ladevorgang"' in (tmp_path / "dashboard.po").read_text("utf-8")
