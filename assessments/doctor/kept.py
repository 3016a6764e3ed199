"""The last examination, kept in the home directory: what it found, and how long ago that was.

It is a note for those who run the installation, not evidence: whoever can change the ledger can
change this file too. What a checkpoint covers is shown by the checkpoint.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from assessments.doctor.finding import Finding, State, worst
from assessments.files import replace_file
from assessments.settings import Home

NAME = "doctor.json"
SCHEMA = "privacy-workbench/examination/v1"


@dataclass(frozen=True, slots=True)
class Examination:
    """Every finding, when the last of them was made, and how many seconds all took."""

    at: datetime
    seconds: float
    findings: tuple[Finding, ...]

    @property
    def state(self) -> State:
        return worst(self.findings)

    def finding(self, name: str) -> Finding | None:
        """The finding of one check."""
        return next((finding for finding in self.findings if finding.name == name), None)


def conduct(findings: Iterable[Finding]) -> Examination:
    """Make every check, and note when and how long."""
    started = time.monotonic()
    found = tuple(findings)
    return Examination(datetime.now(UTC), round(time.monotonic() - started, 1), found)


def keep(home: Home, made: Examination) -> None:
    """Replace the kept examination in one step."""
    content = {
        "schema": SCHEMA,
        "at": made.at.isoformat(timespec="seconds"),
        "seconds": made.seconds,
        "state": made.state,
        "findings": [asdict(finding) for finding in made.findings],
    }
    replace_file(_path(home), json.dumps(content, indent=1).encode() + b"\n")


def last(home: Home) -> Examination | None:
    """The kept examination; None when there is none that can be read."""
    try:
        content = json.loads(_path(home).read_bytes())
        findings = tuple(
            Finding(str(f["name"]), State(f["state"]), str(f["detail"]), str(f["remedy"]))
            for f in content["findings"]
        )
        at = datetime.fromisoformat(content["at"]).astimezone(UTC)
        return Examination(at, float(content["seconds"]), findings)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _path(home: Home) -> Path:
    return home.path / NAME
