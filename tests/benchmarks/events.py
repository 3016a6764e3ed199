"""An audit log of a year: the product beside hand-written DuckDB, Polars, chDB and pandas, on six questions.

``BENCH_EVENTS`` is the number of events (10,000,000; 100000000 for the whole). ``BENCH_EVENTS_FOLDER`` keeps
log, homes and environments for another run. Each engine runs alone, in an environment of its own where it can
be installed; answers must be equal before a time is printed. pandas gets at most ten million events.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks._events_log import AS_OF, write_log
from tests.benchmarks._events_peer import SQL

SIZE = int(os.environ.get("BENCH_EVENTS", "10000000"))
PANDAS_MOST = 10_000_000
PEERS = {"polars": ("polars",), "chdb": ("chdb",), "pandas": ("pandas", "pyarrow")}
Figures = list[dict[str, Any]]


def main() -> None:
    """Print the log's size, one line a build, and one line a question with every engine."""
    kept = os.environ.get("BENCH_EVENTS_FOLDER")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(kept or scratch)
        log = make_log(folder, SIZE)
        found = run(
            sys.executable, "-m", "tests.benchmarks._events_product", log, fresh(folder), SIZE
        )
        show_builds(found, log)
        engines = by_way(found) | {"hand-written": ask(sys.executable, "duckdb", log)}
        names = tuple(name for name in PEERS if name != "pandas" or SIZE <= PANDAS_MOST)
        engines |= ask_peers(folder, log, names)
        compare(engines, SIZE)
        if SIZE > PANDAS_MOST:
            small = make_log(folder, PANDAS_MOST)
            engines = {"hand-written": ask(sys.executable, "duckdb", small)}
            compare(engines | ask_peers(folder, small, ("pandas",)), PANDAS_MOST)


def make_log(folder: Path, size: int) -> Path:
    log = folder / f"log-{size}"
    if not (log / "complete").exists():
        write_log(log, size)
        (log / "complete").touch()
    return log


def fresh(folder: Path) -> Path:
    return Path(tempfile.mkdtemp(prefix="home-", dir=folder))


def ask_peers(folder: Path, log: Path, names: tuple[str, ...]) -> dict[str, Figures]:
    """The engines that could be installed."""
    found = {}
    for name in names:
        python = install(folder / name, PEERS[name])
        if python is None:
            print(f"{name}: could not be installed, not measured")
        else:
            found[name] = ask(str(python), name, log)
    return found


def install(folder: Path, packages: tuple[str, ...]) -> Path | None:
    python = folder / "bin" / "python"
    if python.exists():
        return python
    steps = ([sys.executable, "-m", "venv", str(folder)], [str(python), "-m", "pip", "install", "-q", *packages])  # fmt: skip
    done = all(
        subprocess.run(step, check=False, capture_output=True).returncode == 0 for step in steps
    )
    return python if done else None


def ask(python: str, engine: str, log: Path) -> Figures:
    script = Path(__file__).with_name("_events_peer.py")
    return run(python, str(script), engine, log, AS_OF.isoformat())


def run(*command: object) -> Figures:
    """The lines of JSON that a process prints; a process that fails says so and answers what it could."""
    done = subprocess.run(
        [str(part) for part in command], check=False, capture_output=True, text=True
    )
    if done.returncode:
        print(f"{command[2]}: ended with {done.returncode}: {done.stderr.strip()[-300:]}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def by_way(found: Figures) -> dict[str, Figures]:
    """The product's answers from daily sums and from single events."""
    ways: dict[str, Figures] = {}
    for line in found:
        if "way" in line:
            current = ways.setdefault(f"product, {line['way']}", [])
        elif "question" in line:
            current.append(line)
    return ways


def show_builds(found: Figures, log: Path) -> None:
    files = sum(path.stat().st_size for path in (log / "access_events").glob("*.parquet"))
    print(
        f"{SIZE:,} events in {files / 1e6:,.0f} MB of Parquet; machine load {os.getloadavg()[0]:.1f}"
    )
    for line in found:
        if line.get("figure") == "bytes":
            print(f"months of events {line['events'] / 1e6:,.0f} MB, generation {line['generation'] / 1e6:,.0f} MB")  # fmt: skip
        elif line.get("figure") == "board":
            print(f"board, warm: median {1000 * line['seconds']:.0f} ms, worst {1000 * line['worst']:.0f} ms")  # fmt: skip
        elif "figure" in line:
            print(f"{line['figure']}: {line['seconds']:.1f} s, CPU {line['cpu']:.1f} s, peak {line['peak'] / 1e9:.1f} GB")  # fmt: skip


def compare(engines: dict[str, Figures], size: int) -> None:
    """One line a question: milliseconds of each engine and its ratio to hand-written DuckDB."""
    answers = {(line["question"], *line["answer"]) for lines in engines.values() for line in lines}
    assert len(answers) == len(SQL), f"The engines do not agree: {sorted(answers)}"
    print(f"milliseconds on {size:,} events (times hand-written DuckDB over Parquet)")
    base = {line["question"]: line["seconds"] for line in engines["hand-written"]}
    print(f"{'':24} " + " ".join(f"{name:>20}" for name in engines))
    for question in SQL:
        spent = [next((x["seconds"] for x in lines if x["question"] == question), None) for lines in engines.values()]  # fmt: skip
        cells = ["-" if s is None else f"{1000 * s:,.0f} ({s / base[question]:.2f})" for s in spent]
        print(f"{question:24} " + " ".join(f"{cell:>20}" for cell in cells))
    peaks = [f"{max(line['peak'] for line in lines) / 1e9:.2f} GB" for lines in engines.values()]
    print(f"{'peak memory':24} " + " ".join(f"{peak:>20}" for peak in peaks))


if __name__ == "__main__":
    main()
