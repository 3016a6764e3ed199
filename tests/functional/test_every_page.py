"""What holds for every page: accessible in both themes, fits a phone, and never leaves its origin."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from tests.functional.conftest import visit
from tests.functional.places import all_places

ALLOWED = Path(__file__).with_name("axe-allowed.yaml")
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


def unexplained(found: list[dict[str, Any]]) -> list[str]:
    """Violations that the allow-list does not name."""
    allowed = yaml.safe_load(ALLOWED.read_text(encoding="utf-8"))
    return [
        f"{violation['id']}: {node['html'][:160]} ({node.get('failureSummary', '')[:200]})"
        for violation in found
        for node in violation["nodes"]
        if not any(a["rule"] == violation["id"] and a["part"] in node["html"] for a in allowed)
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_has_no_accessibility_violation(
    browser: Browser, address: str, loaded_home: Path, scheme: Any
) -> None:
    context = browser.new_context(base_url=address, color_scheme=scheme)
    page = context.new_page()
    axe = Axe()
    found = {}
    for place in all_places(loaded_home):
        visit(page, place.path)
        if problems := unexplained(axe.run(page, options=RULES).response["violations"]):
            found[place.name] = problems
    context.close()
    assert not found


def test_no_page_asks_another_origin_for_anything(
    page: Page, address: str, loaded_home: Path
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    for place in all_places(loaded_home):
        visit(page, place.path)
    origin = urlsplit(address).netloc
    outside = {
        url
        for url in asked
        if urlsplit(url).scheme not in {"data", "blob"} and urlsplit(url).netloc != origin
    }
    assert asked
    assert not outside


def test_no_page_is_wider_than_a_phone(browser: Browser, address: str, loaded_home: Path) -> None:
    context = browser.new_context(base_url=address, viewport={"width": 390, "height": 844})
    page = context.new_page()
    wide = {}
    for place in all_places(loaded_home):
        visit(page, place.path)
        width = page.evaluate(
            "() => Math.max(document.documentElement.scrollWidth, document.querySelector('[data-testid=stMain]').scrollWidth)"
        )
        if width > 390:
            wide[place.name] = width
    context.close()
    assert not wide


def test_no_page_logs_an_error_in_the_browser(page: Page, loaded_home: Path) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda message: errors.append(message.text)
        if message.type == "error" and "404" not in message.text
        else None,
    )
    for place in all_places(loaded_home):
        visit(page, place.path)
    assert not errors
