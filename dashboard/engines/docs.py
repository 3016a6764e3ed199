"""Writes docs/reference/engines.md from the shipped support matrix: ``python -m dashboard.engines.docs``."""

from __future__ import annotations

from pathlib import Path

from assessments.errors import BadInput
from dashboard.engines.parquet import texts_of
from dashboard.engines.support import matrix
from dashboard.engines.translate import translate
from dashboard.kpis import Kpi, catalogue

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "engines.md"
TEXT_ONLY = ("trino", "clickhouse")

HEAD = """# Engines of the KPIs

DuckDB is the engine. Every KPI may also run on Apache Spark, by the same file: the text is translated by
sqlglot, marts become views, and base tables are read from Parquet
([how to move to Spark](../how-to/move-to-spark.md)). A KPI runs there only while a row of the comparison
says that both engines gave the same; a row ends with the first change of the KPI's text or of a mart behind it.

Compared are the number and every row in its order, over the sample (of its access log the
newest 20,000 events) and over every example of the KPI.
Texts, days and whole numbers are equal; floating-point numbers may differ by 1e-9 of their size.
Trino and ClickHouse were not run: "text" says only that sqlglot can write the KPI's text in that dialect.
That is no statement about the numbers. Known to differ in silence: on Trino `is not true` is written as
`not`, which loses unknown values, and on ClickHouse `lead` without a default gives 0.

This page is made by `python -m tests.acceptance.spark` (which compares) or `python -m dashboard.engines.docs`
(which only writes).
"""


def write_page() -> str:
    """The whole page."""
    rows = matrix()
    versions = sorted({row.versions for row in rows.values()})
    lines = [
        HEAD,
        f"Compared: {'; '.join(versions) or 'nothing yet'}.\n",
        "| KPI | Spark | rows compared | Trino | ClickHouse |",
        "|---|---|---|---|---|",
    ]
    for name in sorted(rows):
        row = rows[name]
        said = row.result if not row.detail else f"{row.result}: {row.detail}"
        lines.append(f"| `{name}` | {said} | {row.rows} | {' | '.join(_texts(name))} |")
    return "\n".join(lines) + "\n"


def _texts(name: str) -> list[str]:
    kpi = {each.name: each for each in catalogue()}.get(name)
    return ["" if kpi is None else _text(kpi, dialect) for dialect in TEXT_ONLY]


def _text(kpi: Kpi, dialect: str) -> str:
    try:
        for text in texts_of(kpi):
            translate(text, dialect)
    except BadInput:
        return "no"
    return "text"


def main() -> None:
    PAGE.write_text(write_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
