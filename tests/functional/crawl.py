"""One walk over pages in both themes; tests look at what it saw."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import yaml
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from tests.functional.conftest import turn_to, visit
from tests.functional.places import Place

ALLOWED = Path(__file__).with_name("axe-allowed.yaml")
RULES: dict[str, Any] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
COLOURS: dict[str, Any] = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
"""What another theme can break: the rest of the page is the same as in light."""
DESK = (1280, 900)
PHONE = (390, 844)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
IS_PAINTED = """isDark => {
    const colour = getComputedStyle(document.querySelector('.stApp')).backgroundColor
    return (colour.match(/\\d+/g).slice(0, 3).every(part => part < 128)) === isDark
}"""
WIDTH = """() => Math.max(
    document.documentElement.scrollWidth,
    document.querySelector('[data-testid=stMain]').scrollWidth)"""


@dataclass(slots=True)
class Seen:
    """What one walk saw, by page."""

    violations: dict[str, list[str]] = field(default_factory=dict)
    widths: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def outside(self, address: str) -> set[str]:
        """Addresses of other origins that the browser asked for."""
        own = urlsplit(address).netloc
        schemes = {"data", "blob"}
        return {
            url
            for url in self.asked
            if urlsplit(url).scheme not in schemes and urlsplit(url).netloc != own
        }


def crawl(browser: Browser, address: str, places: list[Place]) -> Seen:
    """Visit every place, check it with axe in light and in dark, then narrow the window to a phone's.

    The first place is opened by its address, the others inside the app. Which theme comes first
    changes from place to place: the first gets all rules, the second those of colour.
    """
    seen = Seen()
    context = browser.new_context(base_url=address, color_scheme="light")
    page = context.new_page()
    _listen(page, seen)
    for number, place in enumerate(places):
        page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
        visit(page, place.path) if number == 0 else turn_to(page, place.path)
        order = SCHEMES if number % 2 == 0 else SCHEMES[::-1]
        for scheme, rules in zip(order, (RULES, COLOURS), strict=True):
            _paint(page, scheme)
            if problems := violations(page, rules):
                seen.violations[f"{place.name} ({scheme})"] = problems
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        page.wait_for_timeout(150)
        seen.widths[place.name] = page.evaluate(WIDTH)
    context.close()
    return seen


def _paint(page: Page, scheme: Literal["light", "dark"]) -> None:
    """Switch the system's theme, as a person does, and wait until the app has followed."""
    if page.evaluate(IS_PAINTED, scheme == "dark"):
        return
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(IS_PAINTED, arg=scheme == "dark")
    page.wait_for_timeout(120)


def violations(page: Page, rules: dict[str, Any] = RULES) -> list[str]:
    """Accessibility violations that the allow-list does not name."""
    allowed = yaml.safe_load(ALLOWED.read_text(encoding="utf-8"))
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate("rules => axe.run(document, rules)", rules)[
        "violations"
    ]
    return [
        f"{rule['id']}: {node['html'][:160]} ({node.get('failureSummary', '')[:200]})"
        for rule in found
        for node in rule["nodes"]
        if not any(a["rule"] == rule["id"] and a["part"] in node["html"] for a in allowed)
    ]


def _listen(page: Page, seen: Seen) -> None:
    """Streamlit looks for its own files below the address of a page first; those 404s are expected."""
    page.on("request", lambda request: seen.asked.append(request.url))
    page.on("websocket", lambda socket: seen.asked.append(socket.url))
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on(
        "console",
        lambda message: (
            seen.errors.append(message.text)
            if message.type == "error" and "404" not in message.text
            else None
        ),
    )
