"""The exports of a fictional company, written once from a fixed seed and shipped with the product."""

from pathlib import Path

FOLDER = Path(__file__).parent
EXPORTS = FOLDER / "exports"
PERSONAS = FOLDER / "personas.yaml"
TRUTH = FOLDER / "truth.yaml"

__all__ = ["EXPORTS", "FOLDER", "PERSONAS", "TRUTH"]
