"""Time and memory of re-identification at three million rows, and the ratio to pyCANON.

    python tests/benchmarks/leakage_reidentification.py [ROWS] [PEER_ROWS]

pyCANON lives in a virtual environment of its own, made for the run: its pins clash with ours.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

import duckdb

QIS = [f"q{i}" for i in range(8)]
CARDINALITIES = (2, 72, 5, 7, 16, 41, 7, 14)
OURS = """
import json, sys, time
from assessments.leakage.measurement import peak_mb
from assessments.leakage.reidentification import evaluate
evaluate(sys.argv[2], {qis!r}, "s")
started, busy = time.perf_counter(), time.process_time()
found = evaluate(sys.argv[1], {qis!r}, "s")[0]
print(json.dumps({{"seconds": time.perf_counter() - started, "cpu": time.process_time() - busy, "peak_mb": peak_mb(),
                  "classes": found.results["classes"].value, "k": found.results["k_anonymity"].value, "t": found.results["t_closeness"].value}}))
"""
PEER = """
import json, resource, sys, time
import pandas as pd
from pycanon import anonymity
table = pd.read_csv(sys.argv[1])
started = time.perf_counter()
functions = [anonymity.l_diversity, anonymity.entropy_l_diversity, anonymity.recursive_c_l_diversity,
             anonymity.alpha_k_anonymity, anonymity.basic_beta_likeness, anonymity.enhanced_beta_likeness,
             anonymity.delta_disclosure, anonymity.t_closeness]
k = anonymity.k_anonymity(table, {qis!r})
values = [each(table, {qis!r}, ["s"]) for each in functions]
print(json.dumps({{"seconds": time.perf_counter() - started, "k": k, "t": values[-1],
                  "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}}))
"""


def main(rows: int = 3_000_000, peer_rows: int = 30_000) -> None:
    """Print one line a run: twins first, then a table in which most people stand alone."""
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "small.csv", Path(folder) / "large.parquet"
        make(small, peer_rows)
        for people, power in ((100_000, 3), (rows * 3 // 2, 2)):
            make(large, rows, people, power)
            _show("ours", rows, _run(sys.executable, OURS, large, small))
        ours = _show("ours", peer_rows, _run(sys.executable, OURS, small, small))
        peer = _show(
            "pyCANON",
            peer_rows,
            _run(str(_environment(Path(folder) / "venv", "pycanon==1.3.6")), PEER, small),
        )
        assert (ours["k"], round(ours["t"], 9)) == (peer["k"], round(peer["t"], 9)), (
            "the figures have to agree"
        )
        print(f"ratio at {peer_rows:,} rows: {peer['seconds'] / ours['seconds']:.0f} times faster")


def make(path: Path, rows: int, most_people: int = 100_000, power: int = 3) -> None:
    """A table shaped like a census extract: skewed quasi-identifiers, twins, a binary secret."""
    people = min(rows * 3 // 2, most_people) if power < 3 else min(rows * 2 // 3, most_people)
    drawn = ", ".join(
        f"floor({size} * pow((hash(who * 31 + {n}) % 1000003) / 1000003.0, {power}))::int as q{n}"
        for n, size in enumerate(CARDINALITIES)
    )
    secret = "case when hash(i * 7 + 5) % 4 = 0 then 'high' else 'low' end as s"
    kind = "parquet" if path.suffix == ".parquet" else "csv"
    duckdb.sql(
        f"copy (select {drawn}, {secret} from (select i, hash(i) % {people} as who from range({rows}) as t(i))) to '{path}' (format {kind})"
    )


def _environment(folder: Path, requirement: str) -> Path:
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", requirement], check=True)
    return python


def _run(python: str, program: str, *paths: Path) -> dict[str, float]:
    command = [python, "-c", program.format(qis=QIS), *map(str, paths)]
    answer: dict[str, float] = json.loads(
        subprocess.run(command, check=True, capture_output=True, text=True).stdout
    )
    return answer


def _show(who: str, rows: int, found: dict[str, float]) -> dict[str, float]:
    print(
        f"{who:>8} {rows:>10,} rows x 8: {found['seconds']:8.2f} s {found.get('cpu', found['seconds']):8.2f} s CPU {found['peak_mb']:7.0f} MB  {found.get('classes', 0):,.0f} classes k={found['k']:.0f} t={found['t']:.6f}"
    )
    return found


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:]))
