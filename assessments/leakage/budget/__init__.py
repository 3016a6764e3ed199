"""Privacy budgets: what differential privacy guarantees, what was spent of it and what is left."""

from assessments.leakage.budget.peer import recounted
from assessments.leakage.budget.register import (
    list_budgets,
    list_runs,
    plan,
    record_run,
    set_budget,
    standing,
)
from assessments.leakage.budget.settings_files import read_run
from assessments.leakage.budget.spending import Budget, Run, Standing, stand

__all__ = [
    "Budget",
    "Run",
    "Standing",
    "list_budgets",
    "list_runs",
    "plan",
    "read_run",
    "record_run",
    "recounted",
    "set_budget",
    "stand",
    "standing",
]
