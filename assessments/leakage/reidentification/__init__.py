"""Re-identification risk of a table, in SQL, out of core."""

from assessments.leakage.reidentification.extras import Options
from assessments.leakage.reidentification.generalisation import explore
from assessments.leakage.reidentification.hierarchy import read_hierarchy
from assessments.leakage.reidentification.measure import evaluate
from assessments.leakage.reidentification.ranking import minimal_uniques, rank_quasi_identifiers

__all__ = [
    "Options",
    "evaluate",
    "explore",
    "minimal_uniques",
    "rank_quasi_identifiers",
    "read_hierarchy",
]
