"""A form with what an assessment says, and the list of what it still lacks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from assessments.views.form import Form


@dataclass(frozen=True, slots=True)
class Block:
    """One text or one table under an item; question is where it was answered, empty for the record."""

    title: str
    text: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    question: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that the form asks for and the assessment does not say.

    question is where to answer it; page is the page where the desk does it; both empty when this kind
    of assessment does not ask for it at all.
    """

    ref: str
    item: str
    text: str
    question: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Lacking:
    """One thing to do, and the numbers of all items that wait for it."""

    text: str
    question: str
    page: str
    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FilledItem:
    """One item with what fills it; without blocks and gaps it does not apply."""

    ref: str
    title: str
    source: str
    blocks: tuple[Block, ...]
    gaps: tuple[Gap, ...]

    @property
    def does_not_apply(self) -> bool:
        return not self.blocks and not self.gaps


@dataclass(frozen=True, slots=True)
class FilledSection:
    """One section with its items."""

    ref: str
    title: str
    items: tuple[FilledItem, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """Of which assessment, in which state and when a form was filled; as_of is ISO 8601."""

    assessment_id: str
    title: str
    state: str
    organisation: str
    as_of: str


@dataclass(frozen=True, slots=True, repr=False)
class FilledForm:
    """The whole form. excuse says why nobody asks for it here, and is empty otherwise."""

    form: Form
    head: Head
    sections: tuple[FilledSection, ...]
    excuse: str = ""
    language: str = "en"

    @property
    def items(self) -> Iterator[FilledItem]:
        return (item for section in self.sections for item in section.items)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        return tuple(gap for item in self.items for gap in item.gaps)

    @property
    def lacking(self) -> tuple[Lacking, ...]:
        """The gaps by what has to be done, each once, in the order of the form."""
        found: dict[tuple[str, str, str], list[str]] = {}
        for gap in self.gaps:
            found.setdefault((gap.text, gap.question, gap.page), []).append(gap.ref)
        return tuple(Lacking(*key, refs=tuple(refs)) for key, refs in found.items())

    def __repr__(self) -> str:
        return f"<FilledForm {self.form.id} {len(list(self.items))} items, {len(self.lacking)} lacking>"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(item.ref)}</td><td>{escape(item.title)}</td>"
            f"<td>{len(item.blocks)}</td><td>{len(item.gaps)}</td></tr>"
            for item in self.items
        )
        head = "<tr><th>No.</th><th>Item</th><th>Filled by</th><th>Lacking</th></tr>"
        return f"<b>{escape(self.form.title)}</b><table>{head}{rows}</table>"
