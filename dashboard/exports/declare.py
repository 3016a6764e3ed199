"""Starts the worker process early and hands it the files that landed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from assessments.settings import Home
from dashboard.exports.worker import Job

TIME_LIMIT = 900


class Declaring:
    """A worker process that has not been given its jobs yet."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def finish(self, jobs: Sequence[Job]) -> tuple[str, ...]:
        """Have the reports made; returns one sentence for each that could not be."""
        if not jobs:
            return ()
        try:
            out, noise = self._process.communicate(
                "".join(job.line() for job in jobs), timeout=TIME_LIMIT
            )
        except subprocess.TimeoutExpired:
            return ("The declared reports were not finished in time.",)
        answers = {row["batch_id"]: row["error"] for row in map(json.loads, out.splitlines())}
        last = noise.strip().splitlines()[-1:] or ["the worker process ended"]
        return tuple(
            f"No declared report for {job.kind}: {answers.get(job.batch_id, last[0])}."
            for job in jobs
            if answers.get(job.batch_id, "missing")
        )


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
        yield Declaring(process)
    finally:
        process.kill()
        process.communicate()
