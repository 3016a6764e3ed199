"""``privacy leakage reidentification``."""

from __future__ import annotations

import click

from assessments.leakage.reidentification import Options, evaluate
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
@json_option
@pass_session
def reidentification(
    session: Session,
    table: str,
    qis: tuple[str, ...],
    sensitive: str | None,
    threshold: float,
    ordered: bool | None,
) -> None:
    """How far the quasi-identifiers of TABLE single people out, and what classes give away."""
    answer(session, evaluate(table, qis, sensitive, Options(threshold, ordered)))


def register(group: click.Group) -> None:
    """Add the command."""
    group.add_command(reidentification)
