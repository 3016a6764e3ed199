"""``privacy check`` and ``privacy load`` keep their JSON shapes and exit codes."""

from __future__ import annotations

import json
from typing import Any

from click.testing import CliRunner, Result

from dashboard.cli import cli


def privacy(desk: Any, *arguments: object) -> Result:
    return CliRunner().invoke(cli, ["--home", str(desk.home.path), *map(str, arguments)])


def test_check_answers_no_when_a_row_would_be_quarantined(desk: Any, vendors: Any) -> None:
    path = desk.write("vendors.csv", vendors(vendors.row(1), vendors.row(2, role="friend")))
    done = privacy(desk, "check", "--json", path)
    assert done.exit_code == 1
    (file,) = json.loads(done.stdout)["files"]
    assert (file["path"], file["kind"]) == ("vendors.csv", "vendors")
    assert (file["rows"], file["landed"], file["quarantined"]) == (2, 1, 1)
    assert list(file["reasons"].values()) == [1]


def test_check_answers_yes_for_a_sound_file_and_lands_nothing(desk: Any, vendors: Any) -> None:
    path = desk.write("vendors.csv", vendors(vendors.row(1)))
    done = privacy(desk, "check", path)
    assert done.exit_code == 0
    assert "1 rows read = 1 good + 0 quarantined" in done.stdout
    assert not (desk.home.warehouse / "landing.duckdb").exists()


def test_load_lands_good_rows_and_exits_zero(desk: Any, vendors: Any) -> None:
    path = desk.write("vendors.csv", vendors(vendors.row(1), vendors.row(2, role="friend")))
    done = privacy(desk, "load", "--no-declared", "--json", path)
    assert done.exit_code == 0
    (file,) = json.loads(done.stdout)["files"]
    assert (file["rows"], file["landed"], file["quarantined"]) == (2, 1, 1)
    again = json.loads(privacy(desk, "load", "--no-declared", "--json", path).stdout)["files"][0]
    assert again["was_loaded"]
    assert again["reasons"] == file["reasons"]


def test_a_file_that_is_left_aside_exits_two_and_says_where(desk: Any) -> None:
    path = desk.write("vendors.csv", "id\n1\n")
    for command in ("check", "load"):
        done = privacy(desk, command, "--json", path)
        assert done.exit_code == 2
        (held,) = json.loads(done.stdout)["held"]
        assert held["where"]["file"] == "vendors.csv"
        assert "does not fit" in done.stderr


def test_the_kind_may_be_told(desk: Any, vendors: Any) -> None:
    path = desk.write("suppliers.csv", [line.replace(",", ";") for line in vendors(vendors.row(1))])
    done = privacy(
        desk, "load", "--no-declared", "--no-build", "--kind", "vendors", "--delimiter", ";", path
    )
    assert done.exit_code == 0
    assert "1 good" in done.stdout
