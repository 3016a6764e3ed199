"""Which KPIs were shown to give the same rows and number on another engine, and with which texts.

A row holds for the texts that were compared: a KPI whose text or marts have changed since has none. What
was compared on an installation's own data comes before what the product ships with.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from assessments.errors import BadInput, CannotSay
from assessments.files import replace_file
from assessments.settings import Home
from dashboard.engines.parquet import texts_of
from dashboard.kpis.kpi import Kpi
from dashboard.kpis.lineage import tables_read
from dashboard.warehouse.marts_order import read_marts

SHIPPED = Path(__file__).with_name("support.json")
Result = Literal["same", "different", "failed", "empty"]
REASONS: Mapping[str, str] = {
    "different": "It gave other rows or another number there.",
    "failed": "It could not be run there.",
    "empty": "It was compared on data in which it has no rows, which shows nothing.",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What a comparison of one KPI gave. rows: how many were compared. versions: of the engines."""

    kpi: str
    result: Result
    rows: int
    detail: str
    fingerprint: str
    versions: str

    @property
    def is_passed(self) -> bool:
        return self.result == "same"


def fingerprint(kpi: Kpi) -> str:
    """Changes when a text of the KPI, or of a mart behind it, changes."""
    marts = {mart.name: mart.sql for mart in read_marts()}
    waiting, behind = [name for text in texts_of(kpi) for name in tables_read(text)], set()
    while waiting:
        name = waiting.pop()
        if name in marts and name not in behind:
            behind.add(name)
            waiting += tables_read(marts[name]) - {name}
    texts = [*texts_of(kpi), *(marts[name] for name in sorted(behind))]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def matrix(home: Home | None = None) -> dict[str, Shown]:
    """The rows that count: those of the installation, then those that are shipped."""
    found = _read(SHIPPED)
    return found | (_read(own_path(home)) if home else {})


def own_path(home: Home) -> Path:
    """Where an installation keeps what was compared on its own data."""
    return home.path / "engines" / "spark.json"


def write_matrix(path: Path, rows: Iterable[Shown]) -> None:
    """Keep rows; those of other KPIs stay."""
    kept = _read(path) | {row.kpi: row for row in rows}
    text = json.dumps([asdict(kept[name]) for name in sorted(kept)], indent=1)
    replace_file(path, text.encode() + b"\n", mode=0o644)


def _read(path: Path) -> dict[str, Shown]:
    try:
        return {row["kpi"]: Shown(**row) for row in json.loads(path.read_text("utf-8"))}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, KeyError) as error:
        raise BadInput("The support matrix cannot be read.", where={"file": path.name}) from error


def refusal(kpi: Kpi, rows: Mapping[str, Shown]) -> str | None:
    """Why the KPI may not run on the other engine; nothing when it may."""
    row = rows.get(kpi.name)
    if row is None:
        return "It has never been compared there."
    if row.fingerprint != fingerprint(kpi):
        return "Its text, or a mart behind it, has changed since it was compared."
    return None if row.is_passed else REASONS[row.result]


def require(kpi: Kpi, rows: Mapping[str, Shown]) -> None:
    """Refuse a KPI that was not shown to give the same on the other engine."""
    why = refusal(kpi, rows)
    if why is not None:
        raise CannotSay(
            f"{kpi.name} has not been shown to give the same number on Spark.",
            f"{why} Compare it with: privacy kpi conformance --engine spark",
            where={"kpi": kpi.name},
        )


def joined(rows: Iterable[Shown]) -> Shown:
    """One row from several comparisons of a KPI: the worst result, the rows of all together."""
    found = list(rows)
    worst = next(
        (
            row
            for result in ("failed", "different", "same")
            for row in found
            if row.result == result
        ),
        found[0],
    )
    return replace(worst, rows=sum(row.rows for row in found))
