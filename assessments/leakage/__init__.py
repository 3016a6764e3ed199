"""The leakage lab: what an attack demonstrated, with uncertainty, self-tests and origin."""

from assessments.leakage.measurement import Check, Estimate, Measurement, Source

__all__ = ["Check", "Estimate", "Measurement", "Source"]
