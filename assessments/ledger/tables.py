"""The ledger's tables, in the same database and transaction as the records."""

from __future__ import annotations

from sqlalchemy import DDL, Column, Integer, LargeBinary, String, Table, Text, event

from assessments.records.metadata import metadata

ledger_entry = Table(
    "ledger_entry",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
)

ledger_node = Table(
    "ledger_node",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("idx", Integer, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
)

ledger_checkpoint = Table(
    "ledger_checkpoint",
    metadata,
    Column("size", Integer, primary_key=True, autoincrement=False),
    Column("note", Text, nullable=False),
    Column("at", String(40), nullable=False),
)

ledger_private = Table(
    "ledger_private",
    metadata,
    Column("commitment", String(64), primary_key=True),
    Column("seq", Integer, nullable=False, index=True),
    Column("salt", LargeBinary(32), nullable=False),
    Column("payload", LargeBinary, nullable=False),
)

_APPEND_ONLY = (ledger_entry, ledger_node, ledger_checkpoint)

for _table in _APPEND_ONLY:
    for _verb in ("UPDATE", "DELETE"):
        event.listen(
            _table,
            "after_create",
            DDL(  # type: ignore[no-untyped-call]
                f"CREATE TRIGGER {_table.name}_no_{_verb.lower()} BEFORE {_verb} ON {_table.name} "
                "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
            ).execute_if(dialect="sqlite"),
        )
