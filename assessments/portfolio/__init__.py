"""The portfolio: every assessment with what it waits for, one person's queue, and saved filters."""

from assessments.portfolio.filter import SORTS, Filter, apply_filter
from assessments.portfolio.line import NONE, Line, RiskLevel
from assessments.portfolio.queue import Waiting, WaitingKind, list_waiting
from assessments.portfolio.reading import RiskMemo, list_portfolio, readable_projects
from assessments.portfolio.saved import delete_filter, list_filters, save_filter

__all__ = [
    "NONE",
    "SORTS",
    "Filter",
    "Line",
    "RiskLevel",
    "RiskMemo",
    "Waiting",
    "WaitingKind",
    "apply_filter",
    "delete_filter",
    "list_filters",
    "list_portfolio",
    "list_waiting",
    "readable_projects",
    "save_filter",
]
