"""What several kinds of tests share: one home in which the demonstration has run."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

LONG = (
    "functional/test_every_page.py", "packaging", "test_notebooks.py", "functional",
    "test_main_job.py", "assessments/signing",
)  # fmt: skip
"""What takes long, in the order in which it begins: one process runs the demonstration meanwhile."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long begin first, so that no process ends up alone with one of them."""
    items.sort(key=lambda item: _rank(item.path.relative_to(Path(__file__).parent).as_posix()))


def _rank(file: str) -> int:
    return next((rank for rank, start in enumerate(LONG) if file.startswith(start)), len(LONG))


@pytest.fixture(autouse=True)
def _own_main_module() -> Iterator[None]:
    """Streamlit's page tests put a script of their own in its place, which new processes would run."""
    kept = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = kept


@pytest.fixture(scope="session")
def loaded_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of this process in which the demonstration has run, or that ``PRIVACY_TEST_HOME`` names.

    The demonstration runs once, whatever the number of test processes; each gets a copy.
    """
    if given := os.environ.get("PRIVACY_TEST_HOME"):
        return Path(given)
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with (shared / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = shared / "demonstration-home"
        if not made.exists():
            _demonstrate(shared / "demonstration-home.partial").rename(made)
    own = tmp_path_factory.mktemp("home") / "home"
    shutil.copytree(made, own)
    return own


def _demonstrate(home: Path) -> Path:
    run = subprocess.run(
        [sys.executable, "-m", "dashboard", "--home", str(home), "demo", "--no-serve"],
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    return home
