"""Writes what KPIs read of the warehouse as Parquet, one folder a table, for engines on other machines.

Only the tables that a KPI or a mart reads, and the books that say where they came from: no quarantined
lines, no declared reports. Marts are not written; the other engine computes them. The files hold
personal data like the warehouse does, so the folder is readable by its owner only.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from time import time
from typing import Any

import duckdb
from pyarrow import parquet

from assessments.errors import BadInput
from assessments.files import flush, replace_file
from assessments.settings import Home
from dashboard.exports.column_types import quote
from dashboard.kpis import Kpi, catalogue
from dashboard.kpis.lineage import tables_read
from dashboard.warehouse.connect import Warehouse
from dashboard.warehouse.marts_order import read_marts

MANIFEST = "manifest.json"
FORMAT = 1
BATCH = 250_000
FILE_ROWS = 5_000_000
BOOKS = ("generation", "loads", "source_check")


@dataclass(frozen=True, slots=True)
class Export:
    """A warehouse as Parquet: its generation, its newest day and the rows of each table."""

    path: str
    generation: int
    as_of: date | None
    origin: str
    tables: dict[str, int]

    def as_dict(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "generation": self.generation,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "origin": self.origin,
            "tables": self.tables,
        }


def base_tables() -> tuple[str, ...]:
    """Every table that a KPI or a mart reads and no mart makes, and the books."""
    marts = read_marts()
    texts = [mart.sql for mart in marts] + [text for kpi in catalogue() for text in texts_of(kpi)]
    read = {table for text in texts for table in tables_read(text)}
    return tuple(sorted({*read, *BOOKS} - {mart.name for mart in marts}))


def texts_of(kpi: Kpi) -> tuple[str, ...]:
    """The texts that a KPI runs: its rows, and the daily sums of its number where it has them."""
    return tuple(text for text in (kpi.text, kpi.counted) if text)


def export_warehouse(home: Home, folder: Path) -> Export:
    """Write the generation that counts; an earlier export in the same folder is replaced whole."""
    if folder.exists() and any(folder.iterdir()) and not (folder / MANIFEST).exists():
        raise BadInput(
            "The folder holds something else.",
            "Name a new folder, an empty one, or that of an earlier export.",
            where={"folder": str(folder)},
        )
    aside = folder.with_name(folder.name + ".new")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(mode=0o700, parents=True)
    try:
        made = _write(home, aside, folder)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    _put_in_place(aside, folder)
    return made


@contextmanager
def exported(home: Home) -> Iterator[Path]:
    """An export of the generation that counts, for one use.

    It is gone afterwards, so that data which leaves the warehouse lives on in no copy; what a killed run
    has left goes with the next one.
    """
    place = home.path / "engines"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in place.glob("export-*"):
        if _age_in_days(left) > 1:
            shutil.rmtree(left, ignore_errors=True)
    with TemporaryDirectory(prefix="export-", dir=place) as folder:
        export_warehouse(home, Path(folder) / "export")
        yield Path(folder) / "export"


def _age_in_days(path: Path) -> float:
    return (time() - path.stat().st_mtime) / 86_400


def _write(home: Home, aside: Path, folder: Path) -> Export:
    warehouse = Warehouse.open(home)
    try:
        number = warehouse.generation
        with warehouse.cursor() as cursor:
            made = write_tables(cursor, aside, base_tables(), number)
    finally:
        warehouse.close()
    replace_file(aside / MANIFEST, json.dumps(made.as_dict(), indent=2).encode())
    return replace(made, path=str(folder))


def write_tables(
    cursor: duckdb.DuckDBPyConnection, folder: Path, tables: Sequence[str], number: int
) -> Export:
    """The tables as they stand in one generation."""
    counts = {name: _copy(cursor, name, folder / name) for name in tables}
    as_of, origin = cursor.execute("select as_of, origin from generation").fetchall()[0]
    return Export(str(folder), number, as_of, origin, counts)


def _copy(cursor: duckdb.DuckDBPyConnection, table: str, target: Path) -> int:
    """The rows of one table in their order, streamed into files of a few million rows."""
    target.mkdir(mode=0o700)
    reader: Any = cursor.sql(f"from {quote(table)}").to_arrow_reader(BATCH)
    number, rows = 0, 0
    writer = _open_part(target, number, reader.schema)
    for batch in reader:
        if rows >= (number + 1) * FILE_ROWS:
            writer.close()
            number += 1
            writer = _open_part(target, number, reader.schema)
        writer.write_batch(batch)
        rows += batch.num_rows
    writer.close()
    return rows


def _open_part(target: Path, number: int, schema: Any) -> Any:
    return parquet.ParquetWriter(target / f"part-{number:05}.parquet", schema, compression="zstd")


def _put_in_place(aside: Path, folder: Path) -> None:
    before = folder.with_name(folder.name + ".old")
    shutil.rmtree(before, ignore_errors=True)
    if folder.exists():
        folder.rename(before)
    aside.rename(folder)
    flush(folder.parent)
    shutil.rmtree(before, ignore_errors=True)


def read_manifest(text: str, path: str) -> Export:
    """What an export says about itself."""
    try:
        found = json.loads(text)
        if found["format"] != FORMAT:
            raise BadInput("This export is of another version.", "Export the warehouse again.")
        day = date.fromisoformat(found["as_of"]) if found["as_of"] else None
        return Export(path, found["generation"], day, found["origin"], dict(found["tables"]))
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(
            "The manifest of this export cannot be read.", where={"folder": path}
        ) from error
