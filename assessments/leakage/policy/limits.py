"""Bands and limits, read from ``limits.yaml``; unknown keys are refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

from assessments.errors import BadInput, NotFound

V = TypeVar("V")
SHIPPED = Path(__file__).with_name("limits.yaml")


@dataclass(frozen=True, slots=True)
class Band:
    """A letter for scores up to ``upper``, and the release rule that it stands for."""

    name: str
    upper: float
    rule: str


@dataclass(frozen=True, slots=True)
class Policy:
    """What the gate compares with: limits per data class, required channels per kind of subject."""

    version: str
    bands: tuple[Band, ...]
    risk_threshold: float
    data_classes: Mapping[str, float]
    required: Mapping[str, tuple[str, ...]]

    def limit(self, data_class: str) -> float:
        """The largest score that a data class allows."""
        return _known(self.data_classes, data_class, "data class")

    def channels(self, kind: str) -> tuple[str, ...]:
        """The channels that must be measured for a kind of subject."""
        return _known(self.required, kind, "kind of subject")

    def band(self, score: float) -> Band:
        """The first band whose upper edge holds the score."""
        return next(band for band in self.bands if score <= band.upper)


@cache
def load(path: Path = SHIPPED) -> Policy:
    """Read a policy file."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        return Policy(**data | _typed(data))
    except (TypeError, KeyError) as error:
        raise BadInput(
            "This leakage policy cannot be read.", str(error), where={"file": path.name}
        ) from error


def tighten(policy: Policy, data_class: str, limit: float) -> Policy:
    """A policy with a lower limit for one data class; raising a limit is refused."""
    shipped = policy.limit(data_class)
    if limit > shipped:
        raise BadInput(
            f"A limit for {data_class} data may be lowered, never raised.",
            f"The limit is {shipped:g}; {limit:g} would loosen it.",
            field="limit",
        )
    return replace(policy, data_classes={**policy.data_classes, data_class: limit})


def _typed(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "bands": tuple(Band(**band) for band in data["bands"]),
        "required": {kind: tuple(channels) for kind, channels in data["required"].items()},
    }


def _known(values: Mapping[str, V], name: str, what: str) -> V:
    if name not in values:
        raise NotFound(f"No {what} is called {name}.", f"Known: {', '.join(values)}.")
    return values[name]
