"""What the gate asks for, as dated data (``templates/packs/gate_policy.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from assessments.errors import BadInput
from assessments.questionnaire import load_pack

PACK = "gate_policy"


class Needed(StrEnum):
    """When a kind of assessment is waited for."""

    ALWAYS = "always"
    UNLESS_SCREENED_OUT = "unless_screened_out"
    BEGUN = "begun"


class Block(StrEnum):
    """Which open conditions or actions block."""

    ANY = "any"
    OVERDUE = "overdue"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class GatePolicy:
    """gated: kind of assessment to when it is needed. longest: the longest override, as a period."""

    gated: Mapping[str, Needed]
    conditions: Block
    actions: Block
    longest_override: str


def gate_policy() -> GatePolicy:
    """The policy of this office."""
    pack = load_pack(PACK)
    rules: Mapping[str, Any] = {str(entry["id"]): entry for entry in pack.entries("rules")}
    try:
        return GatePolicy(
            gated={str(e["id"]): Needed(str(e["needed"])) for e in pack.entries("gated")},
            conditions=Block(str(rules["conditions"]["block"])),
            actions=Block(str(rules["actions"]["block"])),
            longest_override=str(rules["override"]["longest"]),
        )
    except (KeyError, ValueError) as error:
        raise BadInput("The policy of the gate is not complete", str(error), field=PACK) from error
