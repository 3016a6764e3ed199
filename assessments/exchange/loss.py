"""What did not survive a conversion, and why; nothing is dropped in silence."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that the other side has no place for, or that could not be read.

    where: its place in the source ("answers[3].data.gauge"). what: the thing, shortened, no raw
    personal data. why: the reason, and what was kept instead.
    """

    where: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Imported:
    """The result of one import, as ``privacy import --json`` prints it.

    risks: title, levels before and after, of each risk that the file rates.
    """

    format: str
    assessment: str | None
    imported: dict[str, int] = field(default_factory=dict)
    losses: tuple[Loss, ...] = ()
    risks: tuple[dict[str, Any], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {
            "format": self.format,
            "assessment": self.assessment,
            "imported": self.imported,
            "losses": [asdict(loss) for loss in self.losses],
            **({"risks": list(self.risks)} if self.risks else {}),
        }


@dataclass(frozen=True, slots=True)
class Exported:
    """One written file and what its format had no place for."""

    format: str
    name: str
    data: bytes
    losses: tuple[Loss, ...] = ()
