"""A request for access in a real browser: begun at the dataset, decided, in force, taken back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser, expect

from assessments import questionnaire
from assessments.records import Actor, Records
from assessments.review import rounds
from assessments.settings import Home
from tests.functional.conftest import running, settle, visit
from tests.functional.crawl import violations
from tests.functional.test_assessment_round import (
    APPROVER,
    AUTHOR,
    Office,
    accept_all,
)

pytestmark = pytest.mark.browser

RECIPIENT, RECIPIENT_NAME = "p-002", "Jonas Kessler"
DATASET, PURPOSE = "d-payments", "pu-arrears"
EXAMPLE = Path(__file__).parents[1] / "assessments" / "templates" / "access_request.yaml"


@pytest.fixture(scope="module")
def place(
    browser: Browser, loaded_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("access")
    shutil.copytree(loaded_home, folder / "home")
    home = Home.locate(folder / "home")
    records = Records.open(home.records_url)
    with running(home.path, folder / "log") as address:
        yield Office(address, home, records, browser)
    records.close()


def begin_at_the_dataset(place: Office) -> str:
    page = place.page_of(AUTHOR)
    visit(page, f"/dataset?id={DATASET}")
    page.get_by_role("link", name="Ask for access").click()
    settle(page)
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/assessment?assessment=access-request-*")
    return page.url.split("assessment=")[1]


def answer_by_hand_and_by_script(place: Office, request: str) -> None:
    """The person by hand; the rest as the example answers it, over what the inventory filled in."""
    page = place.page_of(AUTHOR)
    visit(page, f"/question?assessment={request}&q=recipient")
    page.get_by_test_id("stSelectbox").locator("input").click()
    page.get_by_role("option", name=RECIPIENT_NAME).click()
    page.get_by_role("button", name="Save and continue").click()
    expect(page.locator("main h1")).to_have_text("How does this person belong to the company?")
    example = yaml.safe_load(EXAMPLE.read_text("utf-8"))["consistent"]
    today = datetime.now(UTC).date()
    days = {"first_day": today, "last_day": today + timedelta(days=20), "purpose": PURPOSE}
    filled = ("recipient", "dataset", "declared", "data_class")
    for question, value in (example | days).items():
        if question not in filled:
            questionnaire.save_answer(place.records, Actor.person(AUTHOR), request, question, value)
    questionnaire.confirm_prefill(place.records, Actor.person(AUTHOR), request, *filled[1:])


def test_an_approved_request_is_in_force_until_it_is_taken_back(place: Office) -> None:
    request = begin_at_the_dataset(place)
    answer_by_hand_and_by_script(place, request)
    rounds.submit(place.records, Actor.person(AUTHOR), request)
    accept_all(place, request)
    page = place.page_of(APPROVER)
    visit(page, f"/decision?assessment={request}")
    expect(page.get_by_text("An approval gives the access that was asked for")).to_be_visible()
    page.get_by_text("Approved", exact=True).click()
    settle(page)
    page.get_by_label("Reason").fill("It is needed, and limited.")
    page.get_by_role("button", name="Decide").click()
    expect(page.locator("main h1")).to_have_text("Report")
    visit(page, "/grants")
    assert not violations(page)
    page.get_by_role("link", name=RECIPIENT_NAME).click()
    expect(page.locator("main h1")).to_have_text(f"Access of {RECIPIENT_NAME}")
    settle(page)
    assert not violations(page)
    expect(page.get_by_text("In force", exact=True)).to_be_visible()
    page.get_by_role("button", name="Revoke now").click()
    expect(page.get_by_text("Say why the access is taken back")).to_be_visible()
    settle(page)
    page.get_by_label("Reason").fill("The project has ended.")
    page.get_by_role("button", name="Revoke now").click()
    expect(page.get_by_text("Revoked", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Revoke now")).to_have_count(0)
    assert place.moves(request)[-1] == "approved"
