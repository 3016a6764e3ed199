"""What the server promises before a browser is involved."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from assessments.errors import BadInput, NotPermitted
from assessments.settings import Home
from dashboard import demonstration, server
from dashboard.identity import DEMONSTRATION


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    for name in (DEMONSTRATION, "PRIVACY_HOME", "STREAMLIT_SERVER_COOKIE_SECRET"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    return Home.locate(tmp_path).prepare()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.org"])
def test_an_address_that_others_can_reach_needs_a_named_proxy(home: Home, host: str) -> None:
    with pytest.raises(NotPermitted, match="not the loopback"):
        server.serve(home, host)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.5.5.5"])
def test_loopback_addresses_are_known(host: str) -> None:
    assert server.is_loopback(host)


def test_the_cookie_secret_is_made_once_and_only_its_owner_reads_it(home: Home) -> None:
    first = server.cookie_secret(home)
    assert len(first) == 64
    assert server.cookie_secret(home) == first
    assert stat.S_IMODE((home.keys / "cookie-secret").stat().st_mode) == 0o600


def test_a_damaged_cookie_secret_is_refused(home: Home) -> None:
    (home.keys / "cookie-secret").write_text("short", encoding="ascii")
    with pytest.raises(BadInput, match="damaged"):
        server.cookie_secret(home)


@pytest.mark.parametrize(("is_local", "is_marked", "played"), [
    (True, True, "1"), (True, False, "0"), (False, True, "0"), (False, False, "0"),
])  # fmt: skip
def test_people_may_be_played_only_in_a_marked_home_on_loopback(
    home: Home, monkeypatch: pytest.MonkeyPatch, is_local: bool, is_marked: bool, played: str
) -> None:
    monkeypatch.setenv("STREAMLIT_SERVER_COOKIE_SECRET", "given")
    if is_marked:
        demonstration.mark(home)
    server.prepare_environment(home, is_local=is_local)
    assert os.environ[DEMONSTRATION] == played
