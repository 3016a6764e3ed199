"""The process that runs great-expectations: ``python -m dashboard.exports.worker HOME < jobs``.

It imports great-expectations at once, which takes seconds, then reads one job a line. The process
that loads starts it early and sends the jobs when the files have landed. Its answer is one report
file a batch, and one line on standard output a report.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from assessments.errors import BadInput, WorkbenchError
from assessments.settings import Home
from dashboard.exports.catalogue import find_contract
from dashboard.exports.contract import Contract, Dialect
from dashboard.exports.declared import DeclaredReport, write_reports
from dashboard.exports.fingerprint import take_fingerprint
from dashboard.exports.judge import learn_ids
from dashboard.exports.landing import LANDED, open_landing
from dashboard.exports.readers.source import Reading, Source
from dashboard.exports.readers.stage import stage, stream, try_stream
from dashboard.exports.rules import compile_rules
from dashboard.exports.staging import STAGED


@dataclass(frozen=True, slots=True)
class Job:
    """One landed file."""

    path: str
    kind: str
    batch_id: str
    sha256: str
    dialect: Dialect
    reading: Reading | None = None

    def line(self) -> str:
        return json.dumps(asdict(self)) + "\n"

    @classmethod
    def parse(cls, line: str) -> Job:
        data = json.loads(line)
        reading = Reading(**data["reading"]) if data["reading"] else None
        return cls(**{**data, "dialect": Dialect(**data["dialect"]), "reading": reading})


def run(home: Home, jobs: Iterable[Job]) -> None:
    """Make and keep the report of each job; a file that changed meanwhile gets none."""
    for job in jobs:
        try:
            write_reports(home, [make_report(home, job)])
            error = ""
        except WorkbenchError as caught:
            error = caught.title
        sys.stdout.write(json.dumps({"batch_id": job.batch_id, "error": error}) + "\n")
        sys.stdout.flush()


def make_report(home: Home, job: Job) -> DeclaredReport:
    """Read the file again and run the rules as declared."""
    from dashboard.exports import expectations

    contract = find_contract(job.kind)
    source = Source(Path(job.path), take_fingerprint(Path(job.path)), job.dialect, job.reading)
    if source.sha256 != job.sha256:
        raise BadInput("The file changed after it was loaded", where={"file": source.name})
    with open_landing(home, write=False) as connection:
        _read_rows(connection, source, contract)
        found = expectations.declare(connection, contract, compile_rules(contract))
    return DeclaredReport(
        job.kind, job.batch_id, source.name, job.sha256, expectations.ENGINE, found
    )


def _read_rows(connection: duckdb.DuckDBPyConnection, source: Source, contract: Contract) -> None:
    """The rows as loading reads them: straight from the file where that can be."""
    from dashboard.exports import expectations

    fast = stream(source, contract)
    if fast is not None:
        learn_ids(connection, contract, LANDED)
        read = try_stream(source, lambda: expectations.make_rows(connection, contract, fast))
        if read is not None and fast.expected in (None, read):
            return
    stage(connection, source, contract)
    learn_ids(connection, contract, LANDED)
    expectations.make_rows(connection, contract, STAGED)


def main() -> None:
    """Import the slow part before the first job arrives."""
    importlib.import_module("dashboard.exports.expectations")
    run(Home.locate(sys.argv[1]), (Job.parse(line) for line in sys.stdin if line.strip()))


if __name__ == "__main__":
    main()
