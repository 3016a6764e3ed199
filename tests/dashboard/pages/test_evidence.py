"""The evidence page: what an assessment rests on, what has ended, and who may do what about it."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from assessments import evidence
from assessments import questionnaire as q
from assessments.evidence import Rules
from assessments.records import Actor, Records
from assessments.records.tables import assessment
from assessments.settings import Home
from tests.assessments.questionnaire.cases import join
from tests.dashboard.pages.conftest import press, said, shown

TODAY = date.today()


@pytest.fixture
def records(home: Home) -> Records:
    opened = Records.open(home.records_url)
    join(opened, "ann", "author")
    return opened


@pytest.fixture
def dpia(records: Records, home: Home) -> str:
    """A DPIA that rests on two files, of which one has expired."""
    ann = Actor.person("ann")
    made = q.start(records, ann, "dpia", "p", "DPIA")
    days = {"old.txt": TODAY - timedelta(days=1), "new.txt": TODAY + timedelta(days=10)}
    digests = [
        evidence.add(
            records, home, ann, name, io.BytesIO(name.encode()), scope="p", expires_on=until,
            rules=Rules(),
        ).sha256
        for name, until in days.items()
    ]  # fmt: skip
    q.save_answer(records, ann, made, "evidence", digests)
    return made


def opened(dpia: str, person: str = "ann") -> AppTest:
    return shown("evidence", person, assessment=dpia)


def test_what_has_expired_and_what_expires_soon_stands_first(dpia: str) -> None:
    text = said(opened(dpia))
    assert "1 file has expired" in text
    assert "1 file expires soon" in text
    assert text.index("1 file has expired") < text.index("old.txt")


def test_the_last_good_day_is_set_for_one_file(records: Records, dpia: str) -> None:
    page = opened(dpia)
    old = next(d for d in page.selectbox[0].options if d.startswith("old.txt"))
    page.selectbox[0].select(old)
    page.date_input[0].set_value(TODAY + timedelta(days=400))
    press(page, "Save the day")
    with records.read() as connection:
        days = {use.name: use.expires_on for use in evidence.list_uses(connection, dpia)}
    assert days == {"old.txt": TODAY + timedelta(days=400), "new.txt": TODAY + timedelta(days=10)}
    assert "has expired" not in said(page)


def test_a_file_under_a_draft_is_not_removed_and_one_under_a_withdrawn_assessment_is(
    records: Records, dpia: str
) -> None:
    page = opened(dpia)
    choose = next(box for box in page.selectbox if box.key == "removal-of")
    choose.select(choose.options[0])
    press(page, "Remove this file")
    assert "Answers still rest on this file" in said(page)
    with records.engine.begin() as connection:
        connection.execute(update(assessment).values(state="withdrawn"))
    press(page, "Remove this file")
    with records.read() as connection:
        assert sum(use.is_removed for use in evidence.list_uses(connection, dpia)) == 1


def test_a_reader_without_the_right_role_can_look_and_change_nothing(
    records: Records, dpia: str
) -> None:
    join(records, "lea", "leadership")
    page = opened(dpia, "lea")
    assert "old.txt" in said(page)
    assert [button.label for button in page.button] == []
