"""Rows of a scan: proven beyond chance or by a measured pattern, counted, masked, and never a value."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from assessments.errors import CannotSay
from assessments.leakage.measurement import Check
from assessments.leakage.rates import clopper_pearson
from assessments.leakage.text import Options, evaluate
from assessments.leakage.text.detectors import BARE, DETECTORS
from assessments.leakage.text.fields import COLUMNS, field_rows, write_field_rows
from assessments.questionnaire import load_pack

DAY = date(2026, 11, 20)
VALUES = {
    "mail": ["jane.doe@post.example", "none", "-", "max.muster@mail.example"],
    "host": ["84.20.11.9", "84.20.11.10", "84.20.11.11", "84.20.11.12"],
    "unit": ["kW", "kW", "MW", "kW"],
}


def sample(folder: Path, values: dict[str, Sequence[str]]) -> Path:
    path = folder / "sample.csv"
    lines = [",".join(values), *(",".join(row) for row in zip(*values.values(), strict=True))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    path = sample(tmp_path_factory.mktemp("scan"), VALUES)
    return field_rows(evaluate(path, Options(salt="00" * 16)), "d-1", DAY)


def by_field(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    return {field: [row for row in rows if row["field"] == field] for field in VALUES}


def test_every_field_has_a_row_and_each_says_what_was_read(rows: list[dict[str, Any]]) -> None:
    (mail,), (host,), (unit,) = by_field(rows).values()

    assert (mail["category"], mail["detector"], mail["is_proven"]) == ("contact", "email", True)
    assert (mail["matched"], mail["sampled"]) == (2, 4)
    assert (host["category"], host["is_proven"], host["matched"]) == ("device", True, 4)
    assert (unit["category"], unit["detector"], unit["is_proven"], unit["matched"]) == (
        None, None, False, 0,
    )  # fmt: skip


def test_the_interval_is_the_exact_binomial_one(rows: list[dict[str, Any]]) -> None:
    mail = by_field(rows)["mail"][0]
    oracle = clopper_pearson(2, 4)

    assert (mail["share"], mail["low"], mail["high"]) == (oracle.value, oracle.low, oracle.high)


def citizen_numbers(count: int) -> list[str]:
    """Numbers that pass the eleven-test of the Dutch citizen service number."""
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    every = (str(number) for number in range(111_222_300, 111_999_999))
    good = (n for n in every if not sum(w * int(d) for w, d in zip(weights, n, strict=True)) % 11)
    return [next(good) for _ in range(count)]


def test_numbers_are_proven_only_beyond_what_chance_explains(tmp_path: Path) -> None:
    real = citizen_numbers(40)
    near = [str(int(number) + 1) for number in real[:38]] + real[:2]
    path = sample(tmp_path, {"real": real, "near": near})
    found = field_rows(evaluate(path, Options(salt="00" * 16)), "d-1", DAY)

    assert {row["field"] for row in found if row["is_proven"]} == {"real"}


def test_no_value_and_no_part_of_one_is_kept(rows: list[dict[str, Any]]) -> None:
    text = write_field_rows(rows).decode()

    for secret in ("jane", "doe", "muster", "post.example", "84.20"):
        assert secret not in text
    assert "xxxx.xxx@xxxx.xxxxxxx" in text
    assert csv.DictReader(io.StringIO(text)).fieldnames == list(COLUMNS)


def test_the_same_sample_gives_the_same_findings_and_another_day_others(tmp_path: Path) -> None:
    path = sample(tmp_path, VALUES)
    measured = evaluate(path, Options(salt="00" * 16))
    once = {row["finding_id"] for row in field_rows(measured, "d-1", DAY)}

    assert once == {row["finding_id"] for row in field_rows(measured, "d-1", DAY)}
    assert not once & {row["finding_id"] for row in field_rows(measured, "d-1", date(2026, 11, 21))}
    assert not once & {row["finding_id"] for row in field_rows(measured, "d-2", DAY)}


def test_a_scan_whose_own_checks_failed_keeps_nothing(tmp_path: Path) -> None:
    measured = evaluate(sample(tmp_path, VALUES), Options(salt="00" * 16))
    failed = replace(measured, power_check=Check("failed", "Nothing planted was found."))

    with pytest.raises(CannotSay, match="planted"):
        field_rows(failed, "d-1", DAY)


def test_every_detector_has_a_category_that_fields_can_be_declared_as() -> None:
    named = {each["id"]: each["category"] for each in load_pack("detector_categories").entries()}
    known = {each["id"] for each in load_pack("data_categories").entries()}

    assert {each.name for each in (*DETECTORS, *BARE)} | {"person_name"} == set(named)
    assert set(named.values()) <= known


def test_columns_are_those_of_the_contract() -> None:
    contract = Path(__file__).parents[3] / "dashboard/exports/contracts/field_scans.yaml"

    assert list(yaml.safe_load(contract.read_text("utf-8"))["columns"]) == list(COLUMNS)
