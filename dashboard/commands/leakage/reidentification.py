"""``privacy leakage reidentification``."""

from __future__ import annotations

import click

from dashboard.commands.leakage.answer import Repeating, answer
from dashboard.commands.plumbing import Session, json_option, pass_session


@click.command(cls=Repeating)
@click.argument("table", type=click.Path())
@click.option(
    "--qi",
    "qis",
    multiple=True,
    required=True,
    metavar="COLUMN",
    help="A quasi-identifier; repeat it.",
)
@click.option("--sensitive", metavar="COLUMN", help="The attribute that must not be learned.")
@click.option(
    "--threshold",
    type=float,
    default=0.2,
    show_default=True,
    help="A record is at risk above this.",
)
@click.option(
    "--ordered/--categorical", default=None, help="How sensitive values compare for t-closeness."
)
@click.option(
    "--population", type=click.Path(), help="A table of everybody the release was drawn from."
)
@click.option(
    "--population-size",
    type=click.IntRange(1),
    help="How many people, when there is no such table.",
)
@click.option(
    "--journalist", is_flag=True, help="Score the attacker who does not know who is in the table."
)
@click.option(
    "--hierarchy",
    "hierarchies",
    multiple=True,
    metavar="COLUMN=FILE",
    help="Coarser forms, for the what-if.",
)
@click.option(
    "--target-k",
    type=click.IntRange(2),
    default=11,
    show_default=True,
    help="What the what-if aims at.",
)
@click.option(
    "--suppression",
    type=click.FloatRange(0, 1, max_open=True),
    default=0.0,
    show_default=True,
    help="The share of records that may be left out instead.",
)
@json_option
@pass_session
def reidentification(
    session: Session,
    table: str,
    qis: tuple[str, ...],
    sensitive: str | None,
    threshold: float,
    ordered: bool | None,
    population: str | None,
    population_size: int | None,
    journalist: bool,
    hierarchies: tuple[str, ...],
    target_k: int,
    suppression: float,
) -> None:
    """How far the quasi-identifiers of TABLE single people out, and what classes give away."""
    from assessments.leakage.reidentification import Options, evaluate

    options = Options(
        threshold=threshold,
        ordered=ordered,
        attacker="journalist" if journalist else "prosecutor",
        population=population,
        population_size=population_size,
        hierarchies=dict(_hierarchy(each) for each in hierarchies),
        target_k=target_k,
        suppression=suppression,
    )
    answer(session, evaluate(table, qis, sensitive, options))


def _hierarchy(text: str) -> tuple[str, dict[str, tuple[str, ...]]]:
    column, equals, file = text.partition("=")
    if not equals:
        raise click.UsageError("Write --hierarchy COLUMN=FILE.")
    from assessments.leakage.reidentification import read_hierarchy

    return column, read_hierarchy(file)


def register(group: click.Group) -> None:
    """Add the command."""
    group.add_command(reidentification)
