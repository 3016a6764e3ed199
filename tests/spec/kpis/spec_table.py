"""Reads the examples of a KPI: Markdown that people read in the reference and the test executes.

## What the example shows
On 2026-11-20, with:
`kind`
| column | column |
|---|---|
| cell | |

Then the value is 50, missed:
| key | is_met |
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

FOLDER = Path(__file__).parent
_ON = re.compile(r"^On (\d{4}-\d{2}-\d{2})")
_THEN = re.compile(r"^Then the value is (\S+), (\w+)[.:]")
_KIND = re.compile(r"^`(\w+)`$")

Cells = dict[str, str]


@dataclass(slots=True)
class Example:
    """One example: tables in, a value, a state and rows out."""

    kpi: str
    title: str
    as_of: date = date.min
    tables: dict[str, list[Cells]] = field(default_factory=dict)
    value: float | None = None
    state: str = ""
    rows: list[Cells] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.kpi}: {self.title}"


def read_examples(path: Path) -> list[Example]:
    """Every example of a file; a line that is none of the known forms is an error."""
    found: list[Example] = []
    target: list[Cells] = []
    header: list[str] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.startswith("## "):
            found.append(Example(path.stem, line.removeprefix("## ")))
        elif on := _ON.match(line):
            found[-1].as_of = date.fromisoformat(on[1])
        elif kind := _KIND.match(line):
            target, header = found[-1].tables.setdefault(kind[1], []), []
        elif then := _THEN.match(line):
            found[-1].value = None if then[1] == "absent" else float(then[1])
            found[-1].state = then[2]
            target, header = found[-1].rows, []
        elif line.startswith("|"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if not header:
                header = cells
            elif not set("".join(cells)) <= {"-"}:
                target.append(dict(zip(header, cells, strict=True)))
        elif line.strip():
            raise ValueError(f"{path.name}:{number}: {line}")
    return found


def every_example() -> list[Example]:
    return [example for path in sorted(FOLDER.glob("*.md")) for example in read_examples(path)]
