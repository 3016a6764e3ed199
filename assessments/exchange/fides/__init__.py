"""Fides manifests and taxonomy: what they say about systems, datasets, fields and uses."""

from assessments.exchange.fides.read import FORMAT

__all__ = ["FORMAT"]
