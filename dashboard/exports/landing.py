"""The landing store: every good row of every export with its batch, and every bad row with its reasons.

One DuckDB file, written by one process at a time. It is attached as ``landed`` to a connection in
memory, so that checking (read-only) and loading run the same statements.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from assessments.errors import BadInput, Busy, StorageFull, WorkbenchError
from assessments.settings import Home
from dashboard.exports.catalogue import contracts
from dashboard.exports.column_types import landed_type, literal, quote
from dashboard.exports.contract import Contract
from dashboard.memory import BUILDING, memory_for

LANDED = "landed"
SPILL = "spill-"
FOREVER = "9999-12-31"
HISTORY = ("known_from", "known_until")

_BOOKS = """
create table if not exists landed.loads (
    batch_id varchar primary key, kind varchar not null, path varchar not null,
    sha256 varchar not null, rows bigint not null, landed bigint not null,
    quarantined bigint not null, loaded_at timestamp not null, as_of date not null,
    unchanged bigint not null, changed bigint not null, ended bigint not null,
    extra_columns varchar[] not null
);
create table if not exists landed.quarantine (
    batch_id varchar not null, kind varchar not null, path varchar not null, line_no bigint not null,
    reasons varchar[] not null, raw varchar, rules varchar[] not null, columns varchar[] not null
);
create table if not exists landed.load_rules (
    batch_id varchar not null, rule varchar not null, sentence varchar not null,
    severity varchar not null, column_name varchar not null, failed bigint not null,
    checked bigint not null
);
create table if not exists landed.extra_values (
    batch_id varchar not null, kind varchar not null, line_no bigint not null, extra varchar not null
);
create table if not exists landed.superseded (
    kind varchar not null, batch_id varchar not null, replaced_by varchar not null,
    line_no bigint not null, record varchar not null
);
alter table landed.quarantine add column if not exists record varchar;
create table if not exists landed.corrections (batch_id varchar not null, corrects varchar not null);
create table if not exists landed.ledgered (batch_id varchar primary key, seq bigint not null);
"""

BOOKS = ("loads", "quarantine", "load_rules", "extra_values", "superseded", "corrections")


def landing_path(home: Home) -> Path:
    """The file of the landing store."""
    return home.warehouse / "landing.duckdb"


@contextmanager
def open_landing(home: Home, *, write: bool) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the landing store attached; closed whatever happens."""
    connection = duckdb.connect(":memory:")
    try:
        with explain_storage():
            if write:
                _remove_spills(home)
            _configure(connection, home.warehouse / f"{SPILL}{os.getpid()}")
            _attach(connection, landing_path(home), write=write)
        yield connection
    finally:
        connection.close()


def _configure(connection: duckdb.DuckDBPyConnection, spill: Path) -> None:
    """Memory has a limit; what does not fit lies in a folder of the process until it ends."""
    connection.execute(f"set memory_limit = '{memory_for(BUILDING)}'")
    connection.execute("set timezone = 'UTC'")
    connection.execute(f"set temp_directory = {literal(str(spill))}")
    connection.execute("create temp table checked (kind varchar, id varchar)")


def _remove_spills(home: Home) -> None:
    """What processes that were killed left behind."""
    for folder in home.warehouse.glob(f"{SPILL}*"):
        number = folder.name.removeprefix(SPILL)
        if not number.isdigit() or not Path(f"/proc/{number}").exists():
            shutil.rmtree(folder, ignore_errors=True)


def _attach(connection: duckdb.DuckDBPyConnection, path: Path, *, write: bool) -> None:
    if write:
        connection.execute(f"attach {literal(str(path))} as {LANDED}")
        prepare_tables(connection)
        return
    if path.exists():
        connection.execute(f"attach {literal(str(path))} as {LANDED} (read_only)")
        if _is_prepared(connection):
            return
        connection.execute(f"detach {LANDED}")
    connection.execute(f"attach ':memory:' as {LANDED}")
    prepare_tables(connection)


def _is_prepared(connection: duckdb.DuckDBPyConnection) -> bool:
    """Not when the very first load was killed before it made the tables."""
    found = connection.execute(
        "select 1 from duckdb_tables() where database_name = ? limit 1", [LANDED]
    )
    return found.fetchone() is not None


def prepare_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create what is not there yet, all or nothing; a column that a contract gained is added."""
    connection.execute("begin")
    connection.execute(_BOOKS)
    for contract in contracts().values():
        columns = dict(table_columns(contract))
        listed = ", ".join(f"{quote(name)} {type_}" for name, type_ in columns.items())
        table = f"{LANDED}.{quote(contract.kind)}"
        connection.execute(f"create table if not exists {table} ({listed})")
        found = connection.execute(f"select * from {table} limit 0").description or []
        for name in columns.keys() - {str(entry[0]) for entry in found}:
            connection.execute(f"alter table {table} add column {quote(name)} {columns[name]}")
    connection.execute("commit")


def table_columns(contract: Contract) -> Iterator[tuple[str, str]]:
    """The columns of a kind's table with their SQL types."""
    for column in contract.columns:
        yield column.name, landed_type(column)
    yield from (("batch_id", "varchar"), ("line_no", "bigint"))
    if contract.mode == "snapshot":
        yield from ((name, "date") for name in HISTORY)


@contextmanager
def explain_storage() -> Iterator[None]:
    """Turn what the engine says about locks, full disks and damage into answers for people."""
    try:
        yield
    except (duckdb.Error, OSError) as error:
        raise explain(error) from error


def explain(error: Exception) -> WorkbenchError:
    """The product's error for an engine's error."""
    text = str(error)
    if re.search(r"[Cc]onflicting lock|Could not set lock", text):
        return Busy("Another process uses the landing store", "Try again when it has finished.")
    if re.search(
        r"No space left|File too large|ENOSPC|max_temp_directory_size|[Dd]isk quota", text
    ):
        return StorageFull(
            "There is no room left to load this",
            "The previous state stands; nothing of this file was kept. Free space and load it again.",
        )
    if isinstance(error, duckdb.OutOfMemoryException | MemoryError):
        return StorageFull("There is not enough memory to load this", "The previous state stands.")
    return BadInput(
        "The landing store refused this file",
        f"The previous state stands. The engine says: {text.splitlines()[0][:200]}",
    )
