"""Pages of measured leakage in the demonstration: who sees what, and what a wrong file is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assessments.leakage.register.reading import Registered, list_registered
from assessments.records import Records
from assessments.settings import Home
from dashboard import identity
from tests.dashboard.pages.conftest import press, said, shown

REVIEWER, LEADER, AUTHOR = "p-003", "p-007", "p-001"


@pytest.fixture
def measured(loaded_home: Path, monkeypatch: pytest.MonkeyPatch) -> list[Registered]:
    """What the demonstration registered: a model twice, then a table."""
    monkeypatch.setenv("PRIVACY_HOME", str(loaded_home))
    monkeypatch.setenv(identity.DEMONSTRATION, "1")
    records = Records.open(Home.locate(loaded_home).records_url)
    with records.read() as connection:
        found = list_registered(connection)
    records.close()
    return found


def test_pseudonyms_and_the_file_are_for_the_team_and_the_office(
    measured: list[Registered],
) -> None:
    office = shown("leakage_result", REVIEWER, id=measured[1].id)
    assert "Most exposed" in [header.value for header in office.header]
    assert '"c-0' in said(office)
    leader = shown("leakage_result", LEADER, id=measured[1].id)
    assert "Most exposed" not in [header.value for header in leader.header]
    assert '"c-0' not in said(leader)
    assert not leader.get("download_button")


def test_a_signed_result_names_its_key_and_an_unsigned_one_waits(
    measured: list[Registered],
) -> None:
    signed = said(shown("leakage_result", REVIEWER, id=measured[1].id))
    assert "Signed by CI key Nightly model build" in signed
    assert "The score fell from" in signed
    waiting = shown("leakage_result", REVIEWER, id=measured[2].id)
    assert "Waits for acceptance" in said(waiting)
    assert "Accept: it counts from now on" in [button.label for button in waiting.button]
    team = shown("leakage_result", AUTHOR, id=measured[2].id)
    assert "Accept: it counts from now on" not in [button.label for button in team.button]


def test_the_board_shows_models_that_were_measured_and_links_their_channels(
    measured: list[Registered],
) -> None:
    board = said(shown("leakage", REVIEWER, project=measured[0].project_id))
    assert "Offer ranking 0.3" in board
    one = said(shown("leakage", REVIEWER, subject="model:m-offer-0"))
    assert f"/leakage_result?id={measured[1].id}" in one
    assert "Nothing measured yet" in said(shown("leakage", REVIEWER, subject="model:none"))


def _send(page: AppTest, content: bytes) -> AppTest:
    page.file_uploader[0].upload("result.json", content, "application/json")
    return press(page, "Register")


def test_a_file_that_does_not_fit_is_refused_with_its_name_and_field(
    measured: list[Registered],
) -> None:
    project = measured[0].project_id
    page = _send(shown("leakage_register", AUTHOR, project=project), b'{"severity": NaN}')
    assert "result.json" in said(page)
    assert "NaN is no number" in said(page)
    page = _send(shown("leakage_register", AUTHOR, project=project), json.dumps({}).encode())
    assert "does not fit its schema" in said(page)


def test_whoever_may_not_register_is_told_which_role_it_needs(measured: list[Registered]) -> None:
    page = shown("leakage_register", LEADER, project=measured[0].project_id)
    assert not page.file_uploader
    assert "role of an author" in said(page)
