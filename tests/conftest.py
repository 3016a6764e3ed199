"""What several kinds of tests share: one home in which the demonstration has run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


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
