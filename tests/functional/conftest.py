"""A real home, a real server, a real browser; once a session."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = Path(os.environ.get("PRIVACY_CHROMIUM", "/usr/bin/chromium"))
ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu",
]
START_SECONDS = 60
TURN = """path => new Promise((rest, fail) => {
    let changed = 0
    const watch = new MutationObserver(() => { changed = performance.now() })
    const look = setInterval(() => {
        const isRunning = document.querySelector('[data-testid=stApp]').dataset.testScriptState !== 'notRunning'
        if (changed && !isRunning && performance.now() - changed > 150) end(rest)
    }, 25)
    const late = setTimeout(() => end(() => fail(new Error(`${path} did not run`))), 30_000)
    const end = then => { watch.disconnect(); clearInterval(look); clearTimeout(late); then() }
    watch.observe(document, {subtree: true, childList: true, attributeFilter: ['data-test-script-state']})
    history.pushState({}, '', path)
    window.dispatchEvent(new PopStateEvent('popstate'))
})"""
"""Go to an address inside the app; over when the page has changed, the script rests, and 150 ms are quiet."""
READY = "[data-testid=stApp][data-test-script-state=notRunning]"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def address(loaded_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the app answers during the whole session."""
    with running(loaded_home, tmp_path_factory.mktemp("server") / "log") as found:
        yield found


@contextmanager
def running(home: Path, log: Path) -> Iterator[str]:
    """A server of our own; the child is checked to be ours and alive, never just the port."""
    port = random.randint(20_000, 45_000)
    command = [sys.executable, "-m", "dashboard", "--home", str(home), "serve"]
    with log.open("wb") as out:
        child = subprocess.Popen([*command, "--port", str(port)], stdout=out, stderr=out)
    try:
        wait_until_ready(child, f"http://localhost:{port}", log)
        yield f"http://localhost:{port}"
        assert child.poll() is None, f"the server stopped: {log.read_text()[-2000:]}"
    finally:
        child.terminate()
        child.wait(10)


def wait_until_ready(child: subprocess.Popen[bytes], address: str, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        assert child.poll() is None, f"the server stopped: {log.read_text()[-2000:]}"
        try:
            with urlopen(f"{address}/ready", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"the server did not answer: {log.read_text()[-2000:]}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed with its file: Playwright's event loop would stand in the way of other tests."""
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}; set PRIVACY_CHROMIUM")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def context(browser: Browser, address: str) -> Iterator[BrowserContext]:
    made = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900})
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def settle(page: Page) -> None:
    """Wait until the script has run, the heading is there, and components have been drawn."""
    page.wait_for_selector(READY, timeout=30_000)
    page.wait_for_selector("main h1", timeout=30_000)
    page.wait_for_function(
        "() => [...document.querySelectorAll('.stBidiComponent')].every(e => e.querySelector('.pw-host, .pw-area') || e.closest('.st-key-shell'))",
        timeout=30_000,
    )


def visit(page: Page, path: str) -> None:
    page.goto(path)
    settle(page)


def turn_to(page: Page, path: str) -> None:
    """Go on inside the app, as Back and Forward do; its script runs once and comes to rest."""
    page.evaluate(TURN, path)
    settle(page)


def play(page: Page, name: str) -> None:
    """Become another person of the demonstration."""
    page.locator(".st-key-person button").first.click()
    page.get_by_role("radio", name=name).locator("xpath=ancestor::label").click()
    page.keyboard.press("Escape")
    page.wait_for_function(
        "name => document.querySelector('.st-key-person button').innerText.includes(name)", arg=name
    )
    settle(page)
