"""``privacy leakage membership`` and ``privacy leakage audit``."""

from __future__ import annotations

import click

from dashboard.commands.leakage.answer import Repeating, answer
from dashboard.commands.plumbing import Session, json_option, pass_session

TRANSFORM = click.Choice(["probability", "logit", "loss"])


@click.command(cls=Repeating)
@click.option(
    "--target", required=True, type=click.Path(), help="The model's signals, one a record."
)
@click.option(
    "--reference", type=click.Path(), help="Signals of reference models on the same records."
)
@click.option(
    "--nonmembers", type=click.Path(), help="Records never trained on; TARGET then holds members."
)
@click.option(
    "--population", type=click.Path(), help="Signals on records that no model was trained on."
)
@click.option(
    "--transform", type=TRANSFORM, help="What the signal is, where its column does not say so."
)
@click.option("--signal", metavar="COLUMN", help="The column of the target's signal.")
@click.option("--member", metavar="COLUMN", help="The column that says who was trained on.")
@click.option("--group", metavar="COLUMN", help="The column of subgroups.")
@click.option("--id", "key", metavar="COLUMN", help="The column of pseudonymous ids.")
@click.option(
    "--fpr",
    "fprs",
    multiple=True,
    type=float,
    default=(0.1, 0.01, 0.001),
    show_default=True,
    help="A false-positive rate to report at; repeat it.",
)
@click.option(
    "--seed", type=int, default=0, show_default=True, help="Equal seeds give equal results."
)
@json_option
@pass_session
def membership(
    session: Session,
    target: str,
    reference: str | None,
    nonmembers: str | None,
    population: str | None,
    transform: str | None,
    signal: str | None,
    member: str | None,
    group: str | None,
    key: str | None,
    fprs: tuple[float, ...],
    seed: int,
) -> None:
    """Whether a model gives away on whom it was trained: loss, calibrated, LiRA and RMIA attacks."""
    from assessments.leakage.membership import Columns, Options, evaluate

    columns = Columns(transform, signal, member, group, key)
    options = Options(columns, tuple(sorted(fprs, reverse=True)), seed=seed)
    found = evaluate(
        target, reference, nonmembers=nonmembers, population=population, options=options
    )
    answer(session, [found])


@click.command()
@click.argument("scores", type=click.Path())
@click.option("--delta", required=True, type=float, help="The delta that the accounting states.")
@click.option(
    "--accounted-epsilon", type=float, help="What the accounting states; exit 1 when refuted."
)
@click.option(
    "--guesses", type=click.IntRange(1), help="How many coins to guess, fixed beforehand."
)
@click.option(
    "--transform", type=TRANSFORM, help="What the signal is, where its column does not say so."
)
@click.option("--signal", metavar="COLUMN", help="The column of the signal.")
@click.option("--member", metavar="COLUMN", help="The column of the coins.")
@click.option("--seed", type=int, default=0, show_default=True, help="Decides ties.")
@json_option
@pass_session
def audit(
    session: Session,
    scores: str,
    delta: float,
    accounted_epsilon: float | None,
    guesses: int | None,
    transform: str | None,
    signal: str | None,
    member: str | None,
    seed: int,
) -> None:
    """Bound epsilon from below with one training run; SCORES holds the signals of its canaries."""
    from assessments.leakage.membership import Columns, audit_file

    found = audit_file(
        scores,
        Columns(transform, signal, member),
        delta=delta,
        accounted_epsilon=accounted_epsilon,
        guesses=guesses,
        seed=seed,
    )
    answer(session, [found])
    if accounted_epsilon is not None and (found.value or 0.0) > accounted_epsilon:
        raise click.exceptions.Exit(1)


def register(group: click.Group) -> None:
    """Add the commands."""
    group.add_command(membership)
    group.add_command(audit)
