"""An attack's outcome: how often it succeeded on training rows, on control rows and by chance."""

from __future__ import annotations

from dataclasses import dataclass

from assessments.leakage.measurement import Estimate
from assessments.leakage.rates import Rate, residual, wilson


@dataclass(frozen=True, slots=True)
class Outcome:
    """Successes out of ``n`` guesses each; ``imputed`` when a comparator without the release exists."""

    name: str
    n: int
    training: int
    control: int
    chance: int
    imputed: int | None = None

    def risk(self, confidence: float = 0.95) -> Estimate:
        """What remains of the attack after its best comparator."""
        if self.n == 0:
            return Estimate(0.0, 0.0, 0.0)
        return residual(
            self._rate(self.training, confidence), self._rate(self.comparator, confidence)
        )

    @property
    def comparator(self) -> int:
        """Successes of the best comparator: control, imputation or chance."""
        return max(self.control, self.chance, self.imputed or 0)

    @property
    def comparator_kind(self) -> str:
        """Which comparator that was."""
        kinds = {"control": self.control, "imputation": self.imputed or 0, "chance": self.chance}
        return max(kinds, key=lambda kind: kinds[kind])

    def as_row(self) -> dict[str, object]:
        """One line of the table of attacks."""
        return {
            "attack": self.name, "n": self.n, "training": self.training, "control": self.control,
            "chance": self.chance, "imputation": self.imputed, "comparator": self.comparator_kind,
        }  # fmt: skip

    def _rate(self, successes: int, confidence: float) -> Rate:
        return wilson(successes, self.n, confidence)
