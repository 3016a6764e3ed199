"""Lineage as a table: from what, to what, by which job."""

from __future__ import annotations

from collections.abc import Sequence

from duckdb import DuckDBPyConnection

from dashboard.components import Link, empty, table
from dashboard.components.markup import Cell
from dashboard.inventory.query import NOW, Row, one
from dashboard.inventory.registers import DATASETS, name_of
from dashboard.text import day, say


def lineage_table(cursor: DuckDBPyConnection, edges: Sequence[Row]) -> None:
    """The edges, newest first, or why there are none."""
    if not edges:
        empty(
            say("No lineage recorded"),
            say("No job of the lineage export reads or writes this. Ask the owner for its origin."),
            key="no-lineage",
        )
        return
    lines = [
        [
            _end(cursor, edge["source_kind"], edge["source_id"]),
            _end(cursor, edge["target_kind"], edge["target_id"]),
            edge["job"],
            day(edge["recorded_on"]),
        ]
        for edge in edges
    ]
    columns = [say("From"), say("To"), say("Job"), say("Recorded")]
    table(say("Lineage"), columns, lines, key="lineage")


def _end(cursor: DuckDBPyConnection, kind: str, entry_id: str) -> Cell:
    if kind == "dataset":
        return Link(name_of(cursor, DATASETS, entry_id), "dataset", {"id": entry_id})
    sql = f"select name, version, project_id from models where model_id = $id and {NOW}"
    model = one(cursor, sql, id=entry_id)
    if model is None:
        return entry_id
    return Link(f"{model['name']} {model['version']}", "project", {"id": model["project_id"]})
