"""The view of an assessment in the browser: from what is lacking to the question that closes it."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.functional.conftest import visit
from tests.functional.places import assessment_places


def path_of(home: Path, name: str) -> str:
    return next(place.path for place in assessment_places(home) if place.name == name)


def test_what_is_lacking_leads_to_the_answers_and_the_view_can_be_downloaded(
    page: Page, loaded_home: Path
) -> None:
    visit(page, path_of(loaded_home, "views"))
    page.get_by_role("link", name="DPIA in the ICO's seven steps").click()
    expect(page.get_by_role("heading", name="DPIA in the ICO's seven steps")).to_be_visible()
    expect(page.get_by_text("This view lacks nothing.")).to_be_visible()
    expect(page.get_by_role("heading", name="5.2 Likelihood, severity")).to_be_visible()
    with page.expect_download() as started:
        page.get_by_role("button", name="Download as PDF").click()
    assert Path(started.value.path()).read_bytes().startswith(b"%PDF-1.7")
    visit(page, path_of(loaded_home, "view-draft"))
    page.get_by_role("link", name="Not answered yet: Who is the controller?").first.click()
    expect(page).to_have_url(re.compile(r"/(question|check_answers)\?"))
    expect(page.get_by_text("Who is the controller?").first).to_be_visible()
