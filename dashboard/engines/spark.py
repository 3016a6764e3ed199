"""Apache Spark as the engine of KPIs: base tables from Parquet, marts as views, the same KPI texts.

Only this module knows pyspark, and it is imported when Spark is asked for (extra ``[spark]``, Java 17).
Views are made when a text first reads them. ANSI mode is on, so that a failed cast is an error and
never an empty cell, and the session's time is UTC.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from os import environ
from pathlib import Path
from typing import Any

from assessments.errors import BadInput
from dashboard.engines.parquet import MANIFEST, Export, read_manifest
from dashboard.engines.translate import mart_query, translate, write
from dashboard.kpis.lineage import tables_read
from dashboard.warehouse.marts_order import Mart, read_marts

LOCAL = "local[*]"
SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
ONE_MACHINE = {"spark.sql.shuffle.partitions": "4"}
LOOPBACK = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a text gave."""

    columns: tuple[str, ...]
    found: list[tuple[Any, ...]]

    @property
    def description(self) -> list[tuple[str]]:
        return [(name,) for name in self.columns]

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self.found


@dataclass(slots=True)
class Spark:
    """Answers the texts that KPIs are measured with, over one export."""

    session: Any
    export: Export
    made: set[str] = field(default_factory=set)

    @property
    def version(self) -> str:
        return str(self.session.version)

    def execute(self, query: str, parameters: object = None) -> Answer:
        """Run a text of DuckDB's SQL with named values."""
        from pyspark.errors import PySparkException

        try:
            for table in sorted(tables_read(query)):
                self._need(table)
            frame = self.session.sql(translate(query, "spark"), args=parameters or {})
            return Answer(tuple(frame.columns), [tuple(row) for row in frame.collect()])
        except PySparkException as error:
            raise BadInput("Spark cannot run this text.", str(error).splitlines()[0]) from error

    def _need(self, table: str) -> None:
        """Make the view of a table or a mart, and of what the mart reads, once."""
        if table in self.made:
            return
        mart = _marts().get(table)
        if mart is None:
            self._read(table)
        else:
            for name in sorted(tables_read(mart.sql) - {table}):
                self._need(name)
            frame = self.session.sql(write(mart_query(mart.sql), "spark"))
            frame.createOrReplaceTempView(table)
        self.made.add(table)

    def _read(self, table: str) -> None:
        if table not in self.export.tables:
            raise BadInput(
                f"The export has no table {table}.",
                "Another version wrote it; export the warehouse again.",
                where={"folder": self.export.path},
            )
        frame = self.session.read.parquet(f"{self.export.path}/{table}")
        frame.createOrReplaceTempView(table)


def _marts() -> dict[str, Mart]:
    return {mart.name: mart for mart in read_marts()}


@contextmanager
def started(data: str | Path, master: str | None = None) -> Iterator[Spark]:
    """Spark over an export, stopped afterwards. ``data``: a folder, or an address that Spark can read."""
    session = _session(master or environ.get("PRIVACY_SPARK_MASTER") or LOCAL)
    try:
        yield Spark(session, _manifest(session, str(data).rstrip("/")))
    finally:
        session.stop()


def require_spark() -> None:
    """Refuse before anything is written when Spark or Java is not here."""
    if find_spec("pyspark") is None:
        raise BadInput(
            "Spark is not installed.", "Install it with: pip install 'privacy-workbench[spark]'"
        )
    if not environ.get("JAVA_HOME") and not shutil.which("java"):
        raise BadInput("Spark needs Java 17 or newer.", "Install it, or set JAVA_HOME.")


def _session(master: str) -> Any:
    require_spark()
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master).appName("Privacy Workbench")
    is_here = master.startswith("local") or "//127.0.0.1" in master
    settings = SETTINGS | (LOOPBACK | ONE_MACHINE if is_here else {})
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def _manifest(session: Any, data: str) -> Export:
    from pyspark.errors import PySparkException

    address = data if "://" in data else str(Path(data).resolve())
    try:
        found = session.read.text(f"{address}/{MANIFEST}", wholetext=True).collect()
    except PySparkException as error:
        raise BadInput(
            "There is no export of a warehouse here.",
            "Write one with: privacy warehouse export DIR",
            where={"folder": data},
        ) from error
    return read_manifest(found[0][0], address)
