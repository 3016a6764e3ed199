"""A form as values: sections, items with the authority's own number, and what fills them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assessments.questionnaire.expressions import Expression


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """A column of a table; the form lacks something while a row leaves a needed one empty."""

    id: str
    is_needed: bool = True


@dataclass(frozen=True, slots=True)
class Feed:
    """What fills an item: an answer, some columns and rows of a table, or a part of the record.

    has_overall appends the level that severity and likelihood give together on the form's scale.
    """

    question: str = ""
    record: str = ""
    columns: tuple[ShownColumn, ...] = ()
    where: Expression | None = None
    is_needed: bool = True
    has_overall: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that the form asks for; ref is its number there.

    one_is_enough: any of its feeds will do, otherwise every needed one counts. applies: the item is
    left out where this is certainly false.
    """

    ref: str
    title: str
    source: str
    feeds: tuple[Feed, ...]
    is_required: bool = True
    one_is_enough: bool = False
    applies: Expression | None = None


@dataclass(frozen=True, slots=True)
class FormSection:
    """One step or chapter of the form."""

    ref: str
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Rescale:
    """How our levels are said on the form's scale: words by level, and the level of both together."""

    words: Mapping[str, Mapping[int, str]]
    overall: tuple[tuple[str, ...], ...]

    def both(self, severity: int, likelihood: int) -> str:
        return self.overall[severity - 1][likelihood - 1]


@dataclass(frozen=True, slots=True)
class Duty:
    """When the form is asked for at all, and what to say when it is not."""

    when: Expression
    text: str


@dataclass(frozen=True, slots=True)
class Form:
    """How one authority or standard wants an assessment laid out; templates are those that it reads."""

    id: str
    version: str
    title: str
    authority: str
    source: str
    templates: tuple[str, ...]
    sections: tuple[FormSection, ...]
    note: str = ""
    duty: Duty | None = None
    scale: Rescale | None = None

    @property
    def items(self) -> Iterator[Item]:
        return (item for section in self.sections for item in section.items)
