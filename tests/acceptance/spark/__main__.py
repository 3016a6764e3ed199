"""``python -m tests.acceptance.spark``: compares every KPI and writes the support matrix.

Needs pyspark and Java 17: every example of every KPI, then the whole sample on its newest day, on DuckDB
and on Spark on this machine. Writes dashboard/engines/support.json and its page in the reference. A KPI
whose row still counts is not compared again, unless ``--all`` is given.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from dashboard.engines import docs
from dashboard.engines.conformance import compare
from dashboard.engines.parquet import exported
from dashboard.engines.spark import started
from dashboard.engines.support import SHIPPED, Shown, joined, matrix, refusal, write_matrix
from dashboard.kpis import Kpi, catalogue
from dashboard.warehouse.connect import Warehouse
from tests.acceptance.spark.example_exports import compare_examples
from tests.acceptance.spark.sample import load_sample

EVENTS = 20_000
MASTER = "local[2]"


def compare_all(folder: Path, wanted: Sequence[Kpi]) -> list[Shown]:
    home = load_sample(folder, EVENTS)
    warehouse = Warehouse.open(home)
    day = warehouse.as_of()
    assert day is not None
    shown = []
    with (
        exported(home) as data,
        started(data, MASTER) as spark,
        warehouse.cursor() as cursor,
    ):
        for kpi in wanted:
            rows = [compare(kpi, cursor, spark, day), *compare_examples(kpi, spark, folder)]
            shown.append(joined(rows))
            write_matrix(SHIPPED, shown[-1:])
            print(shown[-1].kpi, shown[-1].result, shown[-1].rows, shown[-1].detail, flush=True)
    warehouse.close()
    return shown


def main() -> int:
    rows = {} if "--all" in sys.argv else matrix()
    wanted = [kpi for kpi in catalogue() if refusal(kpi, rows)]
    with tempfile.TemporaryDirectory() as folder:
        shown = compare_all(Path(folder), wanted)
    docs.main()
    return 0 if all(row.is_passed for row in shown) else 1


if __name__ == "__main__":
    sys.exit(main())
