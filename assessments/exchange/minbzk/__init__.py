"""The Dutch government's pre-scan and DPIA forms: their definitions, and what people filled in."""

from assessments.exchange.minbzk.read import FORMAT

__all__ = ["FORMAT"]
