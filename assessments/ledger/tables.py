"""The ledger's tables, in the same database and transaction as the records.

Entries, nodes, checkpoints and endorsements are only ever added. The triggers that say so keep
honest programs from mistakes; a hostile owner of the database can drop them, and is caught by
``verify``.
"""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    BigInteger,
    Column,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    event,
)

from assessments.schema import metadata

Index = BigInteger().with_variant(Integer, "sqlite")

ledger_entry = Table(
    "ledger_entry",
    metadata,
    Column("seq", Index, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
)

ledger_node = Table(
    "ledger_node",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("idx", Index, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
)

ledger_checkpoint = Table(
    "ledger_checkpoint",
    metadata,
    Column("size", Index, primary_key=True, autoincrement=False),
    Column("note", Text, nullable=False),
    Column("at", String(40), nullable=False),
)

ledger_endorsement = Table(
    "ledger_endorsement",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("size", Index, nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("note", Text),
    Column("at", String(40), nullable=False),
)
"""What others say about the checkpoint at ``size``: a signature line ("signature"), or an RFC 3161
response ("timestamp") over ``note`` as it read then."""

ledger_private = Table(
    "ledger_private",
    metadata,
    Column("commitment", String(64), primary_key=True),
    Column("seq", Index, nullable=False, index=True),
    Column("salt", LargeBinary(32), nullable=False),
    Column("payload", LargeBinary, nullable=False),
)

_APPEND_ONLY = (ledger_entry, ledger_node, ledger_checkpoint, ledger_endorsement)
_REFUSAL = "the ledger is append-only"
_POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$
"""


def _on_create(table: Table, dialect: str, statement: str) -> None:
    ddl = DDL(statement)  # type: ignore[no-untyped-call]
    event.listen(table, "after_create", ddl.execute_if(dialect=dialect))


for _table in _APPEND_ONLY:
    _on_create(_table, "postgresql", _POSTGRESQL_FUNCTION)
    for _verb in ("UPDATE", "DELETE"):
        _name = f"{_table.name}_no_{_verb.lower()}"
        _on_create(
            _table,
            "sqlite",
            f"CREATE TRIGGER {_name} BEFORE {_verb} ON {_table.name} "
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
        )
    _on_create(
        _table,
        "postgresql",
        f"CREATE TRIGGER {_table.name}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
        f"ON {_table.name} FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()",
    )
