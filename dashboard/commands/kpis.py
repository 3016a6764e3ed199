"""``privacy kpi``: every KPI of the catalogue, one with its trend, rows and SQL, and the lint of the files."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from duckdb import DuckDBPyConnection

from assessments.files import replace_file
from dashboard import kpis
from dashboard.commands.engine_options import engine_options, spark_opened
from dashboard.commands.plumbing import Session, emit, json_option, pass_session
from dashboard.kpis import Kpi, KpiValue, Rows
from dashboard.kpis.value import STATE_WORDS, number_words


def register(cli: click.Group) -> None:
    """Add the group to the command line."""
    cli.add_command(kpi)


_as_of = click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day asked about; the data's newest by default."
)  # fmt: skip


@click.group()
def kpi() -> None:
    """Key figures: value, target, trend, and the rows behind each number."""


@kpi.command("list")
@_as_of
@engine_options
@json_option
@pass_session
def list_(
    session: Session, as_of: datetime | None, engine: str, master: str | None, data: str | None
) -> None:
    """Every KPI with its value and state. On Spark exit 3 when one may not run there."""
    refused: dict[str, str] = {}
    if engine == "spark":
        found, refused = _values_on_spark(session, kpis.catalogue(), _day(as_of), master, data)
    else:
        with _opened(session) as (warehouse, generation):
            values = kpis.values(warehouse, _day(as_of))
        found = tuple(replace(value, generation=generation) for value in values)
    emit(
        session,
        [*(value.as_dict() for value in found), *_refusals(refused)],
        lambda: "\n".join([*map(_line, found), *(f"{n:<28} refused: {w}" for n, w in refused.items())]),
    )  # fmt: skip
    if refused:
        sys.exit(3)


def _refusals(refused: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "refused": why} for name, why in refused.items()]


@kpi.command()
@click.argument("name")
@_as_of
@click.option("--rows", "with_rows", is_flag=True, help="The rows behind the number.")
@click.option("--sql", "with_sql", is_flag=True, help="The text that was run.")
@engine_options
@json_option
@pass_session
def show(
    session: Session, name: str, as_of: datetime | None, with_rows: bool, with_sql: bool,
    engine: str, master: str | None, data: str | None,
) -> None:  # fmt: skip
    """One KPI with its trend over 26 weeks; on Spark the day alone."""
    wanted, day = kpis.get(name), _day(as_of)
    if engine == "spark":
        value, found, ran = _shown_on_spark(session, wanted, day, with_rows, master, data)
    else:
        value, found, ran = *_shown(session, wanted, day, with_rows), wanted.text
    answer = {**value.as_dict(), "trend": value.trend_dicts(), "engine": engine}
    if found is not None:
        answer["row_data"] = found.as_dicts()
    if with_sql:
        answer["sql"] = ran
    emit(session, answer, lambda: _page(value, found, ran if with_sql else None))


def _shown(
    session: Session, wanted: Kpi, day: date | None, with_rows: bool
) -> tuple[KpiValue, Rows | None]:
    with _opened(session) as (warehouse, generation):
        value = kpis.value(wanted, warehouse, day)
        points = value.trend or kpis.trend(wanted, warehouse, value.as_of)
        found = kpis.every_row(wanted, warehouse, value.as_of) if with_rows else None
    return replace(value, trend=points, generation=generation), found


def _shown_on_spark(
    session: Session, wanted: Kpi, day: date | None, with_rows: bool, master: str | None, data: str | None
) -> tuple[KpiValue, Rows | None, str]:  # fmt: skip
    from dashboard.engines.measure import rows_on, values_on
    from dashboard.engines.support import matrix, require
    from dashboard.engines.translate import translate

    require(wanted, matrix(session.home))
    with spark_opened(session, master, data) as spark:
        value = values_on(spark, (wanted,), day)[0]
        found = rows_on(spark, wanted, value.as_of) if with_rows else None
    return value, found, translate(wanted.text, "spark")


def _values_on_spark(
    session: Session, wanted: Iterable[Kpi], day: date | None, master: str | None, data: str | None
) -> tuple[tuple[KpiValue, ...], dict[str, str]]:
    from dashboard.engines.measure import values_on
    from dashboard.engines.support import matrix, refusal

    rows = matrix(session.home)
    reasons = {each.name: refusal(each, rows) for each in wanted}
    allowed = [each for each in wanted if reasons[each.name] is None]
    with spark_opened(session, master, data) as spark:
        found = values_on(spark, allowed, day)
    return found, {name: why for name, why in reasons.items() if why is not None}


@kpi.command()
@json_option
@pass_session
def lint(session: Session) -> None:
    """Check every KPI file and mart; exit 1 when one breaks a rule."""
    from dashboard.kpis.lint import lint_all

    catalogue, findings = kpis.catalogue(), lint_all()
    data: dict[str, Any] = {
        "checked": len(catalogue),
        "findings": [finding.as_dict() for finding in findings],
    }
    text = (
        "\n".join(str(finding) for finding in findings) or f"{len(catalogue)} KPI files are sound."
    )
    emit(session, data, text)
    if findings:
        sys.exit(1)


@kpi.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--previous", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="The last board pack, or its checkpoint.")  # fmt: skip
@_as_of
@json_option
@pass_session
def pack(session: Session, file: Path, previous: Path | None, as_of: datetime | None) -> None:
    """Write the board pack to FILE: figures, pages, SQL, and proofs of the ledger."""
    from dashboard.kpis.board_pack import pack_board

    with _opened(session) as (warehouse, generation):
        made = pack_board(
            session.records(), session.actor("board"), session.home, warehouse, generation,
            None if previous is None else previous.read_bytes(), _day(as_of),
        )  # fmt: skip
    data = made.zip()
    replace_file(file, data)
    digest = hashlib.sha256(data).hexdigest()
    emit(session, {"path": str(file), "sha256": digest, "files": len(made.files)},
         f"{len(made.files)} files, SHA-256 {digest}")  # fmt: skip


@contextmanager
def _opened(session: Session) -> Iterator[tuple[DuckDBPyConnection, str]]:
    with session.warehouse() as warehouse, warehouse.cursor() as cursor:
        yield cursor, str(warehouse.generation)


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None


def _line(value: KpiValue) -> str:
    target = f"target {number_words(value.kpi.target, value.kpi.unit)}"
    return f"{value.name:<28} {value.words:>10}  {target:<14}  {STATE_WORDS[value.state]}"


def _page(value: KpiValue, found: Rows | None, sql: str | None) -> str:
    kpi_shown: Kpi = value.kpi
    lines = [
        kpi_shown.title,
        f"  {kpi_shown.question}",
        f"  {value.words} on {value.as_of}: {STATE_WORDS[value.state]}"
        f" (target {number_words(kpi_shown.target, kpi_shown.unit)}, owner {kpi_shown.owner})",
        f"  {_counts(value)}",
        f"  What would change it: {kpi_shown.what_would_change_it}",
        f"  Law: {kpi_shown.law}",
        *(f"  [{number}] {text}" for number, text in enumerate(value.caveats, 1)),
        *(f"  Source: {source.path} {source.sha256 or ''}".rstrip() for source in value.sources),
        "  Trend: " + ", ".join(f"{p.as_of} {number_words(p.value, kpi_shown.unit)}" for p in value.trend[-12:]),
    ]  # fmt: skip
    if found is not None:
        lines += ["", *_table(found)]
    if sql is not None:
        lines += ["", sql]
    return "\n".join(lines)


def _counts(value: KpiValue) -> str:
    point = value.point
    if value.kpi.aggregate == "count_failing":
        return f"{point.failing} of {point.denominator} rows fail."
    return f"{point.numerator} of {point.denominator} rows are met."


def _table(found: Rows) -> list[str]:
    cells = [["" if cell is None else str(cell) for cell in row] for row in found.rows]
    widths = [max(map(len, column)) for column in zip(found.columns, *cells, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (list(found.columns), *cells)
    ]
