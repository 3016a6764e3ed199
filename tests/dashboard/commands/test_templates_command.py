"""``privacy template`` lists what ships and names the first mistake of a file."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import pytest
from click.testing import CliRunner

from assessments.errors import BadInput
from dashboard.cli import cli


def test_the_list_names_every_template_with_its_size(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["--home", str(tmp_path), "template", "list", "--json"])
    assert result.exit_code == 0
    found = {item["id"]: item for item in json.loads(result.stdout)}
    assert {"screening", "dpia"} <= set(found)
    assert found["dpia"]["questions"] >= 35
    assert len(found["dpia"]["sha256"]) == 64


def test_a_sound_file_is_called_sound(tmp_path: Path) -> None:
    file = tmp_path / "copy.yaml"
    file.write_bytes(resources.files("assessments.templates").joinpath("dpia.yaml").read_bytes())
    result = CliRunner().invoke(cli, ["template", "lint", str(file)])
    assert result.exit_code == 0
    assert "is sound" in result.stdout


def test_a_mistake_is_named_by_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text("id: x\nversion: 1\ncolour: red\n")
    with pytest.raises(BadInput) as caught:
        CliRunner().invoke(cli, ["template", "lint", str(file)], catch_exceptions=False)
    assert caught.value.where == {"file": str(file), "line": 3}
