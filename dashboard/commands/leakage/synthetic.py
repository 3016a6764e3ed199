"""``privacy leakage synthetic``."""

from __future__ import annotations

import click

from dashboard.commands.leakage.answer import Repeating, answer
from dashboard.commands.plumbing import Session, json_option, pass_session


@click.command(cls=Repeating)
@click.option(
    "--original", required=True, type=click.Path(), help="The rows that the release was made from."
)
@click.option("--synthetic", "made", required=True, type=click.Path(), help="The release.")
@click.option(
    "--control", required=True, type=click.Path(), help="Rows of the same population, never used."
)
@click.option(
    "--secret",
    "secrets",
    multiple=True,
    metavar="COLUMN",
    help="What must not be inferred; repeat it.",
)
@click.option(
    "--aux", multiple=True, metavar="COLUMN", help="What the attacker knows of a target; repeat it."
)
@click.option(
    "--attacks",
    type=click.IntRange(50),
    default=500,
    show_default=True,
    help="Guesses of each attack.",
)
@click.option(
    "--seed", type=int, default=0, show_default=True, help="Equal seeds give equal results."
)
@json_option
@pass_session
def synthetic(
    session: Session,
    original: str,
    made: str,
    control: str,
    secrets: tuple[str, ...],
    aux: tuple[str, ...],
    attacks: int,
    seed: int,
) -> None:
    """Exact copies, singling out, linkability and inference through a synthetic release."""
    from assessments.leakage.synthetic import Options, evaluate

    options = Options(secrets, aux, attacks=attacks, seed=seed)
    answer(session, [evaluate(original, made, control, options)])


def register(group: click.Group) -> None:
    """Add the command."""
    group.add_command(synthetic)
