"""Readers on public files of real systems; the table of the documentation is what these numbers say."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from assessments.settings import Home
from dashboard.exports.landing import open_landing
from dashboard.exports.load import load_paths
from dashboard.exports.options import Options
from dashboard.exports.systems.catalogue import find_system
from dashboard.exports.systems.resources import ResourceMap

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = ROOT.parent / "shared/data/exports"
GUIDE = ROOT / "docs/how-to/load-files-of-real-systems.md"

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.skipif(not SAMPLES.is_dir(), reason="the public samples are not on this machine"),
]

LINE = re.compile(r"^\| [^|]+ \| `([\w.-]+)` \| (\w+) \| (\d+) \| (\d+) \|$", re.MULTILINE)
TABLE = {(name, kind): (int(rows), int(rejects)) for name, kind, rows, rejects in LINE.findall(GUIDE.read_text())}  # fmt: skip


def load(tmp_path: Path, path: Path, resources: Path | None = None) -> dict[str, tuple[int, int]]:
    options = Options(is_declared=False, is_built=False, resources=resources)
    report = load_paths(Home(tmp_path / "home"), [path], options=options)
    assert not report.held
    return {file.kind: (file.rows, file.quarantined) for file in report.files}


@pytest.mark.parametrize("name", sorted({name for name, _ in TABLE}))
def test_rows_and_rejects_are_those_of_the_documentation(tmp_path: Path, name: str) -> None:
    found = load(tmp_path, SAMPLES / name)

    shown = {kind: counts for (file, kind), counts in TABLE.items() if file == name}
    assert {kind: counts for kind, counts in found.items() if kind in shown} == shown
    assert all(counts[0] == 0 for kind, counts in found.items() if kind not in shown)


def test_every_sample_is_in_the_documentation() -> None:
    names = {path.name for path in SAMPLES.iterdir() if path.suffix in {".json", ".jsonl", ".out"}}

    assert names == {name for name, _ in TABLE}


@pytest.mark.parametrize("name", ["aws-cloudtrail-mixed.json", "aws-cloudtrail-s3-reads.json"])
def test_cloudtrail_agrees_with_the_file_read_as_one(name: str) -> None:
    records = json.loads((SAMPLES / name).read_text())["Records"]

    found = list(_read(SAMPLES / name))

    assert [f"cloudtrail:{record['eventID']}" for record in records] == [
        row.values["event_id"] for row in found
    ]
    assert all(row.values["actor"] and row.values["resource"] for row in found)
    refused = sum(record.get("errorCode") == "AccessDenied" for record in records)
    assert sum(row.values["outcome"] == "denied" for row in found) == refused


def test_the_kubernetes_event_and_its_golden_ocsf_twin_say_the_same(tmp_path: Path) -> None:
    """The published twin has two commas that JSON does not allow; without them it is sound."""
    text = (SAMPLES / "k8s-eks-audit.ocsf.json").read_text()
    twin = tmp_path / "twin.json"
    twin.write_text(re.sub(r",(\s*})", r"\1", text))

    (raw,) = _read(SAMPLES / "k8s-eks-audit.raw.json")
    (golden,) = _read(twin)

    for name in ("actor", "activity", "operation", "resource", "outcome", "class_uid"):
        assert raw.values[name] == golden.values[name], name
    assert str(raw.values["ts"])[:23] == str(golden.values["ts"])[:23]


def test_every_record_of_pgaudit_is_read_and_lands_with_a_log_prefix(tmp_path: Path) -> None:
    text = (SAMPLES / "pgaudit-regression.out").read_text()
    prefix = iter(
        f"2026-01-02 03:04:05.{n:06d} UTC [{n}] ana@shop LOG:  AUDIT: " for n in range(10_000)
    )
    log = tmp_path / "server.log"
    log.write_text(re.sub(r"(?m)^\w+:  AUDIT: ", lambda _: next(prefix), text))

    total = len(re.findall(r"AUDIT: (?:SESSION|OBJECT),", text))
    assert load(tmp_path, log)["audit_events"] == (total, 0)


def test_a_map_makes_accesses_of_cloudtrail_and_datasets_of_dbt(tmp_path: Path) -> None:
    resources = tmp_path / "map.yaml"
    resources.write_text(
        'resources: [{match: "arn:aws:ssm:*:parameter/*", dataset: ds-1, purpose: p-1}]\n'
    )

    load(tmp_path, SAMPLES / "aws-cloudtrail-mixed.json", resources)

    with open_landing(Home(tmp_path / "home"), write=False) as connection:
        found = connection.execute(
            "select action, count(*) from landed.access_events group by action order by action"
        ).fetchall()
        left = connection.execute(
            "select count(*) from landed.audit_events where dataset_id = 'ds-1'"
        ).fetchone()
    records = json.loads((SAMPLES / "aws-cloudtrail-mixed.json").read_text())["Records"]
    touched = [
        r
        for r in records
        if any(":parameter/" in x.get("ARN", "") for x in r.get("resources") or [])
    ]
    assert left == (len(touched),)
    assert any(r["eventName"] == "GetParameter" for r in touched)
    assert {action for action, _ in found} <= {"read", "write"}


def test_a_sample_that_is_cut_off_keeps_what_was_whole(tmp_path: Path) -> None:
    data = (SAMPLES / "aws-cloudtrail-mixed.json").read_bytes()
    path = tmp_path / "cut.json"
    path.write_bytes(data[: len(data) // 2])

    rows, rejects = load(tmp_path, path)["audit_events"]

    assert rejects == 1
    assert rows == data[: len(data) // 2].count(b'"eventVersion"')


def _read(path: Path) -> Any:
    system = find_system(path)
    assert system is not None
    return system.read(path, ResourceMap())
