"""One row of one export changes: exactly the answers made of it are stale, and the load says so."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import update

from assessments import questionnaire as q
from assessments.records import Records
from assessments.records.tables import assessment
from assessments.review.gate import check_gate
from assessments.settings import Home
from dashboard.cli import cli
from dashboard.exports.load import load_paths
from dashboard.exports.options import Options
from dashboard.warehouse.connect import Warehouse
from dashboard.warehouse.facts import WarehouseFacts
from tests.assessments.questionnaire.cases import join

SAMPLES = Path(__file__).resolve().parents[3] / "sample_data" / "exports"
KINDS = ("projects", "datasets", "dataset_fields", "models", "systems", "purposes", "people")
PROJECT = "pr-tariff"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home").prepare()
    files = [path for kind in KINDS for path in SAMPLES.glob(f"{kind}.*")]
    assert len(files) == len(KINDS)
    load_paths(made, files, options=Options(is_declared=False, as_of=date(2026, 11, 1)))
    return made


def test_exactly_the_dependent_answers_are_stale_after_one_row_changed(
    home: Home, tmp_path: Path
) -> None:
    records = Records.open(home.records_url)
    ann = join(records, "ann", "author")
    warehouse = Warehouse.open(home)
    made = q.start(records, ann, "dpia", PROJECT, "Tariff", WarehouseFacts(warehouse))
    with records.engine.begin() as connection:
        connection.execute(
            update(assessment).values(state="approved", decided_at=datetime.now(UTC))
        )
    found = q.load(records, made)
    about = found.template, found.answers, WarehouseFacts(warehouse), found.subject
    assert q.stale_answers(*about) == []
    changed = change_project(tmp_path)
    arguments = ["--home", str(home.path), "--json", "load", str(changed), "--no-declared"]
    done = CliRunner().invoke(cli, [*arguments, "--as-of", "2026-11-02"])
    assert done.exit_code == 0, done.output
    expected = {
        question.id
        for question in found.template.questions
        if question.prefill
        and question.prefill.source == "project"
        and question.id in found.answers
    }
    assert expected, "some answers come from the project's own row"
    assert {item.question_id for item in q.stale_answers(*about)} == expected
    assert len(json.loads(done.stdout)["review_triggers"]) == 1
    with records.read() as connection:
        gate = check_gate(connection, PROJECT, today=date(2026, 11, 24))
    (reason,) = [r.what for r in gate.reasons if r.kind == "stale_answer"]
    assert "'processing_name'" in reason, "the name alone changed, so nothing else is news"
    warehouse.close()
    records.close()


def change_project(folder: Path) -> Path:
    """The export of projects with one word more in one row."""
    (source,) = SAMPLES.glob("projects.*")
    lines = source.read_text(encoding="utf-8").splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith(f"{PROJECT},"))
    header = lines[0].split(",")
    name = header.index("name")
    cells = lines[at].split(",")
    cells[name] += " II"
    lines[at] = ",".join(cells)
    path = folder / source.name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
