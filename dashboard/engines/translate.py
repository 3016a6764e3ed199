"""One text, several engines: DuckDB's SQL is read and another dialect's written.

sqlglot does most of it. Rewritten here is what it passes through or makes approximate: days and months
added to a date, exact percentiles, and rounding, which Spark does in decimals and DuckDB in binary.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError

from assessments.errors import BadInput

SOURCE = "duckdb"
SPARK_FUNCTIONS = frozenset({"add_months", "date_add", "date_sub", "percentile"})
"""What the rewrites below call by name."""
Rewrite = Callable[[exp.Expression], exp.Expression]


@cache
def translate(text: str, dialect: str) -> str:
    """The text for another engine; BadInput when sqlglot knows that it cannot be said there."""
    return write(sqlglot.parse_one(text, dialect=SOURCE), dialect)


def write(tree: exp.Expression, dialect: str) -> str:
    """A tree as the dialect writes it."""
    for rewrite in REWRITES.get(dialect, ()):
        tree = tree.transform(rewrite)
    if dialect == "spark":
        _refuse_leftovers(tree)
    try:
        return str(tree.sql(dialect, unsupported_level=ErrorLevel.RAISE, comments=False))
    except SqlglotError as error:
        raise BadInput(f"This cannot be said in the SQL of {dialect}.", str(error)) from error


def _refuse_leftovers(tree: exp.Expression) -> None:
    """A function of DuckDB's own that no rewrite has reached would fail only when it runs."""
    left = {
        each.sql(SOURCE)
        for each in tree.find_all(exp.ToDays, exp.Anonymous)
        if isinstance(each, exp.ToDays) or each.name.lower() not in SPARK_FUNCTIONS
    }
    if left:
        raise BadInput("This cannot be said in the SQL of Spark.", ", ".join(sorted(left)))


def mart_query(text: str) -> exp.Expression:
    """What a mart selects, without the order of its rows, which a view does not keep."""
    made = sqlglot.parse_one(text, dialect=SOURCE)
    query = made.expression
    query.set("order", None)
    return query


def _spark_dates(node: exp.Expression) -> exp.Expression:
    """``day + to_months(n)`` becomes ``add_months(day, n)``; both end at the month's last day."""
    if not isinstance(node, exp.Add | exp.Sub):
        return node
    span = node.expression
    if isinstance(span, exp.ToDays):
        return _shifted("date_add" if isinstance(node, exp.Add) else "date_sub", node, span.this)
    if isinstance(span, exp.Anonymous) and span.name.lower() == "to_months":
        months = span.expressions[0]
        months = exp.Neg(this=exp.Paren(this=months)) if isinstance(node, exp.Sub) else months
        return _shifted("add_months", node, months)
    return node


def _shifted(name: str, node: exp.Expression, amount: exp.Expression) -> exp.Expression:
    day = exp.cast(node.this.copy().transform(_spark_dates), "date")
    return exp.Anonymous(this=name, expressions=[day, exp.cast(amount.copy(), "int")])


def _spark_percentile(node: exp.Expression) -> exp.Expression:
    """The exact percentile; sqlglot would write the approximate one."""
    if isinstance(node, exp.WithinGroup) and isinstance(node.this, exp.PercentileCont):
        return exp.Anonymous(
            this="percentile", expressions=[node.expression.expressions[0].this, node.this.this]
        )
    return node


def _spark_round(node: exp.Expression) -> exp.Expression:
    """``round(x, n)`` as DuckDB computes it: scaled, rounded to a whole number, scaled back."""
    if not isinstance(node, exp.Round) or not node.args.get("decimals"):
        return node
    scale = exp.cast(exp.Literal.number(10 ** int(node.args["decimals"].name)), "double")
    scaled = exp.Mul(
        this=exp.Paren(this=node.this.copy().transform(_spark_round)), expression=scale
    )
    return exp.Paren(this=exp.Div(this=exp.Round(this=scaled), expression=scale.copy()))


REWRITES: dict[str, tuple[Rewrite, ...]] = {
    "spark": (_spark_dates, _spark_percentile, _spark_round)
}
