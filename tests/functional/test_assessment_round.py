"""An assessment from its first question to the decision, in a real browser on a home of its own."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assessments import questionnaire
from assessments.records import Actor, Records
from assessments.review import rounds
from assessments.review.decisions import latest_decision, latest_opinion
from assessments.review.votes import visible_votes
from assessments.settings import Home
from tests.assessments.evidence import cases
from tests.functional.conftest import running, settle, visit
from tests.functional.crawl import violations
from tests.functional.office import (
    APPROVER,
    AUTHOR,
    DPO,
    OTHER_REVIEWER,
    PROJECT,
    REVIEWER,
    Office,
)

pytestmark = pytest.mark.browser

WORDS = "Sorts photos of storm damage so that a clerk sees urgent claims first."


@pytest.fixture(scope="module")
def place(
    browser: Browser, loaded_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("round")
    shutil.copytree(loaded_home, folder / "home")
    home = Home.locate(folder / "home")
    records = Records.open(home.records_url)
    with running(home.path, folder / "log") as address:
        yield Office(address, home, records, browser)
    records.close()


def save_text(page: Page, text: str) -> None:
    """Type and wait; the field keeps the focus all the time."""
    settle(page)
    area = page.locator("textarea.pw-area-input")
    area.click()
    area.press("Control+a")
    area.press_sequentially(text)


def test_an_author_begins_a_screening_and_answers_without_losing_a_word(place: Office) -> None:
    page = place.page_of(AUTHOR)
    visit(page, f"/assessments?project={PROJECT}")
    page.get_by_text("Screening", exact=True).last.click()
    page.get_by_label("Title").fill("Screening: photos in the browser")
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("main h1")).to_have_text("Screening: photos in the browser")
    settle(page)
    page.get_by_role("link", name="Describe what you plan").click()
    expect(page.locator("textarea.pw-area-input")).to_be_visible()
    save_text(page, WORDS)
    expect(page.get_by_text(re.compile(r"^Saved \d"))).to_be_visible()
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    page.reload()
    expect(page.locator("textarea.pw-area-input")).to_have_value(WORDS)
    settle(page)
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("radio", name="Yes")).to_be_attached()
    settle(page)
    expect(page.get_by_text("Prefilled, not confirmed yet")).to_be_visible()
    page.get_by_text("No", exact=True).click()
    expect(page.get_by_text(re.compile(r"^Saved \d"))).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Back to tasks").click()
    expect(page.locator("main h1")).to_have_text("Screening: photos in the browser")
    page.get_by_role("link", name="Check your answers and send for review").click()
    expect(page.locator("main h1")).to_have_text("Check your answers")
    expect(page.get_by_text(WORDS)).to_be_visible()
    settle(page)
    assert not violations(page)


def test_a_double_click_sends_for_review_once(place: Office) -> None:
    made = place.fill(AUTHOR, "Screening: sent twice")
    page = place.page_of(AUTHOR)
    visit(page, f"/check_answers?assessment={made}")
    page.get_by_role("button", name="Send for review").dblclick()
    expect(page.locator("main h1")).to_have_text("Screening: sent twice")
    settle(page)
    expect(page.get_by_text("There is a problem")).to_have_count(0)
    assert place.moves(made) == ["submitted"]


def test_two_tabs_never_overwrite_each_other(place: Office) -> None:
    made = place.begin(AUTHOR, "Screening: two tabs")
    name = first_long_text(place, made)
    one, two = place.page_of(AUTHOR), place.page_of(AUTHOR)
    for page in (one, two):
        visit(page, f"/question?assessment={made}&q={name}")
    save_text(one, "Written in the first tab.")
    expect(one.get_by_text(re.compile(r"^Saved \d"))).to_be_visible()
    save_text(two, "Written in the second tab.")
    expect(two.get_by_text("Somebody else answered this question meanwhile")).to_be_visible()
    expect(two.get_by_text("Saved meanwhile: Written in the first tab.")).to_be_visible()
    assert place.answer(made, name) == "Written in the first tab."
    settle(two)
    save_text(two, "Both tabs, put together.")
    expect(two.get_by_text(re.compile(r"^Saved \d"))).to_be_visible()
    assert place.answer(made, name) == "Both tabs, put together."


def first_long_text(place: Office, assessment: str) -> str:
    found = questionnaire.load(place.records, assessment)
    shown = questionnaire.visible_questions(found.template, found.answers)
    return next(question.id for question in shown if question.type is questionnaire.Type.LONG_TEXT)


def test_nobody_plays_two_parts(place: Office) -> None:
    made = place.fill(REVIEWER, "Screening: written by a reviewer")
    rounds.submit(place.records, Actor.person(REVIEWER), made)
    own = place.page_of(REVIEWER)
    visit(own, f"/review?assessment={made}")
    expect(own.get_by_text("You have played another part here")).to_be_visible()
    expect(own.get_by_role("button", name="Accept section")).to_have_count(0)
    colleague = place.page_of(OTHER_REVIEWER)
    visit(colleague, f"/review?assessment={made}")
    expect(colleague.get_by_role("button", name="Accept section").first).to_be_visible()
    approver = place.page_of(APPROVER)
    visit(approver, f"/review?assessment={made}")
    expect(approver.get_by_role("button", name="Accept section")).to_have_count(0)


def test_a_reviewer_returns_a_section_and_its_author_reads_why(place: Office) -> None:
    made = place.fill(AUTHOR, "Screening: returned")
    rounds.submit(place.records, Actor.person(AUTHOR), made)
    page = place.page_of(REVIEWER)
    visit(page, f"/review?assessment={made}")
    page.get_by_role("textbox", name="Comment on Describe what you plan").fill(
        "Say who sees the photos."
    )
    page.get_by_role("button", name="Request changes").first.click()
    expect(page.get_by_text("Changes requested", exact=True)).to_be_visible()
    settle(page)
    accept_the_rest(page)
    page.get_by_role("button", name="Close the round").click()
    expect(page.locator("main h1")).to_have_text("Screening: returned")
    assert place.state(made) == "returned"
    author = place.page_of(AUTHOR)
    visit(author, f"/question?assessment={made}&q={first_long_text(place, made)}")
    expect(author.get_by_text("Say who sees the photos.")).to_be_visible()


def accept_the_rest(page: Page) -> None:
    waiting = page.get_by_text("Not reviewed yet")
    for left in range(waiting.count(), 0, -1):
        buttons = page.get_by_role("button", name="Accept section")
        buttons.nth(buttons.count() - left).click()
        expect(waiting).to_have_count(left - 1)
        settle(page)


def test_two_reviewers_vote_apart_and_the_lead_settles(place: Office) -> None:
    made = place.fill(AUTHOR, "Screening: reviewed by two")
    rounds.submit(place.records, Actor.person(AUTHOR), made)
    officer = place.page_of(DPO)
    visit(officer, f"/review?assessment={made}")
    chosen = (("Lead reviewer", "Aoife Brennan"), ("Second reviewer", "Paweł Zieliński"))
    for label, name in chosen:
        box = officer.get_by_role("combobox", name=label)
        box.press_sequentially(name[:5])
        expect(officer.get_by_role("option")).to_have_count(1)
        box.press("ArrowDown")
        box.press("Enter")
        expect(box).to_have_value(name)
    officer.get_by_role("button", name="Name them").click()
    expect(officer.get_by_text("Two people review apart.")).to_be_visible()
    lead, second = place.page_of(REVIEWER), place.page_of(OTHER_REVIEWER)
    visit(lead, f"/review?assessment={made}")
    lead.get_by_role("textbox", name="Comment on Describe what you plan").fill("Who sees them?")
    lead.get_by_role("button", name="Request changes").first.click()
    expect(lead.get_by_text("Changes requested", exact=True)).to_be_visible()
    visit(second, f"/review?assessment={made}")
    expect(second.get_by_text("Not reviewed yet").first).to_be_visible()
    expect(second.get_by_text("Who sees them?")).to_have_count(0)
    expect(second.get_by_text("Changes requested", exact=True)).to_have_count(0)
    second.get_by_role("button", name="Accept section").first.click()
    expect(second.get_by_text("The reviewers differ")).to_be_visible()
    expect(second.get_by_text("Who sees them?")).to_be_visible()
    author = place.page_of(AUTHOR)
    visit(author, f"/review?assessment={made}")
    expect(author.get_by_text("Who sees them?")).to_have_count(0)
    vote_for_the_rest(place, made, OTHER_REVIEWER)
    vote_for_the_rest(place, made, REVIEWER)
    settle_and_close(lead, made)
    assert place.state(made) == "opinion"
    visit(author, f"/review?assessment={made}")
    expect(author.get_by_text("Clerks only, page two says so.")).to_be_visible()


def settle_and_close(lead: Page, made: str) -> None:
    visit(lead, f"/review?assessment={made}")
    lead.get_by_role("textbox", name="Why Describe what you plan is settled").fill(
        "Clerks only, page two says so."
    )
    lead.get_by_role("button", name="Settle: accept").click()
    expect(lead.get_by_text("The reviewers differ")).to_have_count(0)
    settle(lead)
    assert not violations(lead)
    lead.get_by_role("button", name="Close the round").click()
    expect(lead.locator("main h1")).to_have_text("Screening: reviewed by two")


def test_officer_and_approver_bring_an_assessment_to_its_decision(place: Office) -> None:
    made = place.fill(AUTHOR, "DPIA: all the way", "dpia")
    rounds.submit(place.records, Actor.person(AUTHOR), made)
    accept_all(place, made)
    assert place.state(made) == "opinion"
    advise(place, made)
    assert place.state(made) == "decision_pending"
    decide(place, made)
    assert place.state(made) == "approved_with_conditions"
    with place.records.read() as connection:
        opinion, decision = latest_opinion(connection, made), latest_decision(connection, made)
    assert (opinion or {})["by"] == DPO
    assert (decision or {})["by"] == APPROVER


def accept_all(place: Office, assessment: str) -> None:
    """One reviewer accepts everything and closes the round."""
    vote_for_the_rest(place, assessment, REVIEWER)
    rounds.finish_review(place.records, Actor.person(REVIEWER), assessment)


def vote_for_the_rest(place: Office, assessment: str, reviewer: str) -> None:
    """Every section on which this reviewer has not voted yet."""
    found = questionnaire.load(place.records, assessment)
    with place.records.read() as connection:
        seen = visible_votes(connection, assessment, found.template, reviewer)
    done = {vote.section_id for vote in seen if vote.reviewer_id == reviewer}
    for section in found.sections:
        if section.id not in done:
            rounds.give_verdict(
                place.records, Actor.person(reviewer), assessment, section.id,
                rounds.Verdict.ACCEPTED, "Complete.",
            )  # fmt: skip


def advise(place: Office, assessment: str) -> None:
    page = place.page_of(DPO)
    visit(page, f"/decision?assessment={assessment}")
    page.get_by_label("What you advise, and why").fill("Go on, and measure again in spring.")
    page.get_by_role("button", name="Give advice").click()
    expect(page.get_by_text("Choose one first")).to_be_visible()
    settle(page)
    page.get_by_text("Proceed", exact=True).click()
    page.get_by_role("button", name="Give advice").click()
    expect(page.locator("main h1")).to_have_text("DPIA: all the way")


def decide(place: Office, assessment: str) -> None:
    page = place.page_of(APPROVER)
    visit(page, f"/decision?assessment={assessment}")
    expect(page.get_by_text("Go on, and measure again in spring.")).to_be_visible()
    page.get_by_text("Approved with conditions", exact=True).click()
    settle(page)
    page.get_by_label("Reason").fill("The risk is acceptable.")
    page.get_by_label("What must be done (1)").fill("Blur faces before a clerk sees a photo.")
    page.get_by_role("button", name="Decide").click()
    expect(page.locator("main h1")).to_have_text("Report")
    settle(page)
    assert not violations(page)


def test_a_file_is_refused_or_kept_and_served_only_as_an_attachment(place: Office) -> None:
    made = place.begin(AUTHOR, "DPIA: files", "dpia")
    page, kept = place.page_of(AUTHOR), cases.pdf()
    visit(page, f"/question?assessment={made}&q=evidence")
    script_file = {"name": "a.txt", "mimeType": "text/plain", "buffer": b"#!/bin/sh"}
    contract = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": kept}
    page.locator("input[type=file]").set_input_files([contract, script_file])
    expect(page.get_by_text("This is a script, which cannot be evidence")).to_be_visible()
    expect(page.get_by_text(hashlib.sha256(kept).hexdigest())).to_be_visible()
    settle(page)
    assert not violations(page)
    with page.expect_download() as started, page.expect_response("**/media/**") as answered:
        page.get_by_role("button", name="Download a.pdf").click()
    assert Path(started.value.path()).read_bytes() == kept
    headers = answered.value.headers
    assert headers["content-disposition"].startswith("attachment")
    assert headers["x-content-type-options"] == "nosniff"
