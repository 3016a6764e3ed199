"""Files as text: every value of every column as it is written, out of core.

A leading zero, a plus sign or a date's spelling is evidence, so nothing is read as a number or a
date. A ``.txt``, ``.log`` or ``.md`` file is one column of lines.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pandas as pd

from assessments.errors import BadInput, NotFound
from assessments.files import file_digest
from assessments.leakage.files import identifier, literal
from assessments.leakage.relation import Column, Data, Relation, connect, open_relation

LINES = (".txt", ".log", ".md")
TABLES = {".csv": "csv", ".tsv": "csv", ".gz": "csv", ".parquet": "parquet",
          ".json": "json", ".jsonl": "json", ".ndjson": "json"}  # fmt: skip
LONGEST_LINE = 16_000_000


@contextmanager
def open_text(data: Data | Sequence[str]) -> Iterator[Relation]:
    """A table whose columns are all text; a list of texts is one column."""
    if isinstance(data, (str, Path)):
        with tempfile.TemporaryDirectory(prefix="text-") as spill:
            file = _existing(data)
            connection = connect(Path(spill), [file], ordered=True)
            try:
                yield _view(connection, file, str(data))
            finally:
                connection.close()
        return
    table = pd.DataFrame({"text": list(data)}) if isinstance(data, (list, tuple)) else data
    with open_relation(table) as relation:
        yield relation


def _existing(data: str | Path) -> Path:
    path = Path(data).resolve()
    if not path.is_file():
        raise NotFound("This file does not exist.", where={"file": str(data)})
    if path.suffix.lower() not in {*LINES, *TABLES}:
        known = ", ".join([*LINES, *TABLES])
        raise BadInput("This kind of file cannot be searched.", f"Known: {known}.", where={"file": str(data)})  # fmt: skip
    return path


def _view(connection: duckdb.DuckDBPyConnection, file: Path, shown: str) -> Relation:
    function = _function(file)
    try:
        described = connection.execute(f"describe select * from {function}").fetchall()
        names = [str(row[0]) for row in described]
        cast = ", ".join(f"{_text(name, str(row[1]))} as c{i}" for i, (name, row) in enumerate(zip(names, described, strict=True)))  # fmt: skip
        connection.execute(f"create or replace temp view source0 as select {cast} from {function}")
    except duckdb.Error as error:
        raise BadInput("This file cannot be read as a table.", type(error).__name__, where={"file": shown}) from error  # fmt: skip
    columns = tuple(Column(name, f"c{i}", "VARCHAR") for i, name in enumerate(names))
    return Relation(connection, "source0", shown, file_digest(file), columns)


def _text(name: str, kind: str) -> str:
    quoted = identifier(name)
    if kind in {"DOUBLE", "FLOAT"}:
        whole = f"{quoted} = trunc({quoted}) and abs({quoted}) < 1e18"
        return f"case when {whole} then {quoted}::bigint::varchar else {quoted}::varchar end"
    return f"{quoted}::varchar"


def _function(file: Path) -> str:
    path, kind = literal(str(file)), file.suffix.lower()
    if kind in LINES:
        return (
            f"read_csv({path}, columns = {{'line': 'VARCHAR'}}, auto_detect = false, header = false, "
            f"delim = '\x1f', quote = '', escape = '', null_padding = false, max_line_size = {LONGEST_LINE})"
        )
    if TABLES[kind] == "csv":
        return f"read_csv({path}, all_varchar = true, max_line_size = {LONGEST_LINE})"
    return f"read_{TABLES[kind]}({path})"
