"""What holds for every page: accessible in both themes, fits a phone, and never leaves its origin."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.functional.conftest import visit
from tests.functional.crawl import PHONE, Seen, crawl, violations
from tests.functional.places import all_places


@pytest.fixture(scope="module", params=["light", "dark"])
def seen(request: pytest.FixtureRequest, browser: Browser, address: str, loaded_home: Path) -> Seen:
    return crawl(browser, address, all_places(loaded_home), request.param)


def test_every_page_has_no_accessibility_violation(seen: Seen) -> None:
    assert not seen.violations


def test_no_page_asks_another_origin_for_anything(seen: Seen, address: str) -> None:
    assert len(seen.asked) > 50
    assert not seen.outside(address)


def test_no_page_is_wider_than_a_phone(seen: Seen) -> None:
    assert not {name: width for name, width in seen.widths.items() if width > PHONE[0]}


def test_no_page_logs_an_error_in_the_browser(seen: Seen) -> None:
    assert not seen.errors


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_open_menu_of_people_has_no_accessibility_violation(
    browser: Browser, address: str, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(base_url=address, color_scheme=scheme)
    page = context.new_page()
    visit(page, "/")
    page.locator(".st-key-person button").first.click()
    page.get_by_role("radio").first.wait_for()
    found = violations(page)
    context.close()
    assert not found


def test_the_accessibility_check_finds_what_is_planted(page: Page) -> None:
    visit(page, "/kpis")
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend',"
        '\'<img src="data:,"><p style="position:fixed;top:90px;left:9px;z-index:99999;color:#888;background:#999">low</p>\')'
    )
    found = " ".join(violations(page))
    assert "image-alt" in found
    assert "color-contrast" in found
