"""Leakage of synthetic data: attacks at equal sizes, with self-tests."""

from assessments.leakage.synthetic.measure import Options, evaluate

__all__ = ["Options", "evaluate"]
