"""A template as values: sections of questions, tables, lints, outcomes and what goes on record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from assessments.errors import NotFound
from assessments.questionnaire.expressions import Expression
from assessments.signing.roles import SIGNERS

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Type(StrEnum):
    """What kind of answer a question or a column takes."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    MULTIPLE_CHOICE = "multiple_choice"
    YES_NO_UNKNOWN = "yes_no_unknown"
    NUMBER = "number"
    DATE = "date"
    DURATION = "duration"
    PERSON = "person"
    REFERENCE = "reference"
    FILE = "file"
    SCORE = "score"
    TABLE = "table"


TONES = ("good", "info", "warn", "bad")
INVENTORY = ("dataset", "system", "vendor", "model", "purpose", "project", "activity")
ROLES = ("author", "reviewer", "dpo", "approver")


class Severity(StrEnum):
    """A blocking finding stops sending and approval; one for approval stops only an approval
    without conditions; a warning is shown."""

    BLOCKING = "blocking"
    APPROVAL = "approval"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Option:
    """One allowed value. fields are what its pack says besides."""

    id: str
    title: str
    hint: str = ""
    score: float | None = None
    fields: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a value must look like; shared by questions and columns.

    references: tables whose rows may be named. inventory: the kind of inventory object.
    multiple: several are allowed. only_options: a condition on each option.
    pack, pack_list: where the options come from, when they are those of a pack.
    """

    type: Type
    options: tuple[Option, ...] = ()
    only_options: Expression | None = None
    references: tuple[str, ...] = ()
    inventory: str = ""
    multiple: bool = False
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    whole: bool = False
    pack: str = ""
    pack_list: str = ""

    def find_option(self, option_id: Any) -> Option | None:
        return next((option for option in self.options if option.id == option_id), None)


@dataclass(frozen=True, slots=True)
class Column:
    """One typed column of a table."""

    id: str
    title: str
    shape: Shape
    hint: str = ""
    required: bool = False

    @property
    def type(self) -> Type:
        return self.shape.type


@dataclass(frozen=True, slots=True)
class Guidance:
    """The longer help under a question."""

    why: str = ""
    example: str = ""


@dataclass(frozen=True, slots=True)
class Mapped:
    """How one value is made from source rows; see ``prefill``."""

    text: str = ""
    take: str = ""
    yes_if: Expression | None = None
    values: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    otherwise: str | None = None
    distinct: bool = False
    times: float | None = None
    choices: tuple[tuple[str, Expression], ...] = ()


@dataclass(frozen=True, slots=True)
class Prefill:
    """Where an answer can come from: a fact source, a filter and a mapping."""

    source: str
    value: Mapped | None = None
    columns: Mapping[str, Mapped] = field(default_factory=lambda: _NOTHING)
    row_id: str = ""
    where: Expression | None = None
    group_by: tuple[str, ...] = ()
    explode: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question of one page; title is the question itself."""

    id: str
    title: str
    shape: Shape
    section_id: str
    source: str
    hint: str = ""
    guidance: Guidance = Guidance()
    required: bool = True
    allow_unknown: bool = True
    show_if: Expression | None = None
    prefill: Prefill | None = None
    carry: Prefill | None = None
    columns: tuple[Column, ...] = ()
    label: str = ""

    @property
    def type(self) -> Type:
        return self.shape.type

    @property
    def options(self) -> tuple[Option, ...]:
        return self.shape.options

    def column(self, column_id: str) -> Column:
        for column in self.columns:
            if column.id == column_id:
                return column
        raise NotFound(f"The table {self.id} has no column {column_id}", field=self.id)


@dataclass(frozen=True, slots=True)
class Section:
    """One task; ``after`` come first, and ``repeated`` is asked for each row of ``register``."""

    id: str
    title: str
    source: str
    questions: tuple[Question, ...]
    intro: str = ""
    show_if: Expression | None = None
    after: tuple[str, ...] = ()
    register: Question | None = None
    repeated: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class Lint:
    """A consistency rule: ``require`` must hold, for each row of a table when ``each`` names one."""

    id: str
    severity: Severity
    text: str
    source: str
    require: Expression
    question: str
    column: str = ""
    each: str = ""
    where: Expression | None = None


@dataclass(frozen=True, slots=True)
class Trigger:
    """Something that speaks for an outcome, or for a further assessment."""

    code: str
    when: Expression
    text: str
    source: str
    template: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """One possible outcome; the first whose condition holds is the outcome. tone colours it."""

    id: str
    title: str
    when: Expression
    text: str
    tone: str = "info"


@dataclass(frozen=True, slots=True)
class OutcomeRules:
    """How a screening comes to its outcome."""

    levels: tuple[Level, ...]
    triggers: tuple[Trigger, ...]
    further: tuple[Trigger, ...] = ()
    scores: Mapping[str, Expression] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True)
class RecordRules:
    """Which tables go on record; levels, meanings, threshold are the questions that choose the scale."""

    scale: str = ""
    levels: str = ""
    meanings: str = ""
    threshold: str = ""
    threats: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    inherent: str = ""
    residual: str = ""
    measures: str = ""
    leakage: str = ""


@dataclass(frozen=True, slots=True)
class GrantRules:
    """Which answers say what an approval grants: to whom, which dataset, for what, from when to when."""

    person: str
    dataset: str
    purpose: str
    valid_from: str
    valid_to: str
    level: str = ""
    extends: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of assessment in one version and one language.

    signers are the roles that sign its report: what the file says, else those of author, officer and
    approver that take part. switches are the questions that decide whether others are shown. renamed maps ids of earlier
    versions, ``question`` or ``table.column``, to those of this one.
    """

    id: str
    version: str
    title: str
    kind: str
    source: str
    sections: tuple[Section, ...]
    roles: tuple[str, ...]
    sha256: str
    signers: tuple[str, ...] = SIGNERS
    language: str = "en"
    description: str = ""
    lints: tuple[Lint, ...] = ()
    outcome: OutcomeRules | None = None
    record: RecordRules = RecordRules()
    grants: GrantRules | None = None
    packs: tuple[str, ...] = ()
    by_id: Mapping[str, Question] = field(default_factory=lambda: _NOTHING, repr=False)
    switches: frozenset[str] = frozenset()
    renamed: Mapping[str, str] = field(default_factory=lambda: _NOTHING, repr=False)

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(self.by_id.values())

    def question(self, question_id: str) -> Question:
        """The question with this id, or NotFound."""
        found = self.by_id.get(question_id)
        if found is None:
            raise NotFound(f"There is no question {question_id}", field=question_id)
        return found

    def section(self, section_id: str) -> Section:
        """The section with this id, or NotFound."""
        for section in self.sections:
            if section.id == section_id:
                return section
        raise NotFound(f"There is no section {section_id}", field=section_id)
