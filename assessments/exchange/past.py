"""What was imported, and the end of an original file's keeping."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from assessments.errors import BadInput, NotFound, NotPossibleNow
from assessments.exchange.loss import Loss
from assessments.exchange.tables import foreign_file, foreign_import
from assessments.records.actor import Actor
from assessments.records.store import Event, Records

PERMISSION = "ledger.erase"
_GROUND = re.compile(r"[a-z0-9][a-z0-9.-]{0,59}")


@dataclass(frozen=True, slots=True)
class PastImport:
    """One document that was imported. erased_at: since when its file is no longer kept."""

    id: str
    format: str
    name: str
    title: str
    project_id: str
    assessment_id: str | None
    counts: Mapping[str, int]
    losses: tuple[Loss, ...]
    sha256: str
    imported_by: str
    imported_at: datetime
    erased_at: datetime | None


def list_imports(
    connection: Connection, *, sha256: str = "", import_id: str = ""
) -> list[PastImport]:
    """Imports, the newest first; of one file, or one import, when it is named."""
    columns = [c for c in foreign_import.c if c.name not in {"place", "member"}]
    query = select(*columns, foreign_file.c.name, foreign_file.c.erased_at).join(foreign_file)
    if sha256:
        query = query.where(foreign_import.c.sha256 == sha256)
    if import_id:
        query = query.where(foreign_import.c.id == import_id)
    rows = connection.execute(query.order_by(foreign_import.c.imported_at.desc())).mappings()
    return [_past(dict(row)) for row in rows]


def _past(row: dict[str, Any]) -> PastImport:
    return PastImport(**row | {"losses": tuple(Loss(**loss) for loss in row["losses"])})


def find_import(connection: Connection, import_id: str) -> PastImport:
    """One import, or NotFound."""
    found = list_imports(connection, import_id=import_id) if import_id else []
    if not found:
        raise NotFound(f"There is no import {import_id}", field="import")
    return found[0]


def erase_original(records: Records, actor: Actor, import_id: str, ground: str) -> None:
    """Stop keeping the original bytes (GDPR Art. 5(1)(e), 17); answers and loss reports stay.

    From then on an export writes a new document. Permission: ledger.erase.
    """
    if not _GROUND.fullmatch(ground):
        raise BadInput(
            "A ground for erasure is a short code",
            "For example art-17-1-a; free text could name the person.",
            field="ground",
        )
    with records.change(actor) as change:
        found = find_import(change.connection, import_id)
        if found.erased_at is not None:
            raise NotPossibleNow("The original file is erased already", field="import")
        change.apply(
            Event(
                action="exchange.original_erased",
                kind="import",
                id=import_id,
                permission=PERMISSION,
                facts={"ground": ground},
            ),
            update(foreign_file)
            .where(foreign_file.c.sha256 == found.sha256)
            .values(data=b"", erased_at=change.now),
        )
