"""Exposure by subgroup: an average over everybody hides the people who are exposed.

Every subgroup gets the same test as the whole, at a confidence corrected for their number
(Bonferroni). Subgroups that are too small to show anything are counted, never named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from assessments.leakage.measurement import Estimate
from assessments.leakage.membership.exposure import Exposure, demonstrate
from assessments.leakage.membership.operating import auc
from assessments.leakage.membership.signals import FEWEST, Bools, Floats, Signals


@dataclass(frozen=True, slots=True)
class Group:
    """One subgroup's figures."""

    name: str
    members: int
    others: int
    auc: Estimate
    exposure: Exposure

    def as_row(self) -> dict[str, object]:
        """One line of the table of subgroups."""
        return {
            "group": self.name, "members": self.members, "nonmembers": self.others,
            "auc": self.auc.value, "auc_low": self.auc.low, "auc_high": self.auc.high,
            "severity": self.exposure.severity, "attack": self.exposure.choice.attack,
        }  # fmt: skip


def measurable(signals: Signals) -> list[str]:
    """The subgroups with enough members and non-members."""
    if signals.groups is None:
        return []
    names = np.unique(signals.groups)
    return [str(name) for name in names if _smallest_side(signals, str(name)) >= FEWEST]


def too_small(signals: Signals) -> list[str]:
    """What a result says about subgroups that were not measured."""
    if signals.groups is None:
        return []
    left = len(np.unique(signals.groups)) - len(measurable(signals))
    named = "1 subgroup is" if left == 1 else f"{left} subgroups are"
    return [f"{named} too small to measure (fewer than {FEWEST} on a side)."] if left else []


def measure(
    signals: Signals, scores: Mapping[str, Floats], part: Bools, confidence: float, attack: str
) -> list[Group]:
    """The test of the whole, for every subgroup that is large enough."""
    return [_group(signals, scores, part, confidence, attack, name) for name in measurable(signals)]


def _group(
    signals: Signals, scores: Mapping[str, Floats], part: Bools, confidence: float, attack: str, name: str
) -> Group:  # fmt: skip
    mine = signals.groups == name
    member = signals.member[mine]
    own = {key: each[mine] for key, each in scores.items()}
    return Group(
        name,
        int(member.sum()),
        int((~member).sum()),
        auc(own[attack], member, confidence),
        demonstrate(own, member, part[mine], confidence),
    )


def _smallest_side(signals: Signals, name: str) -> int:
    inside = signals.member[signals.groups == name]
    return min(int(inside.sum()), int((~inside).sum()))
