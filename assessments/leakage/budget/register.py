"""Budgets and runs in the records: who set or spent what, in the ledger, and what is left.

A run that happened is recorded even when it overspends, because that is the fact; asking before
(:func:`plan`) is where the answer can be no.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, func, insert, select, update

from assessments.errors import NotFound, Refused
from assessments.leakage.budget.spending import Budget, Run, Standing, check_addable, stand
from assessments.leakage.budget.tables import privacy_budget, privacy_run
from assessments.records import Actor, Event, Records

_FIELDS = ("label", "unit", "delta", "adjacency", "sampling", "accountant", "version", "epsilon", "source_sha256")  # fmt: skip


def set_budget(records: Records, actor: Actor, budget: Budget) -> None:
    """Agree on a dataset's budget; the unit of a budget that was spent from stays."""
    with records.change(actor) as change:
        before = _find(change.connection, budget.dataset_id)
        changed = before and (before.unit, before.adjacency) != (budget.unit, budget.adjacency)
        if changed and list_runs(change.connection, budget.dataset_id):
            raise Refused("Runs were recorded for another unit or adjacency; it cannot change now.", field="unit")  # fmt: skip
        values = {
            "epsilon": budget.epsilon, "delta": budget.delta, "unit": budget.unit,
            "adjacency": budget.adjacency, "alert_at": budget.alert_at,
            "set_by": change.actor.person_id, "set_at": change.now,
        }  # fmt: skip
        statement = (
            update(privacy_budget).where(privacy_budget.c.dataset_id == budget.dataset_id).values(values)
            if before
            else insert(privacy_budget).values(dataset_id=budget.dataset_id, **values)
        )  # fmt: skip
        facts = {"epsilon": repr(budget.epsilon), "delta": repr(budget.delta), "unit": budget.unit, "adjacency": budget.adjacency}  # fmt: skip
        change.apply(Event("budget.set", "privacy_budget", budget.dataset_id, "budget.set", facts=facts), statement)  # fmt: skip


def record_run(
    records: Records, actor: Actor, dataset_id: str, run: Run, reason: str = ""
) -> Standing:
    """Write down a run that took place; the answer says what is left and whether to worry."""
    with records.change(actor) as change:
        budget = _budget(change.connection, dataset_id)
        check_addable(budget, run)
        number = 1 + int(
            change.connection.execute(
                select(func.coalesce(func.max(privacy_run.c.number), 0)).where(
                    privacy_run.c.dataset_id == dataset_id
                )
            ).scalar_one()
        )
        row = {name: getattr(run, name) for name in _FIELDS}
        statement = insert(privacy_run).values(
            dataset_id=dataset_id, number=number, steps=[list(step) for step in run.steps],
            reason=reason, recorded_by=change.actor.person_id, recorded_at=change.now, **row,
        )  # fmt: skip
        facts = {"number": number, "accountant": run.accountant, "version": run.version, "adjacency": run.adjacency,
                 "sampling": run.sampling, "unit": run.unit, "delta": repr(run.delta), "epsilon": repr(run.epsilon),
                 "source_sha256": run.source_sha256 or ""}  # fmt: skip
        change.apply(Event("budget.spend", "privacy_budget", dataset_id, "budget.spend", facts=facts), statement)  # fmt: skip
        return stand(budget, list_runs(change.connection, dataset_id))


def plan(connection: Connection, dataset_id: str, run: Run) -> Standing:
    """How the budget would stand after a run that has not happened yet."""
    budget = _budget(connection, dataset_id)
    return stand(budget, [*list_runs(connection, dataset_id), run])


def standing(connection: Connection, dataset_id: str) -> Standing:
    """Spent and left now."""
    return stand(_budget(connection, dataset_id), list_runs(connection, dataset_id))


def list_budgets(connection: Connection) -> list[Standing]:
    """Every dataset with a budget."""
    ids = connection.execute(select(privacy_budget.c.dataset_id).order_by("dataset_id")).scalars()
    return [standing(connection, each) for each in ids.all()]


def list_runs(connection: Connection, dataset_id: str) -> list[Run]:
    """The runs of a dataset, in the order in which they were recorded."""
    rows = connection.execute(
        select(privacy_run).where(privacy_run.c.dataset_id == dataset_id).order_by("number")
    ).mappings()
    return [
        Run(**{name: row[name] for name in _FIELDS}, steps=tuple((float(s), float(q), int(n)) for s, q, n in row["steps"]))
        for row in rows
    ]  # fmt: skip


def _find(connection: Connection, dataset_id: str) -> Budget | None:
    row = connection.execute(
        select(privacy_budget).where(privacy_budget.c.dataset_id == dataset_id)
    ).mappings().first()  # fmt: skip
    if row is None:
        return None
    found = Budget(dataset_id, row["epsilon"], row["delta"], row["unit"])
    return replace(found, adjacency=row["adjacency"], alert_at=row["alert_at"])


def _budget(connection: Connection, dataset_id: str) -> Budget:
    found = _find(connection, dataset_id)
    if found is None:
        raise NotFound(f"No privacy budget was set for {dataset_id}.", "Set one first.", field="dataset")  # fmt: skip
    return found
