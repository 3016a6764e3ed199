"""Landing what an import says about the inventory: its rows are added to the registers that stand.

A register is a whole list, so a list of only the imported rows would end all others. The rows that
stand are written out with the imported ones, by key, and the list lands like any other: checked,
with what lacks a required value set aside and its reason. It is a workbook, so that people can add
what is missing, and a text that looks like a formula stays the same text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assessments.exchange.frame import Reading
from assessments.exchange.registers import COLUMNS, register_page
from assessments.exchange.workbook import write_workbook
from assessments.files import replace_file
from assessments.records import Actor, Records
from assessments.settings import Home
from dashboard.exports.catalogue import find_contract, load_order
from dashboard.exports.column_types import quote
from dashboard.exports.landing import FOREVER, LANDED, open_landing
from dashboard.exports.load import load_paths
from dashboard.exports.options import Options
from dashboard.exports.outbox import check_may_load
from dashboard.exports.result import Report

FOLDER = "imports"
Row = Mapping[str, Any]


def land(
    home: Home,
    reading: Reading,
    name: str,
    *,
    records: Records | None = None,
    actor: Actor | None = None,
    options: Options | None = None,
) -> Report:
    """Add the rows of a reading to the registers; name is the foreign file's, for the folder."""
    home.prepare()
    if records is not None and actor is not None:
        check_may_load(records, actor)
    chosen = options or Options(is_declared=False)
    paths = []
    for kind in load_order([kind for kind, rows in reading.registers.items() if rows]):
        merged = merge(kind, standing_rows(home, kind), reading.registers[kind])
        path = home.path / FOLDER / _folder(name) / f"{kind}.xlsx"
        replace_file(path, write_workbook([register_page(kind, merged)]))
        paths.append(path)
    return load_paths(home, paths, records=records, actor=actor, options=chosen)


def merge(kind: str, standing: Sequence[Row], new: Sequence[Row]) -> list[Row]:
    """Standing rows with the new ones; of a row that both have, what the import says counts.

    Where the import says nothing, the standing value stays.
    """
    keys = find_contract(kind).key
    found = {tuple(str(row.get(key)) for key in keys): dict(row) for row in standing}
    for row in new:
        said = {name: value for name, value in row.items() if value not in (None, "", [], ())}
        key = tuple(str(row.get(key)) for key in keys)
        found[key] = {**found.get(key, {}), **said}
    return list(found.values())


def standing_rows(home: Home, kind: str) -> list[Row]:
    """The rows of a register that count today."""
    columns = COLUMNS[kind]
    listed = ", ".join(quote(column) for column in columns)
    with open_landing(home, write=False) as connection:
        found = connection.execute(
            f"select {listed} from {LANDED}.{quote(kind)} where known_until = ? order by line_no",
            [FOREVER],
        ).fetchall()
    return [dict(zip(columns, row, strict=True)) for row in found]


def _folder(name: str) -> str:
    """A folder name that is no path, whatever the foreign file is called."""
    stem = Path(name.replace("\\", "/")).name
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in stem)[:60].strip("-") or "file"
