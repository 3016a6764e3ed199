"""The risks of an assessment as values: before measures, now, and after all of them.

The template's ``record`` block names the tables, and column names are fixed (see
``assessments/questionnaire/record.py``). What a risk is *now* is worked out: of the measures against it
that are in place with evidence, the strongest effect counts for severity and the strongest for
likelihood. Effects are not added up, since measures often work against the same cause. Which status
counts stands in ``packs/risk_matrices.yaml`` (EDPB template 4.2.a: implemented means with evidence).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from assessments.questionnaire.answers import Answers
from assessments.questionnaire.evaluation import _Unknown
from assessments.questionnaire.packs import load_pack
from assessments.questionnaire.scales import MATRICES, Level, Scale, scale_of
from assessments.questionnaire.template import Template
from assessments.questionnaire.view import View

Row = Mapping[str, Any]
LOWEST = 1
PLANNED = "planned"


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the map."""

    severity: int
    likelihood: int


NOTHING = Point(0, 0)


@dataclass(frozen=True, slots=True)
class Measure:
    """A row of the measures; ``counts`` says whether it lowers a risk already."""

    id: str
    row: str
    title: str
    threats: tuple[str, ...]
    status: str
    effect: str
    lowers: Point
    evidence: str
    control: str
    owner: str
    due_on: str | None
    counts: bool


@dataclass(frozen=True, slots=True)
class Risk:
    """A rated threat; kind is ``by_design`` or ``event``, ``row`` its row in ``table``.

    working: the measures that count and say what they lower; they explain ``current``.
    """

    id: str
    row: str
    table: str
    kind: str
    title: str
    source: str
    impact: str
    event: str
    attack: str
    catalogue: str
    inherent: Point
    current: Point
    residual: Point
    is_acceptable: bool
    measures: tuple[str, ...]
    working: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Register:
    """All risks and measures of an assessment, with the scale that they are rated on."""

    scale: Scale
    risks: tuple[Risk, ...]
    measures: tuple[Measure, ...]

    def __repr__(self) -> str:
        return f"<Register {len(self.risks)} risks, {len(self.measures)} measures, {self.scale.id}>"

    def level(self, point: Point) -> Level:
        return self.scale.level(point.severity, point.likelihood)

    def measure(self, measure_id: str) -> Measure:
        return next(measure for measure in self.measures if measure.id == measure_id)

    def is_acceptable(self, point: Point) -> bool:
        return self.scale.is_acceptable(point.severity, point.likelihood)


def read_register(template: Template, answers: Answers) -> Register:
    """The risks R1, R2, ... in the order of the threat tables, the measures M1, M2, ... in theirs.

    A risk without a residual level keeps its inherent one, and is acceptable only if that is.
    """
    view, rules = View(template, answers), template.record
    scale = scale_of(template, answers)
    measures = read_measures(view)
    inherent = rated(view, rules.inherent, scale)
    residual = rated(view, rules.residual, scale)
    risks: list[Risk] = []
    for kind, table in rules.threats.items():
        for threat in rows_of(view, table):
            before = inherent.get(threat["id"])
            if before is not None:
                after = residual.get(threat["id"], before)
                against = [measure for measure in measures if threat["id"] in measure.threats]
                risks.append(
                    _risk(f"R{len(risks) + 1}", (kind, table), threat, (before, after), against)
                )
    return Register(scale, tuple(risks), measures)


def _risk(
    risk_id: str, place: tuple[str, str], threat: Row, rows: tuple[Row, Row], against: list[Measure]
) -> Risk:
    before, after = rows
    working = [measure for measure in against if measure.counts and measure.lowers != NOTHING]
    inherent = Point(before["severity"], before["likelihood"])
    return Risk(
        id=risk_id,
        row=threat["id"],
        table=place[1],
        kind=place[0],
        title=threat.get("title") or threat["id"],
        source=threat.get("source") or "",
        impact=threat.get("impact") or "",
        event=threat.get("event") or "",
        attack=threat.get("attack") or "",
        catalogue=threat.get("catalogue") or "",
        inherent=inherent,
        current=lowered(inherent, working),
        residual=Point(after["severity"], after["likelihood"]),
        is_acceptable=after.get("acceptable") == "yes",
        measures=tuple(measure.id for measure in against),
        working=tuple(measure.id for measure in working),
    )


def lowered(point: Point, working: Iterable[Measure]) -> Point:
    """What is left when the strongest effect on each dimension is taken off; never below the lowest."""
    effects = [measure.lowers for measure in working]
    severity = max((effect.severity for effect in effects), default=0)
    likelihood = max((effect.likelihood for effect in effects), default=0)
    return Point(max(LOWEST, point.severity - severity), max(LOWEST, point.likelihood - likelihood))


def read_measures(view: View) -> tuple[Measure, ...]:
    """The measures as M1, M2, ... in the order of their table."""
    table = view.template.record.measures
    asked = view.columns(table) if table else frozenset()
    return tuple(
        _measure(f"M{number}", row, needs_evidence="evidence" in asked)
        for number, row in enumerate(rows_of(view, table), start=1)
    )


def _measure(measure_id: str, row: Row, *, needs_evidence: bool) -> Measure:
    status, evidence = row.get("status") or PLANNED, row.get("evidence") or ""
    return Measure(
        id=measure_id,
        row=row["id"],
        title=row.get("title") or "",
        threats=tuple(row.get("threats") or ()),
        status=status,
        effect=row.get("effect") or "",
        lowers=Point(row.get("lowers_severity") or 0, row.get("lowers_likelihood") or 0),
        evidence=evidence if isinstance(evidence, str) else ", ".join(evidence),
        control=row.get("control") or "",
        owner=row.get("owner") or "",
        due_on=row.get("due_on"),
        counts=status in _counting() and (bool(evidence) or not needs_evidence),
    )


@cache
def _counting() -> frozenset[str]:
    statuses = load_pack(MATRICES).entries("statuses")
    return frozenset(str(entry["id"]) for entry in statuses if entry["counts"])


def rated(view: View, table: str, scale: Scale) -> dict[str, Row]:
    """The rows of a rating by the threat that they rate; levels off the scale rate nothing."""
    return {
        row["threat"]: row
        for row in rows_of(view, table)
        if row.get("threat") and scale.has(row.get("severity"), row.get("likelihood"))
    }


def rows_of(view: View, table: str) -> list[Row]:
    """The rows of a table that count; none while it is not known whether there are any."""
    found = view.rows(table) if table else []
    return [] if isinstance(found, _Unknown) else list(found)
