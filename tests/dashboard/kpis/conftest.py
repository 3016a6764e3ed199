"""The whole sample, landed and built the way a user does it, once for all KPI tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from duckdb import DuckDBPyConnection

from assessments.settings import Home
from dashboard.exports.load import load_paths
from dashboard.exports.options import Options
from dashboard.warehouse.connect import Warehouse

EXPORTS = Path(__file__).parents[3] / "sample_data" / "exports"


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("sample"))
    load_paths(home, [EXPORTS], options=Options(is_declared=False))
    return home


@pytest.fixture
def sample(sample_home: Home) -> Iterator[DuckDBPyConnection]:
    warehouse = Warehouse.open(sample_home)
    with warehouse.cursor() as cursor:
        yield cursor
    warehouse.close()
