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


def test_rejected_rows_are_printed_and_come_back_by_the_load_that_they_correct(
    desk: Any, vendors: Any
) -> None:
    path = desk.write("vendors.csv", vendors(vendors.row(2, role="friend")))
    done = privacy(desk, "load", "--json", "--no-declared", "--no-build", path)
    batch = json.loads(done.stdout)["files"][0]["batch_id"]

    printed = privacy(desk, "rejected", batch)
    fixed = desk.write("fixed.csv", printed.stdout.replace("friend", "processor"))
    again = privacy(
        desk, "load", "--json", "--no-declared", "--no-build", "--corrects", batch, fixed
    )

    assert json.loads(again.stdout)["files"][0]["landed"] == 1
    assert "no load vendors-0" in str(privacy(desk, "rejected", "vendors-0").exception)


def test_resources_that_nobody_mapped_are_listed_and_the_answer_is_no(desk: Any) -> None:
    event = {
        "eventVersion": "1.08", "eventID": "e-1", "eventTime": "2026-03-01T10:00:00Z",
        "eventSource": "s3.amazonaws.com", "eventName": "GetObject", "eventCategory": "Data",
        "userIdentity": {"userName": "ana"}, "requestParameters": {"bucketName": "b", "key": "k"},
    }  # fmt: skip
    desk.report(desk.write("log.json", json.dumps(event)))

    done = privacy(desk, "unresolved", "--json")

    assert done.exit_code == 1
    assert json.loads(done.stdout)["resources"] == [
        {
            "source": "cloudtrail",
            "resource": "arn:aws:s3:::b/k",
            "events": 1,
            "last_on": "2026-03-01",
        }
    ]
    fresh = CliRunner().invoke(cli, ["--home", str(desk.folder / "new"), "unresolved"])
    assert fresh.exit_code == 0
