"""What several kinds of tests share: one home in which the demonstration has run."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

LONG = ("functional", "packaging", "test_main_job", "test_notebooks", "test_wheel")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long begin first, so that no process ends up alone with one of them."""
    root = Path(__file__).parent
    items.sort(key=lambda item: not item.path.relative_to(root).parts[0].startswith(LONG))


@pytest.fixture(autouse=True)
def _own_main_module() -> Iterator[None]:
    """Streamlit's page tests put a script of their own in its place, which new processes would run."""
    kept = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = kept


@pytest.fixture(scope="session")
def loaded_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of the demonstration, or the one that ``PRIVACY_TEST_HOME`` names."""
    if given := os.environ.get("PRIVACY_TEST_HOME"):
        return Path(given)
    home = tmp_path_factory.mktemp("home")
    run = subprocess.run(
        [sys.executable, "-m", "dashboard", "--home", str(home), "demo", "--no-serve"],
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    return home
