"""Personal data in text and columns, and what text models remember of theirs."""

from assessments.leakage.text.measure import Options, evaluate
from assessments.leakage.text.model import Presidio, Recogniser

__all__ = ["Options", "Presidio", "Recogniser", "evaluate"]
