"""The part of SQL in which KPIs and marts are written, so that another engine gives the same numbers.

What is not listed here is refused by its name, before anything runs: an engine that lacks a construct
fails loudly at best, and gives other numbers at worst. Known of the second kind (sqlglot 30.30):
percentiles become approximate ones on Spark, a replacement by pattern replaces every match there,
``lead`` without a default gives 0 on ClickHouse, and ``is not true`` loses the unknown on Trino.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

STRUCTURE = frozenset({
    exp.Alias, exp.And, exp.Between, exp.Boolean, exp.Case, exp.Column, exp.Create, exp.CTE, exp.DataType,
    exp.DataTypeParam, exp.Distinct, exp.Filter, exp.From, exp.Group, exp.Having, exp.Identifier, exp.If,
    exp.In, exp.Is, exp.Join, exp.Like, exp.Literal, exp.Neg, exp.Not, exp.Null, exp.Or, exp.Order,
    exp.Ordered, exp.Paren, exp.Placeholder, exp.Schema, exp.Select, exp.Star, exp.Subquery, exp.Exists,
    exp.Table, exp.TableAlias, exp.Tuple, exp.Union, exp.Values, exp.Var, exp.Where, exp.Window,
    exp.WindowSpec, exp.With, exp.WithinGroup,
})  # fmt: skip
OPERATORS = frozenset({
    exp.Add, exp.Sub, exp.Mul, exp.Div, exp.DPipe, exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE,
})  # fmt: skip
FUNCTIONS = frozenset({
    exp.Abs, exp.Avg, exp.Cast, exp.Coalesce, exp.Count, exp.DateDiff, exp.Explode, exp.Greatest,
    exp.Interval, exp.Lag, exp.Lead, exp.Least, exp.Lower, exp.Max, exp.Median, exp.Min, exp.Nullif,
    exp.PercentileCont, exp.RegexpExtract, exp.RegexpLike, exp.RegexpReplace, exp.Round, exp.RowNumber,
    exp.Sum, exp.TimestampTrunc, exp.ToDays, exp.TryCast, exp.Upper,
})  # fmt: skip
NAMED_FUNCTIONS = frozenset({"to_months"})
TYPES = frozenset({"DATE", "INT", "BIGINT", "DOUBLE", "BOOLEAN"})
ADVICE = {
    "QUALIFY": "rank in a named part instead",
    "ASOF": "use a mart with first and last day",
    "GENERATESERIES": "join calendar or reporting_day",
    "UNNEST": "flatten a list with unnest(...) in the select of a mart",
    "LIMIT": "the rows are the number",
    "QUANTILE": "use median, or percentile_cont within group",
    "UNION BY NAME": "name the columns in their order",
    "CURRENTDATE": "use $as_of",
    "CURRENTTIMESTAMP": "use $as_of",
}


def refusals(tree: exp.Expression) -> Iterator[str]:
    """The constructs of a text that are not in the portable part, each by its name and once."""
    yield from dict.fromkeys(_sentence(name) for node in tree.walk() for name in _names(node))


def _sentence(name: str) -> str:
    advice = ADVICE.get(name)
    return f"{name} is not in the portable part of SQL" + (f": {advice}" if advice else "")


def _names(node: exp.Expression) -> Iterator[str]:
    """The names of what is wrong with one node; nothing when it is in the portable part."""
    kind = type(node)
    if isinstance(node, exp.Anonymous):
        if node.name.lower() not in NAMED_FUNCTIONS:
            yield f"{node.name.upper()}()"
    elif kind not in STRUCTURE | OPERATORS | FUNCTIONS:
        yield kind.__name__.upper()
    yield from _details(node)


def _details(node: exp.Expression) -> Iterator[str]:
    match node:
        case exp.Join():
            yield from _join_names(node)
        case exp.Cast() if node.to.this.name not in TYPES and not isinstance(node.this, exp.Null):
            yield f"CAST to {node.to.this.name}"
        case exp.Group() if node.args.get("all") or _by_place(node.expressions):
            yield "GROUP BY ALL or by place"
        case exp.Div() if not isinstance(node.expression, exp.Nullif):
            yield "division by what may be 0 (divide by nullif(x, 0))"
        case exp.PercentileCont() if not isinstance(node.parent, exp.WithinGroup):
            yield "QUANTILE"
        case exp.RegexpReplace() if str(node.args.get("modifiers") or "").strip("'") != "g":
            yield "REGEXP_REPLACE of the first match only"
        case exp.RegexpExtract() if not node.args.get("group"):
            yield "REGEXP_EXTRACT without the number of the group"
        case exp.Star() if any(node.args.values()):
            yield "STAR with EXCLUDE or REPLACE"
        case exp.Union() if node.args.get("by_name"):
            yield "UNION BY NAME"
        case exp.Explode() if not _is_only_list(node):
            yield "UNNEST twice in one select"
        case exp.ToDays() | exp.Interval() | exp.TimestampTrunc() if not _ends_as_date(node):
            yield "date arithmetic outside of cast(... as date)"


def _join_names(node: exp.Join) -> Iterator[str]:
    if node.args.get("method"):
        yield str(node.args["method"]).upper()
    if node.side in ("RIGHT", "FULL") or node.kind in ("SEMI", "ANTI"):
        yield f"{node.side or node.kind} JOIN"


def _by_place(keys: list[exp.Expression]) -> bool:
    return any(isinstance(key, exp.Literal) for key in keys)


def _ends_as_date(node: exp.Expression) -> bool:
    """Days and months are added to a date inside a cast, because engines differ in what the sum is."""
    above = node.parent
    while isinstance(above, exp.Add | exp.Sub | exp.Paren):
        above = above.parent
    return isinstance(above, exp.Cast) and above.to.this.name == "DATE"


def _is_only_list(node: exp.Explode) -> bool:
    select = node.parent_select
    found = [each for each in select.find_all(exp.Explode) if each.parent_select is select]
    return len(found) == 1
