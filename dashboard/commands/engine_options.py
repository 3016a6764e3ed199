"""The options that name the engine of a KPI, and Spark as commands open it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import click

from dashboard.commands.plumbing import F, Session

if TYPE_CHECKING:
    from dashboard.engines.spark import Spark

ENGINES = ("duckdb", "spark")


def engine_options(command: F) -> F:
    """``--engine``, ``--master`` and ``--data``."""
    for option in (
        click.option("--data", metavar="DIR|URL", help="Spark: an export of a warehouse (default: the home's)."),
        click.option("--master", metavar="URL", envvar="PRIVACY_SPARK_MASTER",
                     help="Spark: the cluster, such as spark://host:7077 (default: this machine)."),
        click.option("--engine", type=click.Choice(ENGINES), default="duckdb",
                     help="What runs the text."),
    ):  # fmt: skip
        command = option(command)
    return command


@contextmanager
def spark_opened(session: Session, master: str | None, data: str | None) -> Iterator[Spark]:
    """Spark over an export; without one named, over the home's warehouse, exported for this use."""
    from dashboard.engines.parquet import exported
    from dashboard.engines.spark import require_spark, started

    require_spark()
    with ExitStack() as stack:
        if data is None:
            stack.enter_context(session.warehouse())
            data = str(stack.enter_context(exported(session.home)))
        yield stack.enter_context(started(data, master))
