"""The office's pages: accessible in both themes, fit a phone, and never leave their origin."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.functional.conftest import visit
from tests.functional.crawl import Seen, crawl, violations
from tests.functional.places import office_places
from tests.functional.promises import (  # noqa: F401
    test_every_page_has_no_accessibility_violation,
    test_no_page_asks_another_origin_for_anything,
    test_no_page_is_wider_than_a_phone,
    test_no_page_logs_an_error_in_the_browser,
)


@pytest.fixture(scope="module")
def seen(browser: Browser, address: str, loaded_home: Path) -> Seen:
    return crawl(browser, address, office_places(loaded_home))


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
