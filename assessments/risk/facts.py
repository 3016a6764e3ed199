"""Rows of the warehouse as rules of the risk room see them, each source read once.

A row of measured leakage also knows its ``score`` (severity from 0 to 100) and the ``limit`` of its
class of data (``packs/leakage_limits.yaml``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from assessments.questionnaire.evaluation import truth
from assessments.questionnaire.expressions import Expression
from assessments.questionnaire.packs import lookup
from assessments.questionnaire.prefill import Fact, FactScope, FactSource

LEAKAGE = "leakage_of_project"
LIMITS = "leakage_limits"


class Facts:
    """A fact source and its subject, for one look at it."""

    def __init__(self, source: FactSource, subject: Mapping[str, str]) -> None:
        self._source = source
        self._subject = subject
        self._seen: dict[str, list[Fact]] = {}

    def rows(self, source: str) -> list[Fact]:
        if source not in self._seen:
            found = self._source.query(source, self._subject)
            self._seen[source] = [_scored(fact) if source == LEAKAGE else fact for fact in found]
        return self._seen[source]


def _scored(fact: Fact) -> Fact:
    severity, data_class = fact.value.get("severity"), fact.value.get("data_class")
    if severity is None:
        return fact
    score = round(100 * float(severity), 2)
    limit = lookup(LIMITS, data_class, "limit")
    return replace(fact, value={**fact.value, "score": score, "limit": limit})


def holds(condition: Expression | None, row: Mapping[str, object]) -> bool:
    """Whether a condition certainly holds for a row; what is not known does not hold."""
    return condition is None or truth(condition, FactScope(row)) is True
