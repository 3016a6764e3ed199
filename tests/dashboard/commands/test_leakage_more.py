"""``privacy leakage`` on text, attributes, budgets and federated settings: shapes and exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from assessments.errors import BadInput, NotFound
from assessments.leakage.measurement import RESULT_SCHEMA
from assessments.records import Actor, Records, people
from assessments.settings import Home
from dashboard.cli import cli


def run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["--home", str(home), *words])


def measured(home: Path, *words: str) -> dict[str, Any]:
    result = run(home, "leakage", *words, "--json")
    assert result.exit_code == 0, result.output
    data: dict[str, Any] = json.loads(result.output)
    jsonschema.validate(data, json.loads(RESULT_SCHEMA.read_text()))
    return data


def test_text_and_canaries_answer_in_the_documented_shape(tmp_path: Path) -> None:
    notes = tmp_path / "notes.csv"
    notes.write_text('id,note\n1,"Refund to DE67492276323256022044 please"\n2,nothing\n')
    data = measured(tmp_path, "text", str(notes), "--column", "note")
    assert (data["measure"], data["severity"]) == ("text", 1.0)
    assert data["results"]["iban"]["value"] == 0.5
    assert "DE67492276323256022044" not in json.dumps(data)
    rng = np.random.default_rng(0)
    for name, scores in (("in", rng.normal(0, 1, 20)), ("out", rng.normal(-9, 1, 500))):
        pd.DataFrame({"log_likelihood": scores}).to_csv(tmp_path / f"{name}.csv", index=False)
    data = measured(tmp_path, "canaries", str(tmp_path / "in.csv"), str(tmp_path / "out.csv"))
    assert data["measure"] == "memorisation"


def test_attributes_answer_in_the_documented_shape(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    truth = rng.choice(["a", "b"], 600)
    guess = np.where(rng.random(600) < 0.7, truth, "a")
    table = pd.DataFrame(
        {"truth": truth, "attack": truth, "imputation": guess, "member": np.arange(600) % 2}
    )
    table.to_parquet(tmp_path / "guesses.parquet")
    data = measured(tmp_path, "attributes", str(tmp_path / "guesses.parquet"))
    assert data["measure"] == "attribute"
    assert data["results"]["attack_accuracy"]["value"] == 1


def test_prose_without_a_look_for_names_is_exit_3_and_bad_input_exit_2(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Nobody answered the door at noon today.\n")
    assert run(tmp_path, "leakage", "text", str(tmp_path / "a.txt"), "--json").exit_code == 3
    absent = run(tmp_path, "leakage", "text", str(tmp_path / "absent.csv")).exception
    assert isinstance(absent, NotFound)
    assert absent.exit_code == 2


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("office")
    records = Records.open(Home(home).prepare().records_url)
    with records.change(Actor.system("test")) as change:
        people.add_person(change, "rosa", "Rosa Private-Name")
        people.grant_role(change, "rosa", "dpo", reason="test")
    return home


def test_a_budget_is_planned_recorded_and_refused_in_time(office: Path, tmp_path: Path) -> None:
    settings = tmp_path / "opacus.json"
    settings.write_text(json.dumps({"accountant": "rdp", "history": [[1.1, 256 / 60000, 14062]], "delta": 1e-5}))  # fmt: skip
    budget = ("--as", "rosa", "leakage", "budget")
    agreed = ("--epsilon", "3", "--delta", "1e-5", "--unit", "person")
    assert run(office, *budget, "set", "ds-1", *agreed).exit_code == 0
    given = ("ds-1", "--settings", str(settings), "--label", "first", "--unit", "person", "--json")
    assert json.loads(run(office, *budget, "plan", *given).output)["state"] == "alert"
    assert run(office, *budget, "record", *given).exit_code == 0
    refused = run(office, *budget, "plan", *given)
    assert refused.exit_code == 1
    assert json.loads(refused.output)["state"] == "overspent"
    other = (*given[:-2], "record", "--json")
    assert isinstance(run(office, *budget, "plan", *other).exception, BadInput)
    (line,) = json.loads(run(office, *budget, "show", "--json").output)
    assert line["spent"] == pytest.approx(2.596556, abs=1e-5)


def test_federated_settings_are_checks_with_exit_codes(tmp_path: Path) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text("min_fit_clients: 3\n")
    result = run(tmp_path, "leakage", "federated", str(file), "--json")
    assert result.exit_code == 1
    assert json.loads(result.output)["severity"] is None
    file.write_text("min_fit_clients: 300\n")
    assert run(tmp_path, "leakage", "federated", str(file)).exit_code == 3
