"""A home of the test's own in which people are played, and one page as one of them sees it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assessments.records import Records
from assessments.settings import Home
from dashboard import demonstration, identity, state
from tests.assessments.review.desk import open_desk


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("PRIVACY_HOME", str(tmp_path))
    monkeypatch.setenv(identity.DEMONSTRATION, "1")
    found = Home.locate(tmp_path)
    demonstration.mark(found)
    return found


@pytest.fixture
def desk(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[Records]:
    with open_desk(home.path, monkeypatch) as opened:
        yield opened


def draw(page: str) -> None:
    """What the app runs on this address, without menu and shell."""
    from importlib import import_module

    from dashboard.text import use_language

    use_language("en")
    import_module(f"dashboard.pages.{page}").render()


def shown(page: str, person: str, **address: str) -> AppTest:
    made = AppTest.from_function(draw, default_timeout=30, args=(page,))
    made.session_state[state.PERSON] = person
    for name, value in address.items():
        made.query_params[name] = value
    return made.run()


def said(page: AppTest) -> str:
    """Everything that the product's own components show."""
    assert not page.exception
    return " ".join(str(element.proto.json) for element in page.get("bidi_component"))


def press(page: AppTest, label: str) -> AppTest:
    (button,) = [item for item in page.button if item.label == label]
    return button.click().run()
