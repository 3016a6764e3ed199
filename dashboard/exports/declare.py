"""Starts the worker process early and hands it the files that landed."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from assessments.settings import Home
from dashboard.exports.declared import difference, read_report
from dashboard.exports.result import FileResult
from dashboard.exports.worker import Job

TIME_LIMIT = 900


class Declaring:
    """A worker process; it works on its jobs while the process that loads builds the warehouse."""

    def __init__(self, home: Home, process: subprocess.Popen[str]) -> None:
        self._home = home
        self._process = process
        self._jobs: tuple[Job, ...] = ()

    def begin(self, jobs: Sequence[Job]) -> None:
        """Hand over the jobs; the worker starts with them at once and ends after the last."""
        self._jobs = tuple(jobs)
        if self._jobs and self._process.stdin:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.write("".join(job.line() for job in jobs))
                self._process.stdin.flush()

    def finish(self, results: Sequence[FileResult]) -> tuple[str, ...]:
        """Wait for the reports; one sentence for each that could not be made or counts otherwise."""
        if not self._jobs:
            return ()
        try:
            out, noise = self._process.communicate(timeout=TIME_LIMIT)
        except subprocess.TimeoutExpired:
            return ("The declared reports were not finished in time.",)
        answers = {row["batch_id"]: row["error"] for row in map(json.loads, out.splitlines())}
        last = noise.strip().splitlines()[-1:] or ["the worker process ended"]
        missing = tuple(
            f"No declared report for {job.kind}: {answers.get(job.batch_id, last[0])}."
            for job in self._jobs
            if answers.get(job.batch_id, "missing")
        )
        made = {job.batch_id for job in self._jobs if answers.get(job.batch_id) == ""}
        return (
            *missing,
            *self._differences(result for result in results if result.batch_id in made),
        )

    def _differences(self, results: Iterable[FileResult]) -> Iterator[str]:
        for result in results:
            rules = difference(result, read_report(self._home, result.batch_id))
            if rules:
                yield f"Loading and the declared report of {result.kind} differ: {', '.join(rules)}."


@contextmanager
def start_declaring(home: Home) -> Iterator[Declaring]:
    """The worker starts importing at once, while files are read; it never outlives this block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboard.exports.worker", str(home.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield Declaring(home, process)
    finally:
        process.kill()
        process.communicate()
