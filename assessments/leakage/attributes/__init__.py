"""What a model, its features or its explanations give away about a single attribute of a person."""

from assessments.leakage.attributes import attack, reconstruction, recoverability
from assessments.leakage.attributes.inference import Columns, Options, evaluate

__all__ = ["Columns", "Options", "attack", "evaluate", "reconstruction", "recoverability"]
