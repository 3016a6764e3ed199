"""Membership inference from per-example signals, reference models, and one-run audits."""

from assessments.leakage.membership.attacks import (
    calibrated,
    lira_offline,
    lira_online,
    loss,
    rmia,
)
from assessments.leakage.membership.canaries import Canaries, make_canaries
from assessments.leakage.membership.figures import Options
from assessments.leakage.membership.measure import battery, evaluate, measure
from assessments.leakage.membership.models import signals_of, train_references
from assessments.leakage.membership.one_run import audit, audit_file, epsilon_lower_bound
from assessments.leakage.membership.sheet import Columns
from assessments.leakage.membership.signals import Signals, from_arrays

__all__ = [
    "Canaries",
    "Columns",
    "Options",
    "Signals",
    "audit",
    "audit_file",
    "battery",
    "calibrated",
    "epsilon_lower_bound",
    "evaluate",
    "from_arrays",
    "lira_offline",
    "lira_online",
    "loss",
    "make_canaries",
    "measure",
    "rmia",
    "signals_of",
    "train_references",
]
