"""``privacy kpi`` as scripts use it, on the whole sample."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from assessments.settings import Home
from dashboard.cli import cli
from dashboard.exports.load import load_paths
from dashboard.exports.options import Options
from dashboard.kpis import catalogue
from tests.dashboard.kpis.conftest import EXPORTS


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("kpi-command"))
    load_paths(home, [EXPORTS / f"{kind}.csv" for kind in ("deletion_runs", "vendors", "contracts")], options=Options(is_declared=False))  # fmt: skip
    return home


def _run(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["--home", str(home.path), "kpi", *arguments])


def _json(home: Home, *arguments: str) -> Any:
    result = _run(home, *arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_list_has_every_kpi_with_the_keys_that_scripts_rely_on(home: Home) -> None:
    found = _json(home, "list")

    keys = {"name", "value", "unit", "target", "state", "rows", "as_of", "sources"}
    assert {each["name"] for each in found} == {kpi.name for kpi in catalogue()}
    assert all(keys <= each.keys() for each in found)
    assert all({"path", "sha256"} <= source.keys() for each in found for source in each["sources"])


def test_show_adds_the_trend_and_on_request_the_rows_and_the_text(home: Home) -> None:
    plain = _json(home, "show", "overdue_deletions")
    full = _json(home, "show", "overdue_deletions", "--rows", "--sql")

    assert plain["value"] == plain["rows"] == len(full["row_data"]) > 0
    assert "row_data" not in plain
    assert [point["value"] for point in plain["trend"]][-1] == plain["value"]
    assert len(plain["trend"]) >= 12
    assert full["sql"].endswith("order by due_on, run_id")


def test_a_share_brings_all_the_rows_that_it_is_a_share_of(home: Home) -> None:
    shown = _json(home, "show", "vendor_contracts_current", "--rows")

    met = sum(row["is_met"] for row in shown["row_data"])
    assert shown["value"] == pytest.approx(100 * met / len(shown["row_data"]))
    assert (shown["numerator"], shown["denominator"]) == (met, shown["rows"])


def test_an_earlier_day_can_be_asked(home: Home) -> None:
    now = _json(home, "show", "overdue_deletions")
    then = _json(home, "show", "overdue_deletions", "--as-of", now["trend"][-5]["as_of"])

    assert then["value"] == now["trend"][-5]["value"]


def test_what_was_never_loaded_has_no_number(home: Home) -> None:
    shown = _json(home, "show", "training_completion")

    assert (shown["value"], shown["state"], shown["rows"]) == (None, "no_data", 0)


def test_the_text_for_people_has_the_number_the_notes_and_the_rows(home: Home) -> None:
    result = _run(home, "show", "overdue_deletions", "--rows", "--sql")

    assert "Target missed (target 0, owner Head of data engineering)" in result.output
    assert "[1] A run whose dataset is under a legal hold" in result.output
    assert "run_id" in result.output
    assert "from deletion_runs as run" in result.output


def test_every_kpi_file_is_sound(home: Home) -> None:
    found = _json(home, "lint")

    assert found == {"checked": len(catalogue()), "findings": []}


def test_an_unknown_name_and_an_empty_home_are_clear_answers(home: Home, tmp_path: Any) -> None:
    assert "There is no KPI nothing" in str(_run(home, "show", "nothing").exception)
    assert "No exports have been loaded yet" in str(_run(Home(tmp_path), "list").exception)
