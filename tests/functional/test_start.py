"""The first moments of a server, and what it refuses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.functional.conftest import running, settle


def test_the_very_first_visit_may_be_a_deep_link(
    browser: Browser, loaded_home: Path, tmp_path: Path
) -> None:
    with running(loaded_home, tmp_path / "log") as address:
        page = browser.new_page()
        page.goto(f"{address}/kpi?name=overdue_deletions")
        settle(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("Overdue deletions")
        expect(page.get_by_role("link", name="Inventory").first).to_be_visible()
        page.close()


def test_plain_http_to_the_network_is_refused_unless_a_proxy_is_named(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "dashboard", "--home", str(tmp_path), "serve", "--host", "0.0.0.0"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.returncode == 1
    assert "--behind-proxy" in run.stderr


def test_nobody_is_let_in_without_sign_in_or_a_demonstration(
    browser: Browser, tmp_path: Path
) -> None:
    with running(tmp_path / "home", tmp_path / "log") as address:
        page = browser.new_page()
        page.goto(address)
        settle(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("Nobody is signed in")
        assert page.locator(".st-key-person").count() == 0
        page.close()
