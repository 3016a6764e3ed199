"""The text area that saves itself, in a real browser against a real server."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

SCRIPT = Path(__file__).with_name("autosave_page.py")
ROUNDS = 8


class Server:
    """A server that can be stopped and started again on its port."""

    def __init__(self, folder: Path) -> None:
        self.store = folder / "answer.txt"
        self.port = random.randint(20_000, 45_000)
        self.address = f"http://localhost:{self.port}"
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        options = {
            "server.port": self.port,
            "server.headless": "true",
            "browser.gatherUsageStats": "false",
            "server.fileWatcherType": "none",
        }
        flags = [part for name, value in options.items() for part in (f"--{name}", str(value))]
        self._child = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(SCRIPT), *flags],
            env={**os.environ, "AUTOSAVE_STORE": str(self.store)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait()

    def stop(self) -> None:
        if self._child is not None:
            self._child.terminate()
            self._child.wait(10)

    def saved(self) -> str:
        return self.store.read_text(encoding="utf-8") if self.store.exists() else ""

    def _wait(self) -> None:
        end = time.monotonic() + 40
        while time.monotonic() < end:
            assert self._child is not None
            assert self._child.poll() is None, "the server stopped"
            try:
                urlopen(f"{self.address}/_stcore/health", timeout=2).close()
            except (URLError, OSError):
                time.sleep(0.2)
            else:
                return
        raise AssertionError("the server did not answer")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def field(browser: Browser, server: Server) -> Iterator[Page]:
    context = browser.new_context(base_url=server.address)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("textbox").wait_for()
    yield page
    context.close()


def test_text_is_saved_without_leaving_the_field_and_the_caret_stays(
    field: Page, server: Server
) -> None:
    area = field.get_by_role("textbox")
    area.press_sequentially("first  last", delay=20)
    area.evaluate("element => element.setSelectionRange(6, 6)")
    area.press_sequentially("middle", delay=20)
    deadline = time.monotonic() + 3
    while server.saved() != "first middle last" and time.monotonic() < deadline:
        field.wait_for_timeout(50)
    assert server.saved() == "first middle last"
    field.wait_for_timeout(500)
    assert area.evaluate("element => element.selectionStart") == 12
    assert field.evaluate("document.activeElement.tagName") == "TEXTAREA"


def test_a_click_right_after_typing_is_never_lost_and_neither_are_the_words(
    field: Page, server: Server
) -> None:
    area = field.get_by_role("textbox")
    button = field.get_by_role("button", name="Save and continue")
    for turn in range(1, ROUNDS + 1):
        area.click()
        area.fill(f"answer {turn}")
        button.click()
        expect(field.locator(".pw-status")).to_contain_text(f"continued {turn} times")
        assert server.saved() == f"answer {turn}"


def test_text_typed_while_the_server_was_gone_is_offered_again(field: Page, server: Server) -> None:
    area = field.get_by_role("textbox")
    area.fill("before")
    field.get_by_role("button", name="Save and continue").click()
    expect(field.locator(".pw-status")).to_contain_text("continued 1 times")
    server.stop()
    area.press_sequentially(" and after", delay=10)
    field.wait_for_timeout(1000)
    server.start()
    field.reload()
    field.get_by_role("button", name="Restore it").click()
    expect(field.get_by_role("textbox")).to_have_value("before and after")
    deadline = time.monotonic() + 3
    while server.saved() != "before and after" and time.monotonic() < deadline:
        field.wait_for_timeout(50)
    assert server.saved() == "before and after"


def test_nothing_above_the_button_moves_when_something_is_saved(field: Page) -> None:
    button = field.get_by_role("button", name="Save and continue")
    before = button.bounding_box()
    field.get_by_role("textbox").press_sequentially("some words", delay=10)
    expect(field.locator(".pw-status")).to_contain_text("Saved 1 times")
    assert button.bounding_box() == before
