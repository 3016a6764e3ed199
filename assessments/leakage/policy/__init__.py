"""Limits for the leakage score: dated data that a privacy office may tighten, never loosen."""

from assessments.leakage.policy.limits import Band, Policy, load, tighten

__all__ = ["Band", "Policy", "load", "tighten"]
