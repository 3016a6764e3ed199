"""An assessment as a Word file, for colleagues who comment in Word."""

from assessments.exchange.word.write import FORMAT

__all__ = ["FORMAT"]
