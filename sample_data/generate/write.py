"""Writes rows as CSV (RFC 4180, line feeds) and events as Parquet, the same bytes each time."""

import csv
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sample_data.generate.authored import Row
from sample_data.generate.columns import COLUMNS
from sample_data.generate.events import Event

DICTIONARY = ["actor_id", "dataset_id", "action", "purpose_id", "grant_id", "outcome", "client"]


def cell(value: Any) -> str:
    """Text of a value in an export."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(value)


def write_csv(folder: Path, kind: str, rows: list[Row]) -> None:
    """One file with a header."""
    columns = COLUMNS[kind].split()
    with (folder / f"{kind}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([cell(row[column]) for column in columns] for row in rows)


def write_events(folder: Path, events: list[Event]) -> None:
    """Events in the order of time, numbered, with times in UTC."""
    columns = COLUMNS["access_events"].split()
    ordered = sorted(events, key=lambda event: (*event[:5], event[5] or "", *event[6:]))
    numbers = [f"e-{number:07d}" for number in range(1, len(ordered) + 1)]
    arrays = [pa.array(numbers)]
    for index, name in enumerate(columns[1:]):
        kind = {"ts": pa.timestamp("us", tz="UTC"), "rows_read": pa.int64()}.get(name, pa.string())
        arrays.append(pa.array([event[index] for event in ordered], type=kind))
    pq.write_table(
        pa.table(arrays, names=columns),
        folder / "access_events.parquet",
        compression="zstd",
        compression_level=12,
        use_dictionary=DICTIONARY,
        column_encoding={
            "event_id": "DELTA_BYTE_ARRAY",
            "ts": "DELTA_BINARY_PACKED",
            "rows_read": "DELTA_BINARY_PACKED",
        },
        store_schema=False,
    )
