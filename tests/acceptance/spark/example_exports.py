"""The examples of a KPI as exports that Spark can read, beside the warehouse that DuckDB reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from dashboard.engines.conformance import compare
from dashboard.engines.parquet import MANIFEST, Export, base_tables, texts_of, write_tables
from dashboard.engines.spark import Spark
from dashboard.engines.support import Shown
from dashboard.kpis import Kpi
from dashboard.kpis.lineage import tables_read
from dashboard.warehouse.marts_order import read_marts
from tests.spec.kpis.spec_table import Example, every_example
from tests.spec.kpis.tiny_warehouse import tiny_warehouse

INTERPRETED = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
"""Spark compiles no Java for a handful of rows; the sample is run the usual way."""


def examples_of(kpi: Kpi) -> list[Example]:
    return [example for example in every_example() if example.kpi == kpi.name]


@contextmanager
def exported(example: Example, kpi: Kpi, folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The example's warehouse, and what its KPI reads of it as Parquet in a folder."""
    with tiny_warehouse(example.tables) as warehouse:
        warehouse.execute(
            "create table generation as select date '2026-11-20' as as_of, '' as origin"
        )
        folder.mkdir()
        made = write_tables(warehouse, folder, needed(kpi), 1)
        (folder / MANIFEST).write_text(json.dumps(made.as_dict()), encoding="utf-8")
        yield warehouse


def needed(kpi: Kpi) -> list[str]:
    """The base tables behind the texts of one KPI."""
    marts = {mart.name: mart.sql for mart in read_marts()}
    waiting, found = [name for text in texts_of(kpi) for name in tables_read(text)], set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += tables_read(marts[name]) - {name} if name in marts else []
    return sorted(found & set(base_tables()))


def compare_examples(kpi: Kpi, spark: Spark, folder: Path, most: int | None = None) -> list[Shown]:
    """Every example of a KPI, or the first few, each in a session of its own with its own views."""
    shown = []
    for number, example in enumerate(examples_of(kpi)[:most]):
        place = folder / f"{kpi.name}-{number}"
        with exported(example, kpi, place) as warehouse:
            export = Export(str(place), 1, example.as_of, "", dict.fromkeys(needed(kpi), 0))
            alone = spark.session.newSession()
            for setting, value in INTERPRETED.items():
                alone.conf.set(setting, value)
            shown.append(compare(kpi, warehouse, Spark(alone, export), example.as_of))
    return shown
