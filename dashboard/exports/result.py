"""What checking and loading answer: one value a file, and the files that could not be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from assessments.errors import WorkbenchError
from dashboard.exports.judge import RuleCount


@dataclass(frozen=True, slots=True)
class FileResult:
    """rows = landed + quarantined. ``landed`` counts rows that stand in the warehouse afterwards:
    new ones, those that were there before (``unchanged``) and those brought up to date (``changed``).
    ``ended`` counts rows of the previous snapshot that this one no longer lists."""

    path: str
    kind: str
    sha256: str
    batch_id: str
    rows: int
    landed: int
    quarantined: int
    unchanged: int
    changed: int
    ended: int
    reasons: tuple[tuple[str, int], ...]
    rules: tuple[RuleCount, ...]
    extra_columns: tuple[str, ...] = ()
    was_loaded: bool = False

    @property
    def warnings(self) -> tuple[RuleCount, ...]:
        return tuple(count for count in self.rules if count.severity == "warning" and count.failed)

    def as_dict(self) -> dict[str, Any]:
        return {
            "path": self.path,
            "kind": self.kind,
            "rows": self.rows,
            "landed": self.landed,
            "quarantined": self.quarantined,
            "reasons": dict(self.reasons),
            "warnings": {count.sentence: count.failed for count in self.warnings},
            "unchanged": self.unchanged,
            "changed": self.changed,
            "ended": self.ended,
            "extra_columns": list(self.extra_columns),
            "sha256": self.sha256,
            "batch_id": self.batch_id,
            "was_loaded": self.was_loaded,
        }


@dataclass(frozen=True, slots=True)
class Held:
    """A file that was left aside whole, and why."""

    path: str
    error: WorkbenchError

    def as_dict(self) -> dict[str, Any]:
        return {"path": self.path, **self.error.as_dict()}


@dataclass(frozen=True, slots=True)
class Report:
    """The answer of one run over several files."""

    files: tuple[FileResult, ...]
    held: tuple[Held, ...] = ()
    generation: int | None = None
    notes: tuple[str, ...] = ()

    @property
    def quarantined(self) -> int:
        return sum(file.quarantined for file in self.files)

    @property
    def landed(self) -> int:
        return sum(file.landed for file in self.files)

    @property
    def rows(self) -> int:
        return sum(file.rows for file in self.files)

    def as_dict(self) -> dict[str, Any]:
        return {
            "files": [file.as_dict() for file in self.files],
            "held": [held.as_dict() for held in self.held],
            "generation": self.generation,
            "notes": list(self.notes),
        }

    def as_text(self) -> str:
        """A report for people."""
        lines = [line for file in self.files for line in _file_lines(file)]
        lines += [f"{held.path}  left aside: {held.error.title}" for held in self.held]
        lines += self.notes
        lines.append(
            f"{self.rows} rows read = {self.landed} good + {self.quarantined} quarantined"
            + (f"; {len(self.held)} files left aside" if self.held else "")
        )
        return "\n".join(lines)


def _file_lines(file: FileResult) -> Iterable[str]:
    state = " (loaded before; nothing changed)" if file.was_loaded else ""
    yield (
        f"{file.path}  {file.kind}: {file.rows} rows, {file.landed} good, "
        f"{file.quarantined} quarantined{state}"
    )
    for reason, count in file.reasons:
        yield f"    quarantined  {count:>7}  {reason}"
    for warning in file.warnings:
        yield f"    warning      {warning.failed:>7}  {warning.sentence}"
    if file.extra_columns:
        yield f"    columns kept aside: {', '.join(file.extra_columns)}"
    if file.ended:
        yield f"    {file.ended} rows of the previous list are no longer listed; their history is kept"
