"""The command line over a Spark cluster (master and two workers): every KPI as DuckDB says it.

Runs where pyspark and Java are installed: pip install 'privacy-workbench[spark]'.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assessments.settings import Home
from dashboard.engines.conformance import is_same
from dashboard.engines.support import matrix, refusal
from dashboard.kpis import catalogue

pytest.importorskip("pyspark", reason="Spark is an extra: pip install 'privacy-workbench[spark]'")

from tests.acceptance.spark.cluster import cluster
from tests.acceptance.spark.sample import load_sample

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not shutil.which("java"), reason="Spark needs Java 17 on the PATH"),
]
EVENTS = 4_000


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return load_sample(tmp_path_factory.mktemp("spark"), EVENTS)


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with cluster(tmp_path_factory.mktemp("cluster")) as address:
        yield address


def _privacy(home: Home, *arguments: str) -> Any:
    ran = subprocess.run(
        [sys.executable, "-m", "dashboard", "--home", str(home.path), *arguments, "--json"],
        capture_output=True, text=True, check=False, timeout=800,
        env={**os.environ, "SPARK_LOCAL_IP": "127.0.0.1"},
    )  # fmt: skip
    assert ran.returncode in (0, 3), ran.stderr[-3000:]
    return json.loads(ran.stdout)


def test_a_cluster_of_two_workers_gives_every_number_that_duckdb_gives(
    home: Home, master: str, tmp_path: Path
) -> None:
    made = _privacy(home, "warehouse", "export", str(tmp_path / "export"))
    here = {each["name"]: each for each in _privacy(home, "kpi", "list")}
    there = _privacy(
        home, "kpi", "list", "--engine", "spark", "--master", master, "--data", made["path"]
    )

    allowed = {kpi.name for kpi in catalogue() if refusal(kpi, matrix(home)) is None}
    assert {each["name"] for each in there if "refused" not in each} == allowed != set()
    facts = (
        "state",
        "rows",
        "failing",
        "numerator",
        "denominator",
        "as_of",
        "sources",
        "generation",
    )
    for each in there:
        if "refused" not in each:
            same = here[each["name"]]
            assert is_same(same["value"], each["value"]), each["name"]
            assert [each[fact] for fact in facts] == [same[fact] for fact in facts], each["name"]
