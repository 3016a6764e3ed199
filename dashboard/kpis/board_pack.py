"""What the catalogue gives for a board pack: every figure with its trend, its SQL and its sources."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

from duckdb import DuckDBPyConnection

from assessments.errors import BadInput
from assessments.records import Actor, Records
from assessments.reports.board import make_board_pack
from assessments.reports.pack import Pack
from assessments.settings import Home
from dashboard import kpis, office
from dashboard.kpis.value import STATE_WORDS, KpiValue, number_words

MAX_CHECKPOINT = 64 * 1024


def pack_board(
    records: Records,
    actor: Actor,
    home: Home,
    warehouse: DuckDBPyConnection,
    generation: str,
    previous: bytes | None,
    as_of: date | None = None,
) -> Pack:
    """The pack of one day; ``previous`` is a board pack or a checkpoint."""
    found = kpis.values(warehouse, as_of)
    board = {
        "organisation": office.organisation(home),
        "as_of": found[0].as_of.isoformat(),
        "generation": generation,
        "kpis": [_figure(value, warehouse) for value in found],
    }
    files = {f"{value.name}.sql": value.kpi.text.encode() for value in found}
    log, verifiers = office.open_log(home), office.log_verifiers(home)
    return make_board_pack(
        records, actor, log, verifiers, board, files, previous and read_checkpoint(previous)
    )


def read_checkpoint(data: bytes) -> bytes:
    """The checkpoint in a board pack, or the data when it is one itself."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return data[:MAX_CHECKPOINT]
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("checkpoint") as source:
            return source.read(MAX_CHECKPOINT)
    except (KeyError, zipfile.BadZipFile, RuntimeError) as error:
        raise BadInput(
            "This is no board pack", "It holds no checkpoint.", field="previous"
        ) from error


def _figure(value: KpiValue, warehouse: DuckDBPyConnection) -> dict[str, Any]:
    points = value.trend or kpis.trend(value.kpi, warehouse, value.as_of)
    kpi, unit = value.kpi, value.kpi.unit
    return {
        "name": value.name,
        "title": kpi.title,
        "question": kpi.question,
        "owner": kpi.owner,
        "value": value.value,
        "unit": unit,
        "words": value.words,
        "target": kpi.target,
        "target_words": number_words(kpi.target, unit),
        "state": value.state,
        "state_words": STATE_WORDS[value.state],
        "board": kpi.board,
        "sql_sha256": kpi.sha256,
        "caveats": list(value.caveats),
        "sources": [{"path": s.path, "sha256": s.sha256} for s in value.sources],
        "trend": [{"as_of": p.as_of.isoformat(), "value": p.value} for p in points],
    }
