"""Writes docs/reference/kpis.md from the catalogue and from the examples that the tests execute.

``python -m dashboard.kpis.docs`` renews the page; a test fails while it is out of date.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from dashboard.kpis.catalogue import catalogue
from dashboard.kpis.kpi import Kpi
from dashboard.kpis.lineage import lineage
from dashboard.kpis.value import number_words

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "kpis.md"
EXAMPLES = ROOT / "tests" / "spec" / "kpis"

HEAD = """# KPIs

Each KPI is one SQL file in `dashboard/kpis/catalogue/`. The text returns the rows of a population, each with
`is_met`; the number is counted over this same text, so a count is the number of its failing rows and a
percentage is the met rows of all rows. The page, the command line and the trend run the same text.
Where rows are single access events, the same file holds a second text that adds the number up from daily and
monthly sums; tests hold both to the same number.
A row whose `is_met` is unknown fails.

This page is made by `python -m dashboard.kpis.docs` from the files and from examples that the tests execute.

## States

| state | meaning |
|---|---|
| met | The target is reached. A maximum is met only when every subject was measured and is within its own limit. |
| warn | The target is missed and the warning threshold is kept, or a subject was not measured. |
| missed | Beyond the warning threshold, or a subject exceeds its own limit. |
| no_data | A source is empty or nothing is in the population. Never 0, never green. |
| stale | The newest fact of a source is older than the KPI allows. |
| source_failed | The data check of a source failed, or more than 5 % of its rows are in quarantine. |

Trends are the same text on the day and on the same weekday of the 25 weeks before. Facts of lists (snapshots)
count from the day on which they were first seen to have changed; the first version that was ever seen counts
from ever on, so earlier points know only what dated facts say.

## All KPIs
"""


def write_page() -> str:
    """The whole page."""
    lines = [HEAD, "| KPI | question | target | owner |", "|---|---|---|---|"]
    lines += [
        f"| [{kpi.title}](#{kpi.name}) | {kpi.question} | {_target(kpi)} | {kpi.owner} |"
        for kpi in catalogue()
    ]
    for kpi in catalogue():
        lines += ["", *_section(kpi)]
    return "\n".join(lines) + "\n"


def _section(kpi: Kpi) -> Iterator[str]:
    yield f'<a id="{kpi.name}"></a>'
    yield f"## {kpi.title}"
    yield f"\n{kpi.question}\n"
    yield "| | |"
    yield "|---|---|"
    for name, text in _facts(kpi):
        yield f"| {name} | {text} |"
    if kpi.caveats:
        yield "\nMind when reading it:\n"
        yield from (f"{number}. {text}" for number, text in enumerate(kpi.caveats, 1))
    examples = EXAMPLES / f"{kpi.name}.md"
    if examples.exists():
        yield ""
        yield _readable(examples.read_text("utf-8"))


def _readable(examples: str) -> str:
    """Headings one level down, and an empty line before each table, as Markdown wants it."""
    text = examples.rstrip().replace("## ", "### Example: ")
    return text.replace("`\n|", "`\n\n|").replace(":\n|", ":\n\n|")


def _facts(kpi: Kpi) -> Iterator[tuple[str, str]]:
    yield "Name", f"`{kpi.name}`"
    yield "Owner", kpi.owner
    yield "Target", _target(kpi)
    yield "Warns up to", number_words(kpi.warn, kpi.unit)
    yield "Law", kpi.law
    yield "Population", kpi.population
    yield "Left out", kpi.exclusions
    yield "One row", f"a {kpi.row_title}: {', '.join(kpi.columns.values())}"
    if kpi.fresh:
        yield "Stale when", f"`{kpi.fresh.kind}` has nothing newer than {kpi.fresh.days} days"
    yield "What would change it", kpi.what_would_change_it
    yield (
        "Reads",
        ", ".join(f"`{table}` ({', '.join(columns)})" for table, columns in lineage(kpi).reads),
    )
    if kpi.counted:
        sums = lineage(replace(kpi, text=kpi.counted)).reads
        yield "Number from", ", ".join(f"`{table}`" for table, _ in sums)
    yield "Fed by", ", ".join(f"`{kind}`" for kind in kpi.every_source)
    yield "Since", kpi.since.isoformat()


def _target(kpi: Kpi) -> str:
    bound = "at most" if kpi.direction == "lower" else "at least"
    return f"{bound} {number_words(kpi.target, kpi.unit)}"


def main() -> None:
    PAGE.write_text(write_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
