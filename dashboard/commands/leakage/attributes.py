"""``privacy leakage attributes|recoverability|reconstruction``."""

from __future__ import annotations

import click

from dashboard.commands.leakage.answer import Repeating, answer
from dashboard.commands.plumbing import Session, json_option, pass_session

seed_option = click.option(
    "--seed", type=int, default=0, show_default=True, help="Equal seeds give equal results."
)


@click.command()
@click.argument("guesses", type=click.Path())
@click.option("--truth", default="truth", show_default=True, help="Column of the true attribute.")
@click.option("--attack", default="attack", show_default=True, help="Guess with the model.")
@click.option("--imputation", default="imputation", show_default=True, help="Guess without it.")
@click.option("--member", default="member", show_default=True, help="1 if in training, else 0.")
@click.option("--group", help="Column of groups to tell apart.")
@seed_option
@json_option
@pass_session
def attributes(
    session: Session,
    guesses: str,
    truth: str,
    attack: str,
    imputation: str,
    member: str,
    group: str | None,
    seed: int,
) -> None:
    """Attribute inference: how much better GUESSES with the model are than without, and for whom."""
    from assessments.leakage.attributes import Columns, Options, evaluate

    columns = Columns(truth, attack, imputation, member, group)
    answer(session, [evaluate(guesses, Options(columns, seed=seed))])


@click.command(cls=Repeating)
@click.argument("table", type=click.Path())
@click.option("--sensitive", required=True, metavar="COLUMN", help="The attribute to read back.")
@click.option(
    "--feature",
    "features",
    multiple=True,
    metavar="COLUMN",
    help="Of the representation; repeat it.",
)
@click.option(
    "--known", multiple=True, metavar="COLUMN", help="Known to the attacker anyway; repeat it."
)
@seed_option
@json_option
@pass_session
def recoverability(
    session: Session,
    table: str,
    sensitive: str,
    features: tuple[str, ...],
    known: tuple[str, ...],
    seed: int,
) -> None:
    """How far features, embeddings or explanations in TABLE give a sensitive attribute away."""
    from assessments.leakage.attributes.recoverability import Options, evaluate

    answer(session, [evaluate(table, sensitive, Options(features, known, seed=seed))])


@click.command()
@click.option("--original", required=True, type=click.Path(), help="The true records.")
@click.option("--rebuilt", required=True, type=click.Path(), help="What the attack made of them.")
@click.option(
    "--imputed", type=click.Path(), help="What guessing without the release made of them."
)
@click.option("--key", help="Column that pairs the rows; their order, if none.")
@seed_option
@json_option
@pass_session
def reconstruction(
    session: Session, original: str, rebuilt: str, imputed: str | None, key: str | None, seed: int
) -> None:
    """How near rebuilt records come to the original, beyond imputation."""
    from assessments.leakage.attributes.reconstruction import Options, evaluate

    answer(session, [evaluate(original, rebuilt, imputed, Options(key, seed=seed))])


def register(group: click.Group) -> None:
    """Add the commands."""
    for command in (attributes, recoverability, reconstruction):
        group.add_command(command)
