"""Every committed notebook runs from top to bottom, and its figures can be drawn.

Cells run in IPython in this process, each notebook in a namespace of its own: a kernel each would load
the numerical libraries five times. Every rich form of an answer is rendered, as Jupyter would.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

NOTEBOOKS = sorted((Path(__file__).resolve().parents[1] / "notebooks").glob("*.ipynb"))
STUDIES = {"membership", "reidentification", "release", "synthetic"}


def cells(notebook: Path) -> list[nbformat.NotebookNode]:
    return list(nbformat.read(notebook, as_version=4).cells)


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    made = InteractiveShell(config=Config({"HistoryManager": {"enabled": False}}))
    made.display_formatter.active_types = made.display_formatter.format_types
    yield made
    made.restore_sys_module_state()


def test_there_are_four_worked_studies_and_a_tour() -> None:
    assert {notebook.stem for notebook in NOTEBOOKS} == STUDIES | {"tour"}


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_notebook_is_committed_without_output(notebook: Path) -> None:
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in cells(notebook))


@pytest.mark.parametrize("study", sorted(STUDIES))
def test_a_study_says_its_question_adversary_meaning_and_limits(study: str) -> None:
    notebook = next(each for each in NOTEBOOKS if each.stem == study)
    prose = "\n".join(cell.source for cell in cells(notebook) if cell.cell_type == "markdown")
    for part in ("**Question.**", "**Adversary.**", "**What it means.**", "## Limits"):
        assert part in prose, part
    code = "\n".join(cell.source for cell in cells(notebook) if cell.cell_type == "code")
    for part in ("go.Figure", "power_check", "null_check", "gate("):
        assert part in code, part


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_notebook_runs(
    notebook: Path, shell: InteractiveShell, request: pytest.FixtureRequest,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    code = [cell.source for cell in cells(notebook) if cell.cell_type == "code"]
    if any("PRIVACY_HOME" in source for source in code):
        shutil.copytree(request.getfixturevalue("loaded_home"), tmp_path / "home")
        monkeypatch.setenv("PRIVACY_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    for source in code:
        with capture_output() as captured:
            done = shell.run_cell(source)
        assert done.success, f"{source}\n{captured.stdout[-3000:]}{captured.stderr[-2000:]}"
