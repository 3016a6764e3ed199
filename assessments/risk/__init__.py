"""The risk room: risks as values, what measures do already, coverage, catalogue, and safer options.

A risk is rated three times on the scale of its assessment: before the measures, with what is in place
now, and after all of them. The first and the last are said by people, the one between is worked out.
"""

from assessments.risk.catalogue import Control, Threat, list_controls, list_threats
from assessments.risk.coverage import Gap, find_gaps
from assessments.risk.picking import pick_controls, pick_threats, tables_for
from assessments.risk.portfolio import RiskEntry, list_risks
from assessments.risk.recommendations import Recommendation, recommend
from assessments.risk.record import record_measures, record_risks, record_scale
from assessments.risk.register import Measure, Point, Register, Risk, read_register
from assessments.risk.working import Shown, Works, works

__all__ = [
    "Control",
    "Gap",
    "Measure",
    "Point",
    "Recommendation",
    "Register",
    "Risk",
    "RiskEntry",
    "Shown",
    "Threat",
    "Works",
    "find_gaps",
    "list_controls",
    "list_risks",
    "list_threats",
    "pick_controls",
    "pick_threats",
    "read_register",
    "recommend",
    "record_measures",
    "record_risks",
    "record_scale",
    "tables_for",
    "works",
]
