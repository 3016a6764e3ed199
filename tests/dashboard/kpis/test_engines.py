"""Texts for other engines: translated without loss, refused by name, and run only where they were compared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest
import sqlglot
from click.testing import CliRunner

from assessments.errors import BadInput, CannotSay
from assessments.settings import Home
from dashboard.cli import cli
from dashboard.engines.conformance import compare, is_same
from dashboard.engines.docs import PAGE, write_page
from dashboard.engines.parquet import base_tables, export_warehouse, exported
from dashboard.engines.portable import refusals
from dashboard.engines.support import (
    Shown,
    fingerprint,
    matrix,
    own_path,
    refusal,
    require,
    write_matrix,
)
from dashboard.engines.translate import translate
from dashboard.kpis import catalogue, get
from dashboard.kpis.lint import lint_mart
from dashboard.warehouse.connect import Warehouse
from dashboard.warehouse.marts_order import Mart, read_marts

SOUND = get("unmasked_special_data")


def test_every_mart_can_be_said_on_spark() -> None:
    assert [finding for mart in read_marts() for finding in lint_mart(mart)] == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("select a from t qualify row_number() over (order by a) = 1", "QUALIFY"),
        ("select a from t asof join u on t.x >= u.x", "ASOF"),
        ("select list_filter(a, x -> x > 1) as b from t", "ARRAYFILTER"),
        ("select quantile_cont(a, 0.5) as b from t", "QUANTILE"),
        ("select a from generate_series(1, 3) as t(a)", "GENERATESERIES"),
        ("select strftime(a, '%Y') as b from t", "TIMETOSTR"),
        ("select a / b as c from t", "division"),
        ("select a + to_days(3) as b from t", "date arithmetic outside"),
        ("select cast(a as varchar) as b from t", "CAST to"),
        ("select a from t group by all", "GROUP BY ALL"),
        ("select * exclude (a) from t", "STAR"),
        ("select a from t union all by name select a from u", "UNION BY NAME"),
        ("select regexp_replace(a, 'x', 'y') as b from t", "first match only"),
        ("select unnest(a) as b, unnest(c) as d from t", "UNNEST twice"),
        ("select json_extract(a, '$.b') as b from t", "JSON"),
        ("select some_new_function(a) as b from t", "SOME_NEW_FUNCTION()"),
        ("select a from t full join u on t.a = u.a", "FULL JOIN"),
    ],
)  # fmt: skip
def test_what_engines_do_not_run_alike_is_refused_by_its_name(text: str, name: str) -> None:
    assert name in " ".join(refusals(sqlglot.parse_one(text, dialect="duckdb")))


def test_a_mart_is_refused_by_name_too() -> None:
    mart = Mart("other", "99_other.sql", "create table other as select a from t qualify a = 1;")
    assert ["QUALIFY" in str(finding) for finding in lint_mart(mart)] == [True]
    assert "nothing else" in str(lint_mart(replace(mart, name="another"))[0])


@pytest.mark.parametrize(
    ("text", "spark"),
    [
        ("select percentile_cont(0.95) within group (order by x) as p from t", "PERCENTILE(x, 0.95)"),
        ("select cast(a - to_months(12) as date) as b from t", "ADD_MONTHS(CAST(a AS DATE), CAST(-(12) AS INT))"),
        ("select cast(a + to_months(n) + to_days(m) as date) as b from t", "DATE_ADD(CAST(ADD_MONTHS("),
        ("select round(100 * x, 2) as b from t", "ROUND((100 * x) * CAST(100 AS DOUBLE)) / CAST(100 AS DOUBLE)"),
        ("select cast(date_trunc('month', a - to_days(9)) + to_months(1) as date) as b from t", "DATE_SUB(CAST(a AS DATE), CAST(9 AS INT))"),
        ("select a from t order by a", "ORDER BY a NULLS LAST"),
        ("select a from t where b <= $as_of", "b <= :as_of"),
    ],
)  # fmt: skip
def test_what_spark_would_do_differently_is_written_otherwise(text: str, spark: str) -> None:
    assert spark in translate(text, "spark")


@pytest.mark.parametrize(
    ("here", "there", "same"),
    [
        (1.0, 1.0 + 5e-10, True), (1.0, 1.0 + 5e-9, False), (None, 0, False), (True, 1, False),
        ("a", "a", True), (3, 3, True), (3, 4, False), (2.0, 2, True),
    ],
)  # fmt: skip
def test_cells_agree_exactly_or_within_the_tolerance(here: Any, there: Any, same: bool) -> None:
    assert is_same(here, there) is same


def test_a_kpi_runs_elsewhere_only_while_the_compared_text_is_the_text(tmp_path: Path) -> None:
    home = Home(tmp_path)
    row = Shown(SOUND.name, "same", 3, "", fingerprint(SOUND), "")
    write_matrix(own_path(home), [row])
    assert refusal(SOUND, matrix(home)) is None

    changed = replace(SOUND, text=SOUND.text.replace("'none'", "'no'"))
    with pytest.raises(CannotSay, match="has not been shown"):
        require(changed, matrix(home))
    write_matrix(own_path(home), [replace(row, result="different")])
    assert "other rows" in (refusal(SOUND, matrix(home)) or "")
    assert "never been compared" in (refusal(SOUND, {}) or "")


def test_a_comparison_finds_a_row_that_differs_and_names_its_place_only(sample: Any) -> None:
    class Other:
        version = "of the test"

        def execute(self, text: str, parameters: object) -> Any:
            return sample.execute(text.replace("masking <> 'none'", "masking = 'none'"), parameters)

    day = sample.execute("select as_of from generation").fetchall()[0][0]
    found = compare(SOUND, sample, Other(), day)  # type: ignore[arg-type]

    assert (found.result, found.rows) == ("different", 0)
    assert found.detail.startswith("number: row 1, column")


def test_an_export_holds_what_kpis_read_and_replaces_only_exports(
    sample_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = export_warehouse(sample_home, tmp_path / "out")

    warehouse = Warehouse.open(sample_home)
    with warehouse.cursor() as cursor:
        counts = {
            t: cursor.execute(f"select count(*) from {t}").fetchall()[0][0] for t in base_tables()
        }
    warehouse.close()
    folders = {path.name for path in (tmp_path / "out").iterdir() if path.is_dir()}
    assert made.tables == counts
    assert folders == set(base_tables())
    assert {"quarantine", "access_use"}.isdisjoint(folders)
    assert all(
        parquet.read_table(tmp_path / "out" / t).num_rows == counts[t]
        for t in ("grants", "record_step")
    )
    monkeypatch.setattr("dashboard.engines.parquet.base_tables", lambda: ("generation", "grants"))
    export_warehouse(sample_home, tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "generation",
        "grants",
        "manifest.json",
    }
    with exported(sample_home) as place:
        assert (place / "grants" / "part-00000.parquet").exists()
    assert list((sample_home.path / "engines").iterdir()) == []
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("kept", "utf-8")
    with pytest.raises(BadInput, match="something else"):
        export_warehouse(sample_home, tmp_path / "mine")


def test_spark_is_refused_in_words_where_it_is_not_installed(
    sample_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.engines.spark.find_spec", lambda name: None)
    ran = CliRunner().invoke(
        cli, ["--home", str(sample_home.path), "kpi", "list", "--engine", "spark"]
    )

    assert isinstance(ran.exception, BadInput)
    assert "privacy-workbench[spark]" in ran.exception.detail


def test_the_page_of_engines_says_what_the_matrix_says() -> None:
    assert PAGE.read_text("utf-8") == write_page(), "renew it: python -m dashboard.engines.docs"
    assert {kpi.name for kpi in catalogue()} & matrix().keys()
