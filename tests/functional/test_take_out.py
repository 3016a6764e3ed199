"""Taking an assessment out in the browser: the losses first, then the file."""

from __future__ import annotations

import json
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


def test_the_losses_of_a_format_are_seen_before_the_download(page: Page, loaded_home: Path) -> None:
    wanted = signed_assessment(loaded_home)
    visit(page, f"/take_out?assessment={wanted}&format=dpv")
    page.get_by_role("heading", name="What has no place in it").wait_for()

    with page.expect_download() as download:
        page.get_by_role("button", name=f"Download {wanted}.jsonld").click()

    graph = json.loads(Path(download.value.path()).read_text("utf-8"))
    assert graph["hasImpactAssessment"]["identifier"] == wanted
