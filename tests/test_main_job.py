"""The main job, from exports to a verified pack, through the command line alone."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from assessments.ledger import body, store
from assessments.records import Records
from assessments.settings import Home
from sample_data import TRUTH  # noqa: F401  (the sample package is importable)


def privacy(home: Path, *words: str, code: int = 0) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "dashboard", "--home", str(home), *words, "--json"],
        capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip
    assert done.returncode == code, done.stderr[-2000:] + done.stdout[-500:]
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def home(loaded_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copied = tmp_path_factory.mktemp("copy") / "home"
    shutil.copytree(loaded_home, copied)
    return copied


@pytest.fixture(scope="module")
def demo(home: Path) -> dict[str, str]:
    found: dict[str, str] = privacy(home, "demo", "--no-serve")
    return found


def test_running_the_demonstration_again_returns_the_same_pack(
    home: Path, demo: dict[str, str]
) -> None:
    assert {"home", "assessment", "pack", "report", "trust_root"} <= set(demo)
    assert all(Path(demo[name]).exists() for name in ("home", "pack", "report", "trust_root"))
    assert len(list(home.glob("reports/*/r*/*.zip"))) == 1


def test_an_outsider_verifies_the_pack(home: Path, demo: dict[str, str]) -> None:
    found = privacy(home, "verify", demo["pack"], "--trust", demo["trust_root"])
    assert found["verdict"] == "VALID"
    assert {check["verdict"] for check in found["checks"]} == {"VALID"}


def test_without_a_trusted_root_nobody_is_told_that_a_pack_is_valid(
    home: Path, demo: dict[str, str]
) -> None:
    assert privacy(home, "verify", demo["pack"], code=3)["verdict"] == "INCOMPLETE"


def test_a_changed_file_in_the_pack_is_found(
    home: Path, demo: dict[str, str], tmp_path: Path
) -> None:
    forged = tmp_path / "forged.zip"
    with zipfile.ZipFile(demo["pack"]) as before, zipfile.ZipFile(forged, "w") as after:
        for name in before.namelist():
            data = before.read(name)
            after.writestr(
                name, data.replace(b"approved", b"rejected") if name == "assessment.json" else data
            )
    found = privacy(home, "verify", str(forged), "--trust", demo["trust_root"], code=1)
    assert found["verdict"] == "INVALID"


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="pdfsig is absent")
def test_pdfsig_sees_three_valid_signatures_over_the_whole_document(demo: dict[str, str]) -> None:
    text = subprocess.run(
        ["pdfsig", demo["report"]], capture_output=True, text=True, check=False
    ).stdout
    assert text.count("Signature is Valid.") == 3
    assert text.count("ETSI.CAdES.detached") == 3
    assert text.rstrip().count("Total document signed") == 1


def test_the_ledger_is_whole_and_names_every_load(home: Path, demo: dict[str, str]) -> None:
    found = privacy(home, "ledger", "verify")
    assert found["verdict"] == "VALID"
    assert found["checked"] == found["size"] > 0


def test_every_listed_kpi_has_its_rows(home: Path, demo: dict[str, str]) -> None:
    listed = privacy(home, "kpi", "list")
    names = {item["name"] for item in listed}
    assert {
        "retention_compliance", "overdue_deletions", "assessment_coverage", "leakage_score",
        "off_purpose_access", "expired_grant_use", "training_completion", "rights_requests_on_time",
    } <= names  # fmt: skip
    shown = privacy(home, "kpi", "show", "overdue_deletions", "--rows")
    assert shown["value"] == shown["rows"] == len(shown["row_data"])
    assert len(shown["trend"]) >= 12
    assert all(set(source) >= {"path", "sha256"} for source in shown["sources"])


def test_loading_the_same_exports_again_changes_nothing(home: Path, demo: dict[str, str]) -> None:
    before = privacy(home, "ledger", "verify")["size"]
    from sample_data import EXPORTS

    loaded = privacy(home, "load", str(EXPORTS))
    assert all(f["rows"] == f["landed"] + f["quarantined"] for f in loaded["files"])
    assert privacy(home, "ledger", "verify")["size"] == before


def test_the_gate_stays_closed_while_conditions_and_leakage_stand(
    home: Path, demo: dict[str, str]
) -> None:
    found = privacy(home, "gate", "pr-churn", code=1)
    assert found["open"] is False
    assert {"leakage", "condition_open"} <= {reason["kind"] for reason in found["reasons"]}
    assert privacy(home, "gate", "pr-load")["open"] is True


def test_an_assessment_can_be_read_and_linted_from_the_shell(
    home: Path, demo: dict[str, str]
) -> None:
    shown = privacy(home, "assessment", "show", demo["assessment"])
    assert shown["state"] == "approved_with_conditions"
    assert shown["blockers"] == []
    assert privacy(home, "assessment", "lint", demo["assessment"]) == []
    steps = privacy(home, "assessment", "history", demo["assessment"])
    assert [step["action"] for step in steps] == [
        "submit", "take_up", "return", "submit", "take_up", "accept", "advise", "approve_with_conditions",
    ]  # fmt: skip


def test_an_unknown_assessment_is_one_clear_error(home: Path, demo: dict[str, str]) -> None:
    found = privacy(home, "assessment", "show", "dpia-none", code=2)
    assert found["error"] == "NotFound"


def test_a_person_stands_behind_rendering_and_release_in_the_ledger(
    home: Path, demo: dict[str, str]
) -> None:
    records = Records.open(Home.locate(home).records_url)
    with records.read() as connection:
        entries = [body.read(entry) for entry in store.entries(connection, limit=500)]
    records.close()
    found = {e["action"]: e["actor"] for e in entries if e["id"] == demo["assessment"]}
    assert found["report.rendered"] == found["report.released"] == "p-006"
