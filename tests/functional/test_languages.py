"""The language of the interface: chosen in the menu, kept by the browser, named by an address."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.functional.conftest import settle, visit
from tests.functional.crawl import violations

LONG = ("/", "/kpis", "/assessments", "/inventory", "/data_checks", "/grants")


def choose(page: Page, name: str) -> None:
    page.locator(".st-key-person button").first.click()
    page.get_by_role("radio", name=name, exact=True).locator("xpath=ancestor::label").click()
    page.keyboard.press("Escape")


def test_a_language_is_chosen_in_the_menu_and_kept_on_other_pages_and_after_a_reload(
    page: Page,
) -> None:
    visit(page, "/")
    choose(page, "Deutsch")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Übersicht")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    page.reload()
    settle(page)
    expect(heading).to_have_text("Übersicht")
    page.get_by_role("link", name="Kennzahlen").first.click()
    expect(heading).to_have_text("Kennzahlen")
    choose(page, "Français")
    expect(heading).to_have_text("Indicateurs")
    choose(page, "English")
    expect(heading).to_have_text("KPIs")


@pytest.mark.parametrize(
    ("locale", "path", "heading", "language"),
    [
        ("fr-FR", "/", "Vue d’ensemble", "fr"),
        ("en-US", "/?lang=de", "Übersicht", "de"),
        ("de-DE", "/?lang=xx", "Übersicht", "de"),
        ("de-DE", "/dataset?id=nothing", "Seite nicht gefunden", "de"),
    ],
)
def test_address_and_browser_say_which_language_a_newcomer_reads(
    browser: Browser, address: str, locale: str, path: str, heading: str, language: str
) -> None:
    context = browser.new_context(base_url=address, locale=locale)
    try:
        page = context.new_page()
        visit(page, path)
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        expect(page.locator("html")).to_have_attribute("lang", language)
    finally:
        context.close()


def test_long_words_fit_a_phone_and_break_no_rule_of_accessibility(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(
        base_url=address, viewport={"width": 390, "height": 844}, locale="de-DE"
    )
    try:
        page = context.new_page()
        for path in LONG:
            visit(page, path)
            wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert wider <= 0, path
        assert violations(page) == []
    finally:
        context.close()
