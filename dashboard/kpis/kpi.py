"""A KPI: one SQL text that returns the rows of its population, and what the number means.

The file starts with a ``/* --- ... --- */`` comment of YAML; one SELECT follows, whose last line is its
``order by``. Each row says whether it ``is_met``. The number is counted over this same text, so a number
and its rows cannot disagree. Where the rows are single events, a second SELECT after the line
``-- counted`` adds the same number up from daily sums: ``events`` and whether they are met.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

import yaml

from assessments.errors import BadInput

Unit = Literal["count", "percent", "score", "days"]
Direction = Literal["lower", "higher"]
Aggregate = Literal["count_failing", "share_met", "max", "median"]

OPEN, CLOSE = "/* ---\n", "\n--- */\n"
COUNTED = "\n-- counted\n"
REQUIRED = (
    "title", "question", "owner", "unit", "direction", "aggregate", "target", "warn", "law",
    "population", "row_title", "key", "columns", "sources", "what_would_change_it", "since",
)  # fmt: skip
OPTIONAL = ("name", "exclusions", "optional_sources", "fresh", "score", "caveats", "board")


@dataclass(frozen=True, slots=True)
class Fresh:
    """The source whose newest fact may be at most so many days old."""

    kind: str
    days: int


@dataclass(frozen=True, slots=True)
class Kpi:
    """One entry of the catalogue.

    key: columns that name a row. score: the column that ``max`` and ``median`` read.
    sources: export kinds without which the number cannot be said; optional_sources: kinds that may be empty.
    board: place on the overview, 1 to 6.
    counted: the same number from daily sums, as ``events`` and ``is_met``; none where rows are few.
    """

    name: str
    title: str
    question: str
    owner: str
    unit: Unit
    direction: Direction
    aggregate: Aggregate
    target: float
    warn: float
    law: str
    population: str
    exclusions: str
    row_title: str
    key: tuple[str, ...]
    columns: Mapping[str, str]
    sources: tuple[str, ...]
    optional_sources: tuple[str, ...]
    fresh: Fresh | None
    score: str | None
    caveats: tuple[str, ...]
    what_would_change_it: str
    since: date
    board: int | None
    text: str
    sha256: str
    counted: str | None = None

    def __repr__(self) -> str:
        return f"Kpi({self.name}: {self.title}, target {self.target:g} {self.unit})"

    @property
    def select(self) -> str:
        """The text without its final ``order by``, as it is wrapped for counting and paging."""
        return self.text.rpartition("\norder by ")[0]

    @property
    def ordering(self) -> str:
        """The text's own order of rows."""
        return self.text.rpartition("\norder by ")[2].rstrip("; \n")

    @property
    def every_source(self) -> tuple[str, ...]:
        return self.sources + self.optional_sources


def parse_kpi(name: str, file_text: str) -> Kpi:
    """Read a KPI file; a missing or unknown entry in its front matter is refused."""
    head, separator, text = file_text.partition(CLOSE)
    if not head.startswith(OPEN) or not separator:
        raise _bad(name, "The file starts with /* ---, YAML, and --- */.")
    facts = yaml.safe_load(head.removeprefix(OPEN))
    missing = [entry for entry in REQUIRED if entry not in facts]
    unknown = sorted(facts.keys() - set(REQUIRED) - set(OPTIONAL))
    if missing or unknown:
        raise _bad(name, f"Missing: {', '.join(missing)}. Unknown: {', '.join(unknown)}.")
    if facts.pop("name", name) != name:
        raise _bad(name, "The name inside is the name of the file.")
    _check_choices(name, facts)
    text, _, counted = text.partition(COUNTED)
    if "\norder by " not in text:
        raise _bad(name, "The last line of the text is its order by.")
    digest = hashlib.sha256(file_text.encode()).hexdigest()
    return Kpi(
        name=name,
        text=text.strip(),
        sha256=digest,
        counted=counted.strip() or None,
        **_typed(facts),
    )


def _check_choices(name: str, facts: Mapping[str, Any]) -> None:
    for entry, allowed in (("unit", Unit), ("direction", Direction), ("aggregate", Aggregate)):
        if facts[entry] not in get_args(allowed):
            raise _bad(name, f"{entry} is one of {', '.join(get_args(allowed))}.")
    if facts["aggregate"] in ("max", "median") and "score" not in facts:
        raise _bad(name, f"{facts['aggregate']} needs the name of its score column.")


def _typed(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **facts,
        "target": float(facts["target"]),
        "warn": float(facts["warn"]),
        "key": tuple(facts["key"]),
        "columns": dict(facts["columns"]),
        "sources": tuple(facts["sources"]),
        "optional_sources": tuple(facts.get("optional_sources", ())),
        "fresh": Fresh(**facts["fresh"]) if "fresh" in facts else None,
        "caveats": tuple(facts.get("caveats", ())),
        "exclusions": facts.get("exclusions", "None."),
        "score": facts.get("score"),
        "board": facts.get("board"),
    }


def _bad(name: str, detail: str) -> BadInput:
    return BadInput("This KPI file cannot be read.", detail, where={"file": f"{name}.sql"})
