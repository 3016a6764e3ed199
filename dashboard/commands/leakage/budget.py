"""``privacy leakage budget``: what was spent of a dataset's privacy budget, and what is left."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from dashboard.commands.plumbing import Session, emit, json_option, pass_session

if TYPE_CHECKING:
    from assessments.leakage.budget import Run, Standing

EXIT = {"within": 0, "alert": 0, "overspent": 1}


@click.group("budget")
def group() -> None:
    """Privacy budgets per dataset: set, ask before spending, record, and see what is left."""


@group.command("set")
@click.argument("dataset")
@click.option("--epsilon", type=float, required=True, help="What may be spent in all.")
@click.option("--delta", type=float, required=True, help="At this delta.")
@click.option("--unit", required=True, help="Who is protected: person, record, household, ...")
@click.option(
    "--adjacency",
    type=click.Choice(["add_remove", "replace_one", "zero_out"]),
    default="add_remove",
    show_default=True,
    help="What neighbours are.",
)
@click.option(
    "--alert-at", type=float, default=0.8, show_default=True, help="Warn from this share on."
)
@json_option
@pass_session
def set_(
    session: Session,
    dataset: str,
    epsilon: float,
    delta: float,
    unit: str,
    adjacency: str,
    alert_at: float,
) -> None:
    """Agree on the budget of DATASET."""
    from assessments.leakage import budget

    records, agreed = (
        session.records(),
        budget.Budget(dataset, epsilon, delta, unit, adjacency, alert_at),
    )
    budget.set_budget(records, session.person(), agreed)
    with records.read() as connection:
        _answer(session, budget.standing(connection, dataset))


def _run_options(command: Any) -> Any:
    for option in reversed((
        click.argument("dataset"),
        click.option("--settings", type=click.Path(), help="Settings of Opacus or TF Privacy (JSON, YAML)."),
        click.option("--label", required=True, help="Which run this is."),
        click.option("--unit", required=True, help="Who is protected."),
        click.option("--delta", type=float, help="Where the settings name none."),
        click.option("--epsilon", type=float, help="As the accountant said, without settings."),
        click.option("--accountant", default="stated", show_default=True, help="Which accountant said it."),
        click.option("--accountant-version", default="", help="Its version."),
        click.option("--recount", type=click.Choice(["pld", "rdp"]), help="Count the settings' steps with dp-accounting (extra dp)."),
        click.option("--sampling", type=click.Choice(["poisson", "shuffle", "none", "unknown"]), default="unknown", show_default=True, help="How batches were drawn."),
        click.option("--adjacency", type=click.Choice(["add_remove", "replace_one", "zero_out"]), default="add_remove", show_default=True, help="What neighbours are."),
    )):  # fmt: skip
        command = option(command)
    return command


@group.command("plan")
@_run_options
@json_option
@pass_session
def plan(session: Session, /, dataset: str, **given: Any) -> None:
    """Whether DATASET's budget has room for a run; exit 1 when it would be overspent."""
    from assessments.leakage import budget

    with session.records().read() as connection:
        found = budget.plan(connection, dataset, _run(given))
    _answer(session, found)
    sys.exit(EXIT[found.state])


@group.command("record")
@_run_options
@json_option
@pass_session
def record(session: Session, /, dataset: str, **given: Any) -> None:
    """Write down a run on DATASET that took place; exit 1 when the budget is now overspent."""
    from assessments.leakage import budget

    found = budget.record_run(session.records(), session.person(), dataset, _run(given))
    _answer(session, found)
    sys.exit(EXIT[found.state])


@group.command("show")
@click.argument("dataset", required=False)
@json_option
@pass_session
def show(session: Session, dataset: str | None) -> None:
    """What is spent and left, of DATASET or of all."""
    from assessments.leakage import budget

    with session.records().read() as connection:
        if dataset:
            _answer(session, budget.standing(connection, dataset))
            return
        found = budget.list_budgets(connection)
    emit(session, [each.as_dict() for each in found], "\n".join(map(_line, found)) or "No budgets.")


def _run(given: dict[str, Any]) -> Run:
    from assessments.errors import BadInput
    from assessments.leakage import budget

    if given["settings"]:
        run = budget.read_run(given["settings"], label=given["label"], unit=given["unit"], delta=given["delta"])  # fmt: skip
        return budget.recounted(run, given["recount"]) if given["recount"] else run
    if given["recount"]:
        raise BadInput("Only settings with noise, rate and steps can be counted again.", field="settings")  # fmt: skip
    if given["delta"] is None:
        raise BadInput("Name the delta of this run, 0 for pure privacy.", field="delta")
    return budget.Run(
        given["label"], given["unit"], given["delta"], given["adjacency"], given["sampling"],
        given["accountant"], given["accountant_version"], given["epsilon"],
    )  # fmt: skip


def _answer(session: Session, found: Standing) -> None:
    from assessments.leakage.score import ceiling

    data = found.as_dict() | {
        "advantage_ceiling": ceiling(found.spent, min(0.999, found.spent_delta))
    }
    notes = "".join(f"\n  ! {note}" for note in found.notes)
    emit(session, data, f"{_line(found)}{notes}")


def _line(found: Standing) -> str:
    agreed = found.budget
    return (
        f"{agreed.dataset_id}  {found.state}: {found.spent:.4g} of epsilon {agreed.epsilon:g} spent at delta "
        f"{agreed.delta:g} per {agreed.unit} ({found.runs} runs, {found.method}); {found.left:.4g} left"
    )


def register(parent: click.Group) -> None:
    """Add the group."""
    parent.add_command(group)
