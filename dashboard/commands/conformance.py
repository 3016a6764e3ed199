"""``privacy kpi conformance`` and ``privacy warehouse export``: the same KPIs on another engine."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import click

from assessments.errors import CannotSay
from dashboard import kpis
from dashboard.commands.engine_options import spark_opened
from dashboard.commands.kpis import kpi
from dashboard.commands.plumbing import Session, emit, json_option, pass_session


def register(cli: click.Group) -> None:
    """Add the commands to the command line."""
    kpi.add_command(conformance)
    cli.add_command(warehouse)


@click.group()
def warehouse() -> None:
    """The warehouse as other engines read it."""


@warehouse.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@json_option
@pass_session
def export(session: Session, folder: Path) -> None:
    """Write what KPIs read to FOLDER as Parquet. The files hold personal data."""
    from dashboard.engines.parquet import export_warehouse

    with session.warehouse():
        made = export_warehouse(session.home, folder)
    rows = sum(made.tables.values())
    emit(session, {"path": made.path, **made.as_dict()},
         f"Generation {made.generation}: {len(made.tables)} tables, {rows} rows in {made.path}.")  # fmt: skip


@kpi.command()
@click.option("--engine", type=click.Choice(["spark"]), required=True, help="Compared with DuckDB.")
@click.option(
    "--master",
    metavar="URL",
    envvar="PRIVACY_SPARK_MASTER",
    help="The cluster (default: this machine).",
)
@click.option("--kpi", "names", multiple=True, help="Only this KPI; may be given again.")
@json_option
@pass_session
def conformance(session: Session, engine: str, master: str | None, names: tuple[str, ...]) -> None:  # fmt: skip
    """Run KPIs on both engines over this home's data and keep which agree. Exit 1 when one does not."""
    from dashboard.engines.conformance import compare
    from dashboard.engines.support import own_path, write_matrix

    wanted = tuple(map(kpis.get, names)) or kpis.catalogue()
    with spark_opened(session, master, None) as spark, session.warehouse() as opened:
        if spark.export.generation != opened.generation:
            raise CannotSay("The warehouse was built again meanwhile.", "Compare once more.")
        with opened.cursor() as cursor:
            day = kpis.latest_as_of(cursor)
            rows = [compare(each, cursor, spark, day) for each in wanted]
    write_matrix(own_path(session.home), [row for row in rows if row.result != "empty"])
    counts = Counter(row.result for row in rows)
    lines = [f"{row.kpi:<28} {row.result:<10} {row.rows:>9} rows  {row.detail}".rstrip() for row in rows]  # fmt: skip
    emit(
        session,
        {"engine": engine, "as_of": day.isoformat(), "counts": dict(counts),
         "kpis": [{"kpi": r.kpi, "result": r.result, "rows": r.rows, "detail": r.detail} for r in rows]},
        "\n".join([*lines, ", ".join(f"{n} {result}" for result, n in sorted(counts.items()))]),
    )  # fmt: skip
    if counts["different"] or counts["failed"]:
        sys.exit(1)
