"""Scales of severity and likelihood, and the level of risk that both together make.

A scale has two to five levels each (EDPB template 4.1.b). Words come from a pack or from the assessment
itself; which level a pair has, and which levels are acceptable, stands in ``packs/risk_matrices.yaml``.
A threshold that the assessment names for the sum of both goes before the levels of the pack.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from assessments.questionnaire.answers import Answers, Status
from assessments.questionnaire.packs import Pack, load_pack
from assessments.questionnaire.template import Column, Option, Question, Shape, Template, Type

MATRICES = "risk_matrices"
STANDARD = "cnil_4x4"
SMALLEST, LARGEST = 2, 5


@dataclass(frozen=True, slots=True)
class Level:
    """A level of risk; ``band`` orders the levels from 1."""

    id: str
    title: str
    band: int
    is_acceptable: bool


@dataclass(frozen=True, slots=True)
class Scale:
    """Words of both dimensions, lowest first; the matrix has a row for each severity."""

    id: str
    severity: tuple[Option, ...]
    likelihood: tuple[Option, ...]
    matrix: tuple[tuple[Level, ...], ...]
    source: str
    threshold: int | None = None

    @property
    def size(self) -> int:
        return len(self.severity)

    def has(self, severity: Any, likelihood: Any) -> bool:
        """Whether both are levels of this scale."""
        return all(isinstance(n, int) and 1 <= n <= self.size for n in (severity, likelihood))

    def level(self, severity: int, likelihood: int) -> Level:
        return self.matrix[severity - 1][likelihood - 1]

    def is_acceptable(self, severity: int, likelihood: int) -> bool:
        """Up to the assessment's own threshold; without one, as the pack says."""
        if self.threshold is not None:
            return severity + likelihood <= self.threshold
        return self.level(severity, likelihood).is_acceptable


def scale_of(template: Template, answers: Answers) -> Scale:
    """The scale that the assessment chose by the number of its levels; its own words go first."""
    rules, matrices = template.record, load_pack(MATRICES, template.language)
    base = rules.scale or STANDARD
    size = _whole(answers, rules.levels)
    said = _meanings(answers, rules.meanings)
    entry = _choose(matrices, base, size, is_own=bool(said))
    severity, likelihood = (
        _words(entry, name, said.get(name, {}), template.language)
        for name in ("severity", "likelihood")
    )
    source = load_pack(entry["pack"], template.language).source if "pack" in entry else ""
    return Scale(
        id=str(entry["id"]),
        severity=severity,
        likelihood=likelihood,
        matrix=_matrix(matrices, entry["matrix"]),
        source=source or matrices.source,
        threshold=_whole(answers, rules.threshold),
    )


def _choose(matrices: Pack, base: str, size: int | None, *, is_own: bool) -> Mapping[str, Any]:
    """The template's scale while its size fits; else the published one of this size; else an own one."""
    scales = matrices.entries("scales")
    standard = next(entry for entry in scales if entry["id"] == base)
    wanted = size or len(standard["matrix"])
    fitting = [entry for entry in scales if len(entry["matrix"]) == wanted]
    published = [entry for entry in fitting if "pack" in entry and not is_own]
    own = [entry for entry in fitting if "pack" not in entry]
    ordered = sorted(published, key=lambda entry: entry["id"] != base)
    return next(iter([*ordered, *own]), standard)


def _words(
    entry: Mapping[str, Any], name: str, said: Mapping[int, str], language: str
) -> tuple[Option, ...]:
    if "pack" in entry:
        return load_pack(entry["pack"], language).options(name)
    return tuple(
        Option(id=str(number), title=said.get(number, str(number)), score=number)
        for number in range(1, len(entry["matrix"]) + 1)
    )


def _matrix(matrices: Pack, rows: Sequence[Sequence[str]]) -> tuple[tuple[Level, ...], ...]:
    levels = {
        str(entry["id"]): Level(
            str(entry["id"]), str(entry["title"]), int(entry["score"]), bool(entry["acceptable"])
        )
        for entry in matrices.entries("levels")
    }
    return tuple(tuple(levels[name] for name in row) for row in rows)


def _whole(answers: Answers, question_id: str) -> int | None:
    answer = answers.get(question_id)
    value = answer.value if answer and answer.status is Status.ANSWERED else None
    return value if isinstance(value, int) else None


def _meanings(answers: Answers, question_id: str) -> dict[str, dict[int, str]]:
    """The assessment's own words by dimension and level; none while only some levels have one."""
    answer = answers.get(question_id)
    found: dict[str, dict[int, str]] = {}
    for row in answer.value if answer and answer.status is Status.ANSWERED else []:
        if row.get("dimension") and row.get("level") and row.get("meaning"):
            found.setdefault(row["dimension"], {})[row["level"]] = row["meaning"]
    return found


def rescale(template: Template, answers: Answers) -> Template:
    """The template with the levels of the chosen scale in every score that uses the record's scale."""
    base = template.record.scale
    if not base or not template.record.levels:
        return template
    scale = scale_of(template, answers)
    if scale.id == base:
        return template
    options = {"severity": scale.severity, "likelihood": scale.likelihood}

    def reshaped(shape: Shape) -> Shape:
        is_ours = shape.type is Type.SCORE and shape.pack == base
        return replace(shape, options=options[shape.pack_list]) if is_ours else shape

    def column(each: Column) -> Column:
        return replace(each, shape=reshaped(each.shape))

    def question(each: Question) -> Question:
        columns = tuple(map(column, each.columns))
        return replace(each, shape=reshaped(each.shape), columns=columns)

    return replace(
        template,
        sections=tuple(
            replace(section, questions=tuple(map(question, section.questions)))
            for section in template.sections
        ),
        by_id=MappingProxyType({name: question(each) for name, each in template.by_id.items()}),
    )
