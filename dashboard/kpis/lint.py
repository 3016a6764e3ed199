"""Whether a KPI file keeps to the part of SQL that every engine runs alike, and declares what it reads.

The portable part is that of ``dashboard.engines.portable``; marts keep to it too. A KPI is narrower: no
lists and no date arithmetic (windows and deadlines are columns of marts), no grouping but by named
columns, and no parameter but ``$as_of``. ``python -m dashboard.kpis.lint`` checks all files.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from assessments.errors import BadInput, WorkbenchError
from dashboard.engines.portable import refusals
from dashboard.engines.translate import write
from dashboard.kpis.catalogue import catalogue
from dashboard.kpis.kpi import Kpi
from dashboard.kpis.lineage import lineage
from dashboard.warehouse.marts_order import Mart, read_marts

PARAMETER = "as_of"
BANNED: dict[type[exp.Expression], str] = {
    exp.Qualify: "QUALIFY: rank in a named part instead",
    exp.Unnest: "UNNEST: lists are flattened in marts",
    exp.Explode: "UNNEST: lists are flattened in marts",
    exp.GenerateSeries: "generate_series: join calendar or reporting_day",
    exp.Interval: "date arithmetic: use a column of a mart",
    exp.DateAdd: "date arithmetic: use a column of a mart",
    exp.DateSub: "date arithmetic: use a column of a mart",
    exp.DateDiff: "date arithmetic: use a column of a mart",
    exp.TimestampTrunc: "date arithmetic: use a column of a mart",
    exp.ToDays: "date arithmetic: use a column of a mart",
    exp.CurrentDate: "the clock: use $as_of",
    exp.CurrentTimestamp: "the clock: use $as_of",
    exp.Rand: "random numbers",
    exp.Limit: "LIMIT: the rows are the number",
}
RESERVED = frozenset({"at", "lag", "order", "group", "end", "start"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that a KPI file breaks."""

    kpi: str
    rule: str
    detail: str

    def __str__(self) -> str:
        return f"{self.kpi}.sql: {self.rule}: {self.detail}"

    def as_dict(self) -> dict[str, Any]:
        return {"kpi": self.kpi, "rule": self.rule, "detail": self.detail}


def lint(kpi: Kpi) -> tuple[Finding, ...]:
    """Every rule that the file breaks; nothing when it is sound."""
    try:
        statements = sqlglot.parse(kpi.text, dialect="duckdb")
    except SqlglotError as error:
        return (Finding(kpi.name, "syntax", str(error).splitlines()[0]),)
    if len(statements) != 1 or not isinstance(statements[0], exp.Select):
        return (Finding(kpi.name, "one select", "The text is one SELECT."),)
    tree = statements[0]
    rules = (
        _constructs,
        _parameters,
        _grouping,
        _outputs,
        _ordering,
        _sources,
        _engines,
        _style,
        _counted,
    )
    return tuple(Finding(kpi.name, rule.__name__[1:], text) for rule in rules for text in rule(kpi, tree))  # fmt: skip


def _constructs(_: Kpi, tree: exp.Select) -> Iterator[str]:
    for kind, why in BANNED.items():
        if tree.find(kind):
            yield f"not allowed: {why}"
    if any(
        str(join.args.get("method") or "").upper() == "ASOF" for join in tree.find_all(exp.Join)
    ):
        yield "not allowed: ASOF join: use a mart with first and last day"


def _parameters(_: Kpi, tree: exp.Select) -> Iterator[str]:
    names = {each.name for each in tree.find_all(exp.Parameter, exp.Placeholder)}
    if names != {PARAMETER}:
        yield f"reads ${PARAMETER} and nothing else, not {', '.join(sorted(names)) or 'nothing'}"


def _grouping(_: Kpi, tree: exp.Select) -> Iterator[str]:
    for group in tree.find_all(exp.Group):
        if group.args.get("all") or not all(
            isinstance(key, exp.Column) for key in group.expressions
        ):
            yield "group by names its columns"


def _outputs(kpi: Kpi, tree: exp.Select) -> Iterator[str]:
    expected = [*kpi.columns, "is_met"]
    if tree.named_selects != expected:
        yield f"returns {', '.join(tree.named_selects)}; its front matter names {', '.join(expected)}"
    for name in RESERVED & set(tree.named_selects):
        yield f"{name} is a reserved word"
    for name in (*kpi.key, *([kpi.score] if kpi.score else [])):
        if name not in kpi.columns:
            yield f"{name} is not among its columns"


def _ordering(kpi: Kpi, tree: exp.Select) -> Iterator[str]:
    order = tree.args.get("order")
    terms = [term.this for term in order.expressions] if order else []
    if not all(isinstance(term, exp.Column) and not term.table for term in terms):
        yield "the rows are ordered by names of columns that it returns"
    missing = set(kpi.key) - {term.name for term in terms}
    if missing:
        yield f"the order is not complete without {', '.join(sorted(missing))}"


def _sources(kpi: Kpi, _: exp.Select) -> Iterator[str]:
    try:
        read = lineage(kpi).kinds
    except WorkbenchError as error:
        yield error.title
        return
    declared = set(kpi.every_source)
    if read - declared:
        yield f"reads undeclared {', '.join(sorted(read - declared))}"
    if declared - read:
        yield f"declares {', '.join(sorted(declared - read))} and does not read it"
    if kpi.fresh and kpi.fresh.kind not in declared:
        yield f"the freshness of {kpi.fresh.kind} is not that of a source"


def _counted(kpi: Kpi, _: exp.Select) -> Iterator[str]:
    """The text over daily sums keeps to the same rules and reads nothing that the rows do not rest on."""
    if kpi.counted is None:
        return
    try:
        tree = sqlglot.parse_one(kpi.counted, dialect="duckdb")
        undeclared = lineage(replace(kpi, text=kpi.counted)).kinds - set(kpi.every_source)
    except (SqlglotError, WorkbenchError) as error:
        yield f"the counted text: {str(error).splitlines()[0]}"
        return
    if not isinstance(tree, exp.Select) or tree.named_selects != ["events", "is_met"]:
        yield "the counted text returns events and is_met"
        return
    if undeclared:
        yield f"the counted text reads undeclared {', '.join(sorted(undeclared))}"
    for rule in (_constructs, _parameters, _grouping, _engines):
        yield from rule(kpi, tree)


def _engines(_: Kpi, tree: exp.Select) -> Iterator[str]:
    yield from _portable(tree)


def _portable(tree: exp.Expression) -> Iterator[str]:
    yield from refusals(tree)
    try:
        write(tree, "spark")
    except BadInput as error:
        yield f"cannot run on Spark: {error.detail}"


def _style(kpi: Kpi, tree: exp.Select) -> Iterator[str]:
    if kpi.text != kpi.text.lower():
        yield "SQL is written in lower case"
    if kpi.ordering.count("\n"):
        yield "the order by is the last line"
    if len(list(tree.find_all(exp.Select))) > 1 and tree.find(exp.Subquery):
        yield "a part that is selected from has a name (with name as ...)"


def lint_mart(mart: Mart) -> tuple[Finding, ...]:
    """Whether a mart keeps to the portable part, and makes what its file is called."""
    name = mart.file.removesuffix(".sql")
    try:
        statements = sqlglot.parse(mart.sql, dialect="duckdb")
    except SqlglotError as error:
        return (Finding(name, "syntax", str(error).splitlines()[0]),)
    made = statements[0]
    if len(statements) != 1 or not isinstance(made, exp.Create) or made.this.name != mart.name:
        return (Finding(name, "one mart", f"The text makes {mart.name} and nothing else."),)
    return tuple(Finding(name, "engines", text) for text in _portable(made.expression))


def lint_all() -> tuple[Finding, ...]:
    """What every KPI file and every mart breaks."""
    return (
        *(finding for kpi in catalogue() for finding in lint(kpi)),
        *(finding for mart in read_marts() for finding in lint_mart(mart)),
    )


def main() -> int:
    """Print every finding; 1 when there is one."""
    found = lint_all()
    sys.stdout.writelines(f"{each}\n" for each in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
