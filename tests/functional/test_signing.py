"""Three people sign in a browser: a first key, a wrong passphrase, every turn, release, countersign."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assessments.records import Actor, Records
from assessments.reports.state import PACKED, find_report
from assessments.review import decisions, rounds
from assessments.settings import Home
from assessments.signing.authority import has_keys
from assessments.signing.verify import verify
from dashboard import office
from tests.functional.conftest import running, settle, visit
from tests.functional.crawl import violations
from tests.functional.office import APPROVER, AUTHOR, DPO, OTHER_REVIEWER, Office
from tests.functional.test_assessment_round import accept_all

pytestmark = pytest.mark.browser

FIRST = "a passphrase chosen in the browser"


@pytest.fixture(scope="module")
def place(
    browser: Browser, loaded_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """A home in which the author's keys are gone, as they are before a first signature."""
    folder = tmp_path_factory.mktemp("signing")
    shutil.copytree(loaded_home, folder / "home")
    home = Home.locate(folder / "home")
    shutil.rmtree(home.keys / "authority" / "people" / AUTHOR)
    records = Records.open(home.records_url)
    with running(home.path, folder / "log") as address:
        yield Office(address, home, records, browser)
    records.close()


def decided(place: Office) -> str:
    """A screening that was reviewed, advised on and decided."""
    made = place.fill(AUTHOR, "Screening: signed in the browser")
    rounds.submit(place.records, Actor.person(AUTHOR), made)
    accept_all(place, made)
    decisions.advise(
        place.records, Actor.person(DPO), made, decisions.Position.PROCEED, "Nothing to add."
    )
    decisions.decide(
        place.records, Actor.person(APPROVER), made, decisions.Outcome.APPROVED, "Small and useful."
    )
    return made


def report_of(place: Office, person: str, assessment: str) -> Page:
    page = place.page_of(person)
    visit(page, f"/report?assessment={assessment}")
    return page


def sign(page: Page, secret: str) -> None:
    page.get_by_label("Passphrase of your key").fill(secret)
    page.locator("[data-testid=stFormSubmitButton] button").click()


def test_three_people_sign_release_and_countersign(place: Office) -> None:
    made = decided(place)
    secrets = {AUTHOR: FIRST} | dict.fromkeys((DPO, APPROVER), office.DEMONSTRATION_PASSPHRASE)
    page = report_of(place, APPROVER, made)
    page.get_by_role("button", name="Make the report").click()
    expect(page.get_by_text("Waiting for the signature of")).to_be_visible(timeout=20_000)
    author = report_of(place, AUTHOR, made)
    expect(author.get_by_text("You have no key yet")).to_be_visible()
    assert not has_keys(place.home.keys / "authority", AUTHOR)
    sign(author, FIRST)
    expect(author.get_by_text("Waiting for the signature of")).to_be_visible(timeout=20_000)
    officer = report_of(place, DPO, made)
    sign(officer, "wrong")
    expect(officer.get_by_text("The key cannot be opened")).to_be_visible(timeout=20_000)
    assert signed(place, made) == ("author",)
    assert not violations(officer)
    sign(officer, secrets[DPO])
    expect(officer.get_by_text("Waiting for the signature of")).to_be_visible(timeout=20_000)
    visit(page, f"/report?assessment={made}")
    sign(page, secrets[APPROVER])
    page.get_by_role("button", name="Release the report").click(timeout=20_000)
    expect(page.get_by_role("heading", name="Countersign the pack")).to_be_visible(timeout=20_000)
    for person in (DPO, AUTHOR, APPROVER):
        turn = report_of(place, person, made)
        sign(turn, secrets[person])
        expect(turn.get_by_text("Signed.", exact=True).first).to_be_attached(timeout=20_000)
        settle(turn)
    expect(turn.get_by_role("button", name="Download the pack (ZIP)")).to_be_visible()
    with place.records.read() as connection:
        current = find_report(connection, place.home, made)
    assert (current.state, current.roles) == (PACKED, ("author", "dpo", "approver"))
    found = verify(current.pack_path, trust_root=office.authority_folder(place.home) / "root.crt")
    assert found.verdict == "VALID", found.checks
    outsider = report_of(place, OTHER_REVIEWER, made)
    expect(outsider.get_by_label("Passphrase of your key")).to_have_count(0)


def signed(place: Office, assessment: str) -> tuple[str, ...]:
    with place.records.read() as connection:
        return find_report(connection, place.home, assessment).signed
