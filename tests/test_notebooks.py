"""Every committed notebook runs from top to bottom on a home of the demonstration."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = sorted((Path(__file__).resolve().parents[1] / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_notebook_is_committed_without_output(notebook: Path) -> None:
    cells = nbformat.read(notebook, as_version=4).cells
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in cells)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_notebook_runs(notebook: Path, loaded_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(loaded_home, home)
    copied = shutil.copy(notebook, tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--nbmake", "--nbmake-timeout=240", "-p", "no:cacheprovider",
         "--rootdir", str(tmp_path), str(copied)],
        capture_output=True, text=True, check=False, cwd=tmp_path,
        env=os.environ | {"PRIVACY_HOME": str(home)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
