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

from assessments.errors import BadInput, WorkbenchError
from assessments.settings import Home
from dashboard.exports.catalogue import find_contract
from dashboard.exports.contract import Dialect
from dashboard.exports.declared import DeclaredReport, write_reports
from dashboard.exports.fingerprint import take_fingerprint
from dashboard.exports.judge import learn_ids
from dashboard.exports.landing import LANDED, open_landing
from dashboard.exports.readers.source import Reading, Source
from dashboard.exports.readers.stage import stage
from dashboard.exports.rules import compile_rules


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
        stage(connection, source, contract)
        learn_ids(connection, contract, LANDED)
        found = expectations.declare(connection, contract, compile_rules(contract))
    return DeclaredReport(
        job.kind, job.batch_id, source.name, job.sha256, expectations.ENGINE, found
    )


def main() -> None:
    """Import the slow part before the first job arrives."""
    importlib.import_module("dashboard.exports.expectations")
    run(Home.locate(sys.argv[1]), (Job.parse(line) for line in sys.stdin if line.strip()))


if __name__ == "__main__":
    main()
