"""``privacy import``, ``export`` and ``carry-over``: JSON that scripts rely on, losses, exit codes."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from assessments.errors import BadInput, NotPermitted, WorkbenchError
from assessments.records import Actor, Records, people
from assessments.settings import Home
from dashboard.cli import cli
from tests.assessments.exchange.pia import pia, with_fields


@pytest.fixture
def home(tmp_path: Path) -> Path:
    records = Records.open(Home.locate(tmp_path / "home").prepare().records_url)
    with records.change(Actor.system("test")) as change:
        for name, role in (("anna", "author"), ("vera", "auditor")):
            people.add_person(change, name, name.title())
            people.grant_role(change, name, role, reason="test")
    records.close()
    return tmp_path / "home"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "badge.json"
    path.write_text(json.dumps(with_fields(odd=1)))
    return path


def run(home: Path, *words: str, person: str = "anna") -> Result:
    return CliRunner().invoke(cli, ["--home", str(home), "--as", person, *words])


def answer(home: Path, *words: str) -> Any:
    result = run(home, *words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def refusal(result: Result) -> WorkbenchError:
    assert isinstance(result.exception, WorkbenchError), result.output
    return result.exception


def bring(home: Path, file: Path) -> str:
    return str(answer(home, "import", str(file), "--project", "pr-1")["assessment"])


def test_import_answers_in_the_documented_shape(home: Path, file: Path) -> None:
    data = answer(home, "import", str(file), "--project", "pr-1")
    assert data["format"] == "cnil_pia"
    assert data["assessment"].startswith("cnil-pia-")
    counts = ("answers", "measures", "evaluations", "comments")
    assert [data["imported"][name] for name in counts] == [6, 2, 3, 1]
    assert data["losses"] == [
        {"where": "pia.odd", "what": "a field",
         "why": "This field is not known here. The original is kept."}
    ]  # fmt: skip


def test_without_a_project_the_file_is_only_read(home: Path, file: Path) -> None:
    data = answer(home, "import", str(file))
    assert data["assessment"] is None
    assert data["imported"]["answers"] == 6
    assert answer(home, "assessment", "list") == []


def test_several_documents_are_all_told(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "all.json"
    flat = [pia()["pia"] | {"answers": [], "evaluations": [], "name": name} for name in "ab"]
    path.write_text(json.dumps(flat))
    data = answer(home, "import", str(path), "--project", "pr-1")
    made = [document["assessment"] for document in data["documents"]]
    assert data["assessment"] == made[0]
    assert len(set(made)) == 2


def test_export_writes_the_file_back_for_its_owner_alone(home: Path, file: Path) -> None:
    made = bring(home, file)
    out = file.with_name("out.json")
    data = answer(home, "export", made, "--format", "cnil_pia", "--out", str(out))
    assert json.loads(out.read_text()) == json.loads(file.read_text())
    assert (data["format"], data["assessment"], data["losses"]) == ("cnil_pia", made, [])
    assert out.stat().st_mode & 0o077 == 0


def test_export_without_out_never_overwrites(
    home: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = bring(home, file)
    monkeypatch.chdir(file.parent)
    assert run(home, "export", made, "--format", "cnil_pia").exit_code == 0
    assert (file.parent / "pia-badge-readers.json").exists()
    assert isinstance(refusal(run(home, "export", made, "--format", "cnil_pia")), BadInput)


def test_the_loss_report_is_text_and_a_file(home: Path, file: Path) -> None:
    report = file.with_name("losses.txt")
    result = run(home, "import", str(file), "--project", "pr-1", "--losses", str(report))
    line = "pia.odd: a field. This field is not known here. The original is kept."
    assert line in result.output
    assert line in report.read_text()


def test_carry_over_begins_a_dpia(home: Path, file: Path) -> None:
    data = answer(home, "carry-over", bring(home, file))
    assert data["assessment"].startswith("dpia-")
    assert data["answers"] > 3
    assert {loss["where"] for loss in data["losses"]} >= {"pia author"}


def test_errors_name_file_and_place(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "broken.json"
    path.write_text('{\n"pia": }')
    error = refusal(run(home, "import", str(path)))
    assert (error.exit_code, error.where) == (2, {"file": "broken.json", "line": 2, "column": 8})
    archive = tmp_path / "bad.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("../up.json", "{}")
    error = refusal(run(home, "import", str(archive)))
    assert error.where == {"file": "bad.zip", "member": "../up.json"}


def test_permission_is_checked_in_the_core(home: Path, file: Path) -> None:
    result = run(home, "import", str(file), "--project", "pr-1", person="vera")
    assert isinstance(refusal(result), NotPermitted)
    assert refusal(result).exit_code == 1
    assert answer(home, "assessment", "list") == []


def test_a_file_above_the_limit_is_not_even_read(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as handle:
        handle.truncate(64 * 1024 * 1024 + 1)
    assert "too large" in refusal(run(home, "import", str(path))).title


def test_a_wanted_format_that_does_not_fit_is_refused(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('{"a": 1}')
    error = refusal(run(home, "import", str(path), "--format", "cnil_pia"))
    assert error.title == "This is not CNIL PIA"


def test_the_same_file_again_is_another_assessment_and_said(home: Path, file: Path) -> None:
    first = bring(home, file)
    result = run(home, "import", str(file), "--project", "pr-1")
    assert f"imported before: {first}" in result.stderr
    assert len(answer(home, "assessment", "list")) == 2


def test_attachments_of_an_archive_become_evidence(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "pia.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("pia-badge.json", json.dumps(pia()))
        made.writestr("attachments/plan.txt", "Doors and readers.")
        made.writestr("attachments/run.exe", b"MZ\x90\x00")
    data = answer(home, "import", str(path), "--project", "pr-1")
    assert data["imported"]["attachments"] == 2
    assert [loss["where"] for loss in data["losses"]] == ["attachments/run.exe"]
    shown = answer(home, "assessment", "show", data["assessment"])
    digest = hashlib.sha256(b"Doors and readers.").hexdigest()
    assert shown["answers"]["attachments"]["value"] == [digest]
    assert any(file.name == digest for file in (home / "evidence").rglob("*"))
    out = tmp_path / "out.json"
    losses = answer(home, "export", data["assessment"], "--format", "cnil_pia", "--out", str(out))[
        "losses"
    ]
    assert [(loss["where"], loss["what"]) for loss in losses] == [
        ("attachments", f"file {digest[:12]}")
    ]
    assert json.loads(out.read_text()) == pia()
