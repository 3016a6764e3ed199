"""Risks, measures, scale and safer options as they go on record (``reports/record.schema.json``).

Numbers, ids and the texts that people wrote; nothing that is worked out from the warehouse, so that
the record follows from the answers alone.
"""

from __future__ import annotations

from typing import Any

from assessments.questionnaire.answers import Answers
from assessments.questionnaire.scales import Level, Scale, scale_of
from assessments.questionnaire.template import Template
from assessments.questionnaire.text import Names, own_id
from assessments.questionnaire.view import View
from assessments.risk.recommendations import recommend
from assessments.risk.register import Measure, Risk, read_measures, read_register


def record_scale(template: Template, answers: Answers) -> dict[str, Any]:
    """The words of both dimensions, the levels of risk, and the level of every pair."""
    scale = scale_of(template, answers)
    return {
        "id": scale.id.replace("_", "-"),
        "severity": [option.title.lower() for option in scale.severity],
        "likelihood": [option.title.lower() for option in scale.likelihood],
        "levels": [level.title.lower() for level in _levels(scale)],
        "matrix": [[level.band for level in row] for row in scale.matrix],
        "threshold": scale.threshold,
        "source": scale.source,
    }


def _levels(scale: Scale) -> list[Level]:
    """Every level by its band, those that the matrix does not use among them as the band below."""
    found = {level.band: level for row in scale.matrix for level in row}
    lowest = found[min(found)]
    levels = []
    for band in range(1, max(found) + 1):
        lowest = found.get(band, lowest)
        levels.append(lowest)
    return levels


def record_risks(template: Template, answers: Answers) -> list[dict[str, Any]]:
    """Every rated threat, with the measures against it and those that work already."""
    return [_risk(risk) for risk in read_register(template, answers).risks]


def _risk(risk: Risk) -> dict[str, Any]:
    return {
        "id": risk.id,
        "title": risk.title,
        "kind": risk.kind,
        "source": risk.source,
        "impact": risk.impact,
        "severity": risk.inherent.severity,
        "likelihood": risk.inherent.likelihood,
        "current_severity": risk.current.severity,
        "current_likelihood": risk.current.likelihood,
        "residual_severity": risk.residual.severity,
        "residual_likelihood": risk.residual.likelihood,
        "measures": list(risk.measures),
        "working": list(risk.working),
        "acceptable": risk.is_acceptable,
    }


def record_measures(
    template: Template, answers: Answers, names: Names = own_id
) -> list[dict[str, Any]]:
    """The measures as M1, M2, ... in the order of their table."""
    return [_measure(each, names) for each in read_measures(View(template, answers))]


def _measure(measure: Measure, names: Names) -> dict[str, Any]:
    return {
        "id": measure.id,
        "title": measure.title,
        "status": measure.status,
        "owner": names("person", measure.owner) if measure.owner else "",
        "due_on": measure.due_on,
        "lowers_severity": measure.lowers.severity,
        "lowers_likelihood": measure.lowers.likelihood,
        "control": measure.control or None,
    }


def record_recommendations(template: Template, answers: Answers) -> list[dict[str, Any]]:
    """Safer options that follow from the assessment's own risks and measured leakage."""
    return [
        {
            "rule": each.rule,
            "title": each.title,
            "reason": each.reason,
            "changes": each.changes,
            "costs": each.costs,
            "control": each.control,
            "source": each.source,
        }
        for each in recommend(template, answers)
    ]
