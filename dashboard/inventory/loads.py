"""What was loaded: one line a file, the rules that it was held to, and the rows that were set aside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from duckdb import DuckDBPyConnection

from assessments.errors import NotFound
from dashboard.inventory.query import Row, count, one, rows


@dataclass(frozen=True, slots=True)
class Summary:
    """All loads in one glance."""

    files: int
    rows: int
    landed: int
    quarantined: int
    newest: datetime | None


def summarise(cursor: DuckDBPyConnection) -> Summary:
    """Rows in = rows landed + rows set aside, always."""
    found = one(
        cursor,
        """
        select count(*) as files, coalesce(sum(rows), 0) as rows,
               coalesce(sum(landed), 0) as landed,
               coalesce(sum(quarantined), 0) as quarantined, max(loaded_at) as newest
        from loads
        """,
    )
    if found is None:
        return Summary(0, 0, 0, 0, None)
    files, read, landed, aside = (
        int(found[name]) for name in ("files", "rows", "landed", "quarantined")
    )
    return Summary(files, read, landed, aside, found["newest"])


def list_loads(cursor: DuckDBPyConnection, limit: int, offset: int) -> list[Row]:
    """Loads, those with rejected rows first, then the newest."""
    sql = """
        select l.batch_id, l.kind, l.path, l.rows, l.landed, l.quarantined, l.loaded_at,
               (select count(*) from load_rules r
                where r.batch_id = l.batch_id and r.severity = 'warning' and r.failed > 0) as warnings
        from loads l
        order by l.quarantined > 0 desc, l.loaded_at desc, l.path
        limit $limit offset $offset
    """
    return rows(cursor, sql, limit=limit, offset=offset)


def find_load(cursor: DuckDBPyConnection, batch_id: str) -> Row:
    """One load, or NotFound."""
    found = one(cursor, "select * from loads where batch_id = $id", id=batch_id)
    if found is None:
        raise NotFound(f"There is no load {batch_id[:60]}", field="batch")
    return found


def rules_of(cursor: DuckDBPyConnection, batch_id: str) -> list[Row]:
    """Every rule that the file was held to, broken ones first."""
    sql = """
        select sentence, severity, column_name, failed, checked
        from load_rules
        where batch_id = $id
        order by failed > 0 desc, severity, column_name, sentence
    """
    return rows(cursor, sql, id=batch_id)


def count_rejected(cursor: DuckDBPyConnection, batch_id: str) -> int:
    """How many rows of the file were set aside."""
    return count(cursor, "select 1 from quarantine where batch_id = $id", id=batch_id)


def rejected_of(cursor: DuckDBPyConnection, batch_id: str, limit: int, offset: int) -> list[Row]:
    """Rows that were set aside with their place and all their reasons."""
    sql = """
        select line_no, reasons, columns, raw
        from quarantine
        where batch_id = $id
        order by line_no
        limit $limit offset $offset
    """
    return rows(cursor, sql, id=batch_id, limit=limit, offset=offset)


def corrected_by(cursor: DuckDBPyConnection, batch_id: str) -> list[Row]:
    """Loads of corrected rows of this one."""
    sql = """
        select l.batch_id, l.path, l.landed
        from corrections c inner join loads l on l.batch_id = c.batch_id
        where c.corrects = $id
        order by l.loaded_at
    """
    return rows(cursor, sql, id=batch_id)


def corrects(cursor: DuckDBPyConnection, batch_id: str) -> list[Row]:
    """The load whose rejected rows this one corrects."""
    sql = """
        select l.batch_id, l.path
        from corrections c inner join loads l on l.batch_id = c.corrects
        where c.batch_id = $id
    """
    return rows(cursor, sql, id=batch_id)
