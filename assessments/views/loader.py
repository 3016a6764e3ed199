"""From a YAML file to a Form; every name in it must exist in a template that the form reads."""

from __future__ import annotations

from types import MappingProxyType

from assessments.errors import BadInput, NotFound
from assessments.questionnaire.document import Cursor, read_document
from assessments.questionnaire.library import find_template
from assessments.questionnaire.loader import expression_at, required_expression
from assessments.questionnaire.packs import load_pack
from assessments.questionnaire.template import Template
from assessments.views import soundness
from assessments.views.form import Duty, Feed, Form, FormSection, Item, Rescale, ShownColumn

LEVELS = (1, 2, 3, 4)
DIMENSIONS = ("severity", "likelihood")


def read_form(data: bytes, file: str) -> Form:
    """The form in these bytes; BadInput names the file, line and field of the first mistake."""
    root = Cursor.at_root(read_document(data, file))
    root.check_keys("id version title authority source templates sections", "note duty scale")
    templates = _templates(root)
    form = Form(
        id=root.text("id"),
        version=root.text("version"),
        title=root.text("title"),
        authority=root.text("authority"),
        source=root.text("source"),
        templates=tuple(template.id for template in templates),
        sections=tuple(_section(place) for place in root.children("sections")),
        note=root.text("note"),
        duty=_duty(root.child("duty")) if root.has("duty") else None,
        scale=_scale(root.child("scale")) if root.has("scale") else None,
    )
    soundness.check(form, templates, root)
    return form


def _templates(root: Cursor) -> tuple[Template, ...]:
    try:
        found = tuple(find_template(name) for name in root.words("templates"))
    except NotFound as error:
        raise root.problem(error.title, key="templates") from error
    if not found:
        raise root.problem("A form reads at least one template", key="templates")
    return found


def _section(place: Cursor) -> FormSection:
    place.check_keys("ref title items")
    items = tuple(_item(item) for item in place.children("items"))
    return FormSection(place.text("ref"), place.text("title"), items)


def _item(place: Cursor) -> Item:
    place.check_keys("ref title source from", "required one_is_enough applies")
    return Item(
        ref=place.text("ref"),
        title=place.text("title"),
        source=place.text("source"),
        feeds=tuple(_feed(feed) for feed in place.children("from")),
        is_required=place.flag("required", True),
        one_is_enough=place.flag("one_is_enough", False),
        applies=expression_at(place, "applies"),
    )


def _feed(place: Cursor) -> Feed:
    """``question: id``, or ``record: part``; a column that ends with '?' may stay empty."""
    place.check_keys("", "question record columns where needed overall")
    if place.has("question") == place.has("record"):
        raise place.problem("An item is filled from a 'question' or from the 'record'")
    columns = (
        ShownColumn(n.removesuffix("?"), not n.endswith("?")) for n in place.words("columns")
    )
    return Feed(
        question=place.text("question"),
        record=place.text("record"),
        columns=tuple(columns),
        where=expression_at(place, "where"),
        is_needed=place.flag("needed", True),
        has_overall=place.flag("overall", False),
    )


def _duty(place: Cursor) -> Duty:
    place.check_keys("when text")
    return Duty(required_expression(place, "when"), place.text("text"))


def _scale(place: Cursor) -> Rescale:
    """``severity: [1, 2, 3, 3]`` names, for each of our levels, the level in the pack's list."""
    place.check_keys("pack severity likelihood overall")
    try:
        pack = load_pack(place.text("pack"))
    except (BadInput, NotFound) as error:
        raise place.problem(error.title, error.detail, key="pack") from error
    words = {}
    for name in DIMENSIONS:
        titles = {int(entry["score"]): str(entry["title"]) for entry in pack.entries(name)}
        given = place.words(name)
        if len(given) != len(LEVELS) or not all(g.isdigit() and int(g) in titles for g in given):
            raise place.problem("Name a level of the pack for each of the four levels", key=name)
        words[name] = MappingProxyType(
            {level: titles[int(to)] for level, to in zip(LEVELS, given, strict=True)}
        )
    return Rescale(MappingProxyType(words), _overall(place))


def _overall(place: Cursor) -> tuple[tuple[str, ...], ...]:
    """Four rows by severity, each with four words by likelihood."""
    rows = tuple(
        tuple(str(cell) for cell in row.content) if isinstance(row.content, list) else ()
        for row in place.children("overall")
    )
    if len(rows) != len(LEVELS) or any(len(row) != len(LEVELS) for row in rows):
        raise place.problem("Four rows of four words are needed", key="overall")
    return rows
