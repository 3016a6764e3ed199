"""The built wheel holds everything: installed alone, it runs the demonstration."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_the_installed_wheel_runs_the_demonstration(tmp_path: Path) -> None:
    source = tmp_path / "source"
    shutil.copytree(
        ROOT,
        source,
        ignore=shutil.ignore_patterns(
            ".git", ".venv", ".home", ".*_cache", "build", "dist", "*.egg-info"
        ),
    )
    built = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(source)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr[-2000:]
    wheel = next(tmp_path.glob("*.whl"))
    python = _environment(tmp_path / "venv")
    installed = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert installed.returncode == 0, installed.stderr[-2000:]
    run = subprocess.run(
        [python.parent / "privacy", "--home", tmp_path / "home", "demo", "--no-serve", "--json"],
        capture_output=True, text=True, check=False, cwd=tmp_path, env=_clean_variables(), timeout=280,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-2000:]
    assert json.loads(run.stdout)["verdict"] == "VALID"


def _environment(folder: Path) -> Path:
    """A new environment that sees the third-party packages here, but not this source tree."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    purelib = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    seen = [path for path in Path(sysconfig.get_path("purelib")).iterdir() if not _is_ours(path)]
    for path in seen:
        target = purelib / path.name
        if not target.exists():
            target.symlink_to(path)
    found = subprocess.run(
        [python, "-c", "import assessments"], capture_output=True, check=False, cwd=folder
    )
    assert found.returncode != 0, "the source tree must not be importable here"
    return python


def _is_ours(path: Path) -> bool:
    return "privacy_workbench" in path.name or path.name.startswith("__editable__")


def _clean_variables() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PRIVACY_", "PYTHON"))
    }
