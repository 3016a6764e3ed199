"""The declared report: what great-expectations found about a file, as a value and as a JSON file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assessments.errors import NotFound
from assessments.settings import Home
from dashboard.exports.result import FileResult

COUNTED = "contract rules in SQL"
"""The engine of a report that stands until great-expectations has finished with the same file."""


@dataclass(frozen=True, slots=True)
class DeclaredExpectation:
    """One rule as declared; ``sample`` shows at most a few unexpected values or line numbers."""

    rule: str
    sentence: str
    severity: str
    success: bool
    unexpected_count: int
    element_count: int
    sample: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeclaredReport:
    """All expectations about one batch."""

    kind: str
    batch_id: str
    path: str
    sha256: str
    engine: str
    expectations: tuple[DeclaredExpectation, ...]

    @property
    def is_met(self) -> bool:
        """No critical expectation is broken."""
        return all(one.success for one in self.expectations if one.severity == "critical")

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def parse(cls, data: dict[str, Any]) -> DeclaredReport:
        rows = tuple(
            DeclaredExpectation(**{**row, "sample": tuple(row["sample"])})
            for row in data["expectations"]
        )
        return cls(**{**data, "expectations": rows})


def counted_report(result: FileResult) -> DeclaredReport:
    """What loading has counted, in the form of a declared report."""
    return DeclaredReport(
        result.kind,
        result.batch_id,
        result.path,
        result.sha256,
        COUNTED,
        tuple(
            DeclaredExpectation(
                rule.rule, rule.sentence, rule.severity, not rule.failed, rule.failed, rule.checked
            )
            for rule in result.rules
        ),
    )


def difference(result: FileResult, report: DeclaredReport) -> tuple[str, ...]:
    """The rules of which loading and the declared report count differently; there should be none."""
    counted = {rule.rule: rule.failed for rule in result.rules}
    found = {one.rule: one.unexpected_count for one in report.expectations}
    return tuple(rule for rule in sorted(counted | found) if counted.get(rule) != found.get(rule))


def is_declared(home: Home, batch_id: str) -> bool:
    """Whether great-expectations has reported on this batch."""
    try:
        return read_report(home, batch_id).engine != COUNTED
    except NotFound:
        return False


def declared_folder(home: Home) -> Path:
    """Where reports are kept, one file a batch."""
    return home.warehouse / "declared"


def write_reports(home: Home, reports: Sequence[DeclaredReport]) -> None:
    """Keep reports; a file is there whole or not at all."""
    folder = declared_folder(home)
    folder.mkdir(mode=0o700, exist_ok=True)
    for report in reports:
        made = folder / f"{report.batch_id}.new"
        made.write_text(json.dumps(report.as_dict(), ensure_ascii=False), encoding="utf-8")
        made.replace(folder / f"{report.batch_id}.json")


def read_report(home: Home, batch_id: str) -> DeclaredReport:
    """The report of a batch; NotFound when it was loaded without one."""
    path = declared_folder(home) / f"{batch_id}.json"
    if "/" in batch_id or not path.is_file():
        raise NotFound(
            "There is no declared report for this load",
            "Load the file without --no-declared to have one.",
            where={"batch": batch_id},
        )
    return DeclaredReport.parse(json.loads(path.read_text(encoding="utf-8")))
