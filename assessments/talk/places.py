"""What a thread is about: the assessment, a section, a question, a cell of a table, or a risk."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assessments.errors import BadInput
from assessments.questionnaire.current import Assessment
from assessments.questionnaire.template import Type


class Kind(StrEnum):
    """What can be talked about."""

    ASSESSMENT = "assessment"
    SECTION = "section"
    QUESTION = "question"
    CELL = "cell"
    RISK = "risk"


@dataclass(frozen=True, slots=True)
class Place:
    """``object_id`` is a section's or question's id; a cell adds row and column, a risk its row."""

    kind: Kind = Kind.ASSESSMENT
    object_id: str = ""
    row_id: str = ""
    column_id: str = ""

    @classmethod
    def section(cls, section_id: str) -> Place:
        return cls(Kind.SECTION, section_id)

    @classmethod
    def question(cls, question_id: str) -> Place:
        return cls(Kind.QUESTION, question_id)

    @classmethod
    def cell(cls, question_id: str, row_id: str, column_id: str) -> Place:
        return cls(Kind.CELL, question_id, row_id, column_id)

    @classmethod
    def risk(cls, question_id: str, row_id: str) -> Place:
        return cls(Kind.RISK, question_id, row_id)


def check_place(found: Assessment, place: Place) -> None:
    """BadInput when the assessment has no such place now."""
    if not has_place(found, place):
        raise BadInput(
            "There is nothing here to comment on",
            "The section, question or row is not part of this assessment now.",
            field="place",
        )


def has_place(found: Assessment, place: Place) -> bool:
    """Whether the place is there now; a thread stays when its row goes."""
    if place.kind is Kind.ASSESSMENT:
        return place == Place()
    if place.kind is Kind.SECTION:
        is_known = place.object_id in {section.id for section in found.template.sections}
        return is_known and place == Place.section(place.object_id)
    question = found.template.by_id.get(place.object_id)
    if question is None:
        return False
    if place.kind is Kind.QUESTION:
        return place == Place.question(place.object_id)
    answer = found.answers.get(place.object_id)
    rows = answer.value if answer and question.type is Type.TABLE and answer.value else ()
    if place.row_id not in {row["id"] for row in rows}:
        return False
    if place.kind is Kind.CELL:
        return place.column_id in {column.id for column in question.columns}
    return not place.column_id and place.object_id in risk_tables(found)


def risk_tables(found: Assessment) -> tuple[str, ...]:
    """The tables whose rows are risks: inherent and residual, as the template says."""
    rules = found.template.record
    return tuple(dict.fromkeys(name for name in (rules.inherent, rules.residual) if name))
