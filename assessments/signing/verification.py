"""The outcome of a verification: one line a check, and a verdict that never flatters.

INVALID when a check failed, INCOMPLETE when evidence was missing or a check could not be made, and
VALID only when every check was made and passed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

Verdict = Literal["VALID", "INVALID", "INCOMPLETE"]


@dataclass(frozen=True, slots=True)
class Check:
    """One question and its answer."""

    name: str
    verdict: Verdict
    detail: str


@dataclass(frozen=True, slots=True, repr=False)
class Verification:
    """Every check that was made or had to be left out, and what follows from them."""

    verdict: Verdict
    checks: tuple[Check, ...]

    @classmethod
    def of(cls, checks: Sequence[Check]) -> Verification:
        """The verdict of some checks; none at all says nothing."""
        found = {check.verdict for check in checks}
        verdict: Verdict = "INCOMPLETE" if not checks or "INCOMPLETE" in found else "VALID"
        return cls("INVALID" if "INVALID" in found else verdict, tuple(checks))

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Verification:
        return cls(data["verdict"], tuple(Check(**check) for check in data["checks"]))

    def as_dict(self) -> dict[str, Any]:
        """The JSON form of the command line."""
        return asdict(self)

    def to_frame(self) -> pd.DataFrame:
        """One row a check."""
        import pandas as pd

        return pd.DataFrame([asdict(check) for check in self.checks])

    def __repr__(self) -> str:
        open_checks = [c.name for c in self.checks if c.verdict != "VALID"]
        return f"Verification({self.verdict}, {len(self.checks)} checks, not passed: {open_checks})"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(c.name)}</td><td>{c.verdict}</td><td>{escape(c.detail)}</td></tr>"
            for c in self.checks
        )
        head = "<tr><th>Check</th><th>Verdict</th><th>Detail</th></tr>"
        return f"<p><strong>{self.verdict}</strong></p><table>{head}{rows}</table>"


def valid(name: str, detail: str) -> Check:
    return Check(name, "VALID", detail)


def invalid(name: str, detail: str) -> Check:
    return Check(name, "INVALID", detail)


def incomplete(name: str, detail: str) -> Check:
    return Check(name, "INCOMPLETE", detail)


def judge(name: str, problems: Sequence[str], passed: str) -> Check:
    """VALID with what was found, or INVALID with every problem."""
    return invalid(name, "; ".join(problems)) if problems else valid(name, passed)
