"""An assessment in the W3C community group's Data Privacy Vocabulary, as JSON-LD."""

from assessments.exchange.dpv.write import FORMAT

__all__ = ["FORMAT"]
