"""The map of risks: reached by the keyboard, narrowed by the address, and the same in words."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

from tests.functional.conftest import visit
from tests.functional.places import assessment_places


def test_the_keyboard_walks_from_risk_to_risk_and_opens_one(page: Page, loaded_home: Path) -> None:
    (place,) = (p for p in assessment_places(loaded_home) if p.name == "risks-signed")
    visit(page, place.path)
    pins = page.locator(".pw-pin")
    names = pins.all_text_contents()
    assert names == [f"R{number}" for number in range(1, len(names) + 1)]
    pins.first.focus()
    for name in names[1:]:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == name
    page.keyboard.press("Enter")
    page.wait_for_url("**/check_answers?assessment=*")


def test_an_address_shows_the_same_part_of_the_map_as_the_table(
    page: Page, loaded_home: Path
) -> None:
    (place,) = (p for p in assessment_places(loaded_home) if p.name == "risks-signed")
    visit(page, f"{place.path}&kind=by_design&end=now")
    pins = page.locator(".pw-pin").all_text_contents()
    rows = page.get_by_role("table").first.get_by_role("row")
    assert 0 < len(pins) == rows.count() - 1
    page.get_by_text("Say it in words").click()
    assert page.locator(".pw-twin li").count() == len(pins)
