"""``privacy leakage linkage``."""

from __future__ import annotations

import click

from dashboard.commands.leakage.answer import Repeating, answer
from dashboard.commands.plumbing import Session, json_option, pass_session


@click.command(cls=Repeating)
@click.argument("left", type=click.Path())
@click.argument("right", type=click.Path())
@click.option(
    "--on",
    multiple=True,
    required=True,
    metavar="COLUMN",
    help="An attribute that both hold; repeat it.",
)
@click.option("--fuzzy", is_flag=True, help="Also link to the most similar record.")
@click.option(
    "--similarity",
    type=float,
    default=0.9,
    show_default=True,
    help="A fuzzy link is at least this alike.",
)
@click.option("--key", metavar="COLUMN", help="The true identity in both, to check links with.")
@json_option
@pass_session
def linkage(
    session: Session,
    left: str,
    right: str,
    on: tuple[str, ...],
    fuzzy: bool,
    similarity: float,
    key: str | None,
) -> None:
    """How surely records of LEFT find their match in RIGHT, and which attributes do it."""
    from assessments.leakage.linkage import Options, evaluate

    answer(session, [evaluate(left, right, on, Options(fuzzy, similarity, key))])


def register(group: click.Group) -> None:
    """Add the command."""
    group.add_command(linkage)
