"""Taking an assessment out in the browser: the losses first, then the file. Nothing is downloaded here,
because a download is an entry of the ledger and the home is shared."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from playwright.sync_api import Page

from tests.functional.conftest import visit


def signed_assessment(home: Path) -> str:
    with sqlite3.connect(f"file:{home}/records.sqlite?mode=ro", uri=True) as records:
        row = records.execute(
            "select id from assessment where state = 'approved_with_conditions' limit 1"
        ).fetchone()
    return str(row[0])


def test_the_losses_follow_the_format_before_anything_is_downloaded(
    page: Page, loaded_home: Path
) -> None:
    wanted = signed_assessment(loaded_home)
    visit(page, f"/take_out?assessment={wanted}&format=dpv")
    page.get_by_role("button", name=f"Download {wanted}.jsonld").wait_for()
    page.get_by_text("DPV has no term for it").first.wait_for()

    page.get_by_text("Word document").click()

    page.get_by_role("button", name=f"Download {wanted}.docx").wait_for()
    page.get_by_text("Only the signed report and its pack carry them").wait_for()
    assert page.url.endswith("format=docx")
