"""The rules as SQL and the rules as great-expectations count the same, on every kind, on dirty data."""

from __future__ import annotations

import csv
import io
import random
import subprocess
import sys
from typing import Any

import pytest

from assessments.errors import NotFound
from dashboard.exports.catalogue import contracts
from dashboard.exports.contract import Column, Contract
from dashboard.exports.declared import declared_folder, read_report

SOUND = {
    "text": ["x", "A, B", 'say "x"'],
    "integer": ["0", "7", "99"],
    "double": ["0.5", "1", "0"],
    "boolean": ["true", "FALSE"],
    "date": ["2026-01-02", "2024-02-29", "2025-06-30"],
    "timestamp": ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05.5+02:00"],
    "duration": ["P2Y", "P18M", "P90D", "P1Y6M"],
    "hex64": ["a" * 64, "0" * 64],
}
DIRT = ["", "", " ", "nonsense", "2026-02-31", "-5", "1e400", "P", "2Y", "a;;b", "é" * 3, "A" * 64,
        "9999999999999999999", "2026-01-02 25:00:00Z", "true;false", "x@y", "{a}", "'", "\\d", "NaN"]  # fmt: skip
ROWS = 60


def value(column: Column, chance: random.Random) -> str:
    if chance.random() < 0.15:
        return chance.choice(DIRT)
    if column.pattern:
        return "somebody@company.example"
    choices = list(column.allowed) or SOUND[column.type]
    if column.is_list:
        return ";".join(chance.sample(choices, k=min(2, len(choices))))
    return chance.choice(choices)


def dirty_file(contract: Contract, chance: random.Random) -> str:
    """Rows with dirt in every column, references that are half true, and keys that repeat."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(contract.names)
    for number in range(ROWS):
        row = {column.name: value(column, chance) for column in contract.columns}
        for name in contract.key:
            if contract.column(name).type == "text":
                row[name] = f"id-{chance.choice([number, number, number, 1])}"
        for column in contract.columns:
            if column.refers and column.name not in contract.key and chance.random() < 0.8:
                row[column.name] = f"id-{chance.randrange(2 * ROWS)}"
        writer.writerow(row.values())
    return target.getvalue()


def test_sql_and_great_expectations_count_the_same_on_every_kind(desk: Any) -> None:
    chance = random.Random(7)
    paths = [
        desk.write(f"{kind}.csv", dirty_file(contract, chance))
        for kind, contract in contracts().items()
    ]
    report = desk.report(*paths, is_declared=True)
    assert not report.notes
    assert {file.kind for file in report.files} == set(contracts())
    broken = set()
    for file in report.files:
        declared = read_report(desk.home, file.batch_id)
        counted = {rule.rule: (rule.failed, rule.checked) for rule in file.rules}
        expected = {
            one.rule: (one.unexpected_count, one.element_count) for one in declared.expectations
        }
        assert expected.keys() == counted.keys()
        different = {rule: (counted[rule][0], expected[rule][0]) for rule in counted
                     if counted[rule][0] != expected[rule][0]}  # fmt: skip
        assert not different, file.kind
        broken |= {one.rule.split(".")[-1] for one in declared.expectations if not one.success}
        assert all(one.success == (one.unexpected_count == 0) for one in declared.expectations)
        assert declared.is_met is False
    assert broken >= {"required", "type", "allowed", "pattern", "range", "refers", "unique"}


def test_counts_agree_with_mistakes_planted_by_hand(desk: Any, vendors: Any) -> None:
    rows = [vendors.row(n) for n in range(20)]
    rows[3] = vendors.row(3, role="friend")
    rows[4] = vendors.row(4, role="", contact_email="nowhere")
    rows[5] = vendors.row(2)
    rows[6] = vendors.row(2)
    found = desk.report(desk.write("vendors.csv", vendors(*rows)), is_declared=True).files[0]
    declared = read_report(desk.home, found.batch_id)
    counted = {
        one.rule: one.unexpected_count for one in declared.expectations if one.unexpected_count
    }
    assert counted == {
        "role.allowed": 1, "role.required": 1, "contact_email.pattern": 1, "key.unique": 2
    }  # fmt: skip
    assert found.quarantined == 4
    assert declared.engine.startswith("great-expectations")
    assert (declared.path, declared.sha256) == ("vendors.csv", found.sha256)


def test_a_load_without_report_says_so(desk: Any, vendors: Any) -> None:
    found = desk.load("vendors.csv", vendors(vendors.row(1)))
    with pytest.raises(NotFound):
        read_report(desk.home, found.batch_id)
    assert not declared_folder(desk.home).exists()


def test_a_report_that_is_missing_is_made_when_the_file_is_loaded_again(
    desk: Any, vendors: Any
) -> None:
    path = desk.write("vendors.csv", vendors(vendors.row(1)))
    desk.report(path)
    again = desk.report(path, is_declared=True).files[0]
    assert again.was_loaded
    assert read_report(desk.home, again.batch_id).is_met


def test_loading_does_not_import_great_expectations() -> None:
    probe = (
        "import sys, dashboard.exports.load, dashboard.exports.check, dashboard.commands.exports, "
        "dashboard.warehouse.build; print('great_expectations' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
