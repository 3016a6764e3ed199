"""Another tool's file in a real browser: seen, imported, found again, carried over to a DPIA."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assessments import questionnaire
from assessments.exchange.past import list_imports
from assessments.records import Records
from assessments.settings import Home
from dashboard.state import PERSON_COOKIE
from tests.assessments.exchange.pia import pia, with_fields
from tests.functional.conftest import running, settle, visit
from tests.functional.crawl import PHONE, WIDTH, violations

pytestmark = pytest.mark.browser
AUTHOR, OFFICER, APPROVER = "p-001", "p-005", "p-006"


@pytest.fixture(scope="module")
def home(loaded_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copied = tmp_path_factory.mktemp("imports") / "home"
    shutil.copytree(loaded_home, copied)
    return copied


@pytest.fixture(scope="module")
def served(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(home, tmp_path_factory.mktemp("server") / "log") as found:
        yield found


def page_of(browser: Browser, address: str, person: str) -> Page:
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": PERSON_COOKIE, "value": person, "url": address}])
    return context.new_page()


def choose(page: Page, path: Path) -> None:
    page.set_input_files("input[type=file]", str(path))
    page.get_by_role("heading", name="What the file holds").or_(
        page.get_by_role("heading", name="There is a problem")
    ).wait_for()
    settle(page)


def test_a_file_is_seen_before_anything_is_written_then_imported_and_carried_over(
    browser: Browser, served: str, home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "badge.json"
    file.write_text(json.dumps(with_fields(name="(IMPORT) Badge <b>readers</b>", odd=1)))
    page = page_of(browser, served, AUTHOR)
    visit(page, "/imports")
    choose(page, file)
    assert violations(page) == []
    expect(page.get_by_role("heading", name="Badge <b>readers</b>")).to_be_visible()
    expect(page.get_by_role("cell", name="pia.odd")).to_be_visible()
    records = Records.open(Home.locate(home).records_url)
    with records.read() as connection:
        assert list_imports(connection) == []

    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("Choose the project that the assessment belongs to.")).to_be_visible()
    page.get_by_role("combobox").click()
    page.get_by_role("option").first.click()
    page.get_by_role("button", name="Import", exact=True).click()
    page.wait_for_url("**/imported?id=*")
    settle(page)
    assert violations(page) == []
    with page.expect_download() as report:
        page.get_by_role("button", name="Download the loss report").click()
    assert "pia.odd: a field." in Path(report.value.path()).read_text()

    page.get_by_role("button", name="I have read it and confirm all").click()
    expect(page.get_by_role("heading", name="Stand behind the answers")).to_have_count(0)
    page.get_by_role("button", name="Begin a DPIA from it").click()
    page.wait_for_url("**/assessment?assessment=dpia-*")
    with records.read() as connection:
        (made,) = list_imports(connection)
    found = questionnaire.load(records, str(made.assessment_id))
    assert found.answers["q215"].value == "One month."
    assert not any(answer.needs_confirmation for answer in found.answers.values())

    visit(page, f"/imported?id={made.id}")
    expect(page.get_by_text("Open the DPIA")).to_be_visible()
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.wait_for_timeout(150)
    assert page.evaluate(WIDTH) <= PHONE[0]

    page = page_of(browser, served, OFFICER)
    visit(page, f"/imported?id={made.id}")
    page.get_by_label("Ground, as a short code").fill("art-5-1-e")
    page.get_by_role("button", name="Erase the original file").click()
    expect(page.get_by_text("badge.json, erased on")).to_be_visible()
    expect(page.get_by_label("Ground, as a short code")).to_have_count(0)
    records.close()


def test_a_file_that_cannot_be_read_says_what_and_where(
    browser: Browser, served: str, tmp_path: Path
) -> None:
    file = tmp_path / "broken.json"
    file.write_text(json.dumps(pia())[:-1])
    page = page_of(browser, served, AUTHOR)
    visit(page, "/imports")
    choose(page, file)
    expect(page.get_by_role("alert")).to_contain_text("The file is not JSON")
    expect(page.get_by_role("alert")).to_contain_text("broken.json")
    expect(page.get_by_role("button", name="Import", exact=True)).to_have_count(0)


def test_somebody_without_the_role_sees_imports_but_cannot_make_one(
    browser: Browser, served: str
) -> None:
    page = page_of(browser, served, APPROVER)
    visit(page, "/imports")
    expect(page.locator("input[type=file]")).to_have_count(0)
    expect(page.get_by_text("Importing needs the role of an author")).to_be_visible()
