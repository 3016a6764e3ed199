"""Addresses, links, the back button, focus and language."""

from __future__ import annotations

from urllib.request import Request, urlopen

from playwright.sync_api import Page, expect

from tests.functional.conftest import play, settle, visit


def test_a_deep_link_opens_the_object_that_it_names(page: Page) -> None:
    visit(page, "/kpi?name=overdue_deletions")
    expect(page.get_by_role("heading", level=1)).to_have_text("Overdue deletions")
    assert page.title().startswith("KPI")


def test_a_card_opens_its_number_and_back_returns_to_the_board(page: Page) -> None:
    visit(page, "/")
    page.get_by_role("link", name="Overdue deletions").first.click()
    page.wait_for_url("**/kpi?name=overdue_deletions")
    settle(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Overdue deletions")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")


def test_the_number_on_the_board_is_the_number_of_rows_behind_it(page: Page) -> None:
    visit(page, "/")
    card = page.locator(".pw-card", has_text="Overdue deletions")
    number = card.locator(".pw-value").inner_text().strip()
    card.get_by_role("link").click()
    page.wait_for_url("**/kpi?name=overdue_deletions")
    expect(page.locator(".pw-table caption", has_text="Rows that fail")).to_have_text(
        f"Rows that fail: {number} rows"
    )


def test_an_unknown_object_gets_a_designed_answer(page: Page) -> None:
    for path in (
        "/dataset?id=%3Cscript%3Ealert(1)%3C/script%3E",
        "/dataset",
        "/kpi?name=../../etc/passwd",
        "/ledger_entry?seq=99999999999999999999",
        "/ledger_entry?seq=-1",
        "/load?batch=%00",
        "/project?id=' or 1=1 --",
    ):
        visit(page, path)
        expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
        expect(page.get_by_role("alert")).to_contain_text("There is a problem")
        expect(page.get_by_role("link", name="Go to the overview")).to_be_visible()


def test_values_that_are_not_allowed_in_an_address_fall_back(page: Page) -> None:
    visit(page, "/inventory?kind=nothing&page=-7&search=%25")
    expect(page.get_by_role("heading", level=1)).to_have_text("Inventory")
    visit(page, "/kpi?name=off_purpose_access&only=everything&page=999999")
    expect(page.locator(".pw-table").first).to_be_attached()


def test_a_search_is_kept_in_the_address(page: Page) -> None:
    visit(page, "/inventory")
    rows = page.locator(".pw-table tbody tr")
    unfiltered = rows.count()
    page.get_by_role("searchbox").fill("claims")
    page.keyboard.press("Enter")
    page.wait_for_url("**search=claims**")
    expect(rows).not_to_have_count(unfiltered)
    settle(page)
    shown = rows.count()
    page.reload()
    settle(page)
    assert page.locator(".pw-table tbody tr").count() == shown
    assert shown > 0


def test_the_heading_has_the_focus_after_a_change_of_page(page: Page) -> None:
    visit(page, "/")
    page.get_by_role("link", name="All KPIs").click()
    page.wait_for_url("**/kpis")
    page.wait_for_function("() => document.activeElement?.innerText?.trim() === 'KPIs'")
    assert page.evaluate("document.activeElement.tagName") == "H1"
    assert page.evaluate("document.documentElement.lang") == "en"


def test_a_played_person_stays_after_a_reload(page: Page) -> None:
    visit(page, "/")
    play(page, "Giulia Ferrante")
    page.reload()
    settle(page)
    expect(page.locator(".st-key-person button").first).to_contain_text("Giulia Ferrante")


def test_checking_the_ledger_says_the_verdict_aloud(page: Page) -> None:
    visit(page, "/ledger")
    page.get_by_role("button", name="Check the whole ledger").click()
    expect(page.locator("#pw-announcements")).to_contain_text("entries hashed again")


def test_answers_carry_strict_headers(address: str) -> None:
    for path in ("/", "/ready", "/app/static/fonts/inter-latin.woff2"):
        with urlopen(Request(f"{address}{path}"), timeout=5) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'self'" in policy
            assert "frame-ancestors 'none'" in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
