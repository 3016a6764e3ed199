"""Re-identification risk of a table, in SQL, out of core."""

from assessments.leakage.reidentification.measure import Options, evaluate

__all__ = ["Options", "evaluate"]
