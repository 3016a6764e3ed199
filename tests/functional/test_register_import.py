"""A register in a spreadsheet, seen in the browser before a row is added; nothing is written here."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.functional.conftest import play, settle, visit
from tests.functional.crawl import PHONE, violations

SHEET = """Référence;Nom du traitement;Finalité;Base légale;Personnes concernées;Données;Durée de conservation
T1;Paie;Payer;Obligation légale;Salariés;Coordonnées;5 ans
T2;Vidéo;Surveiller;intérêt légitime;Visiteurs;Images;tant que nécessaire
"""


def choose(page: Page, folder: Path) -> None:
    file = folder / "registre.csv"
    file.write_text(SHEET)
    visit(page, "/register_import")
    play(page, "Friederike Lindner")
    settle(page)
    page.set_input_files("input[type=file]", str(file))
    page.get_by_role("heading", name="Which column holds what").wait_for()
    settle(page)


def test_the_proposal_can_be_corrected_and_the_rows_follow(page: Page, tmp_path: Path) -> None:
    choose(page, tmp_path)
    page.get_by_text("2 rows cannot be added").wait_for()

    page.get_by_label("Owner of rows that name none").click()
    page.keyboard.type("Marta Cast")
    page.keyboard.press("Enter")

    page.get_by_text("1 row can be added").wait_for()
    page.get_by_text("it names no single period").first.wait_for()
    assert page.get_by_role("button", name="Add 1 row to the register").is_enabled()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the mapping").click()
    assert "Durée de conservation" in Path(download.value.path()).read_text("utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_preview_is_accessible_and_fits_a_phone(
    browser: Browser, address: str, tmp_path: Path, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(base_url=address, color_scheme=scheme)
    page = context.new_page()
    choose(page, tmp_path)
    found = violations(page)
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.wait_for_timeout(500)
    width = page.evaluate("document.documentElement.scrollWidth")
    context.close()

    assert not found
    assert width <= PHONE[0]


def test_the_record_in_the_address_is_shown_and_follows_the_choice(page: Page) -> None:
    visit(page, "/article_30?article=30-2")
    page.get_by_text("There is no entry").first.wait_for()

    page.get_by_text("As controller (Art. 30(1))").click()
    page.get_by_role("button", name="Download as workbook").wait_for()

    assert page.url.endswith("article=30-1")


def test_the_register_in_the_address_is_shown(page: Page) -> None:
    visit(page, "/inventory?kind=vendors")

    page.get_by_role("columnheader", name="Vendor").wait_for()
