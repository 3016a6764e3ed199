"""Reading the shape of a value and the mapping of a prefill."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from assessments.errors import BadInput
from assessments.questionnaire.document import Cursor
from assessments.questionnaire.expressions import Expression, parse
from assessments.questionnaire.packs import load_pack
from assessments.questionnaire.template import (
    INVENTORY,
    Column,
    Mapped,
    Option,
    Prefill,
    Question,
    Shape,
    Type,
)

_CHOICES = (Type.CHOICE, Type.MULTIPLE_CHOICE)


def read_shape(cursor: Cursor) -> Shape:
    """Type, allowed values and bounds of a question or column."""
    kind = _type(cursor)
    options = _options(cursor, kind)
    place = _place_of_pack(cursor, kind)
    inventory = cursor.text("inventory")
    references = cursor.words("references")
    if kind in _CHOICES and not options:
        raise cursor.problem("A choice needs options", key="options")
    if kind is Type.REFERENCE and bool(inventory) == bool(references):
        raise cursor.problem("A reference names either tables ('references') or an 'inventory'")
    if inventory and inventory not in INVENTORY:
        raise cursor.problem(f"There is no inventory of {inventory}", key="inventory")
    return Shape(
        type=kind,
        options=options,
        only_options=_expression(cursor, "only_options"),
        references=references,
        inventory=inventory,
        multiple=cursor.flag("multiple", False),
        unit=cursor.text("unit"),
        minimum=cursor.number("minimum"),
        maximum=cursor.number("maximum"),
        whole=cursor.flag("whole", False),
        pack=place.text("pack") if place else "",
        pack_list=place.text("list") if place else "",
    )


def _place_of_pack(cursor: Cursor, kind: Type) -> Cursor | None:
    """Where the options of a scale or of a list that a pack keeps are named."""
    key = "scale" if kind is Type.SCORE else "options"
    return cursor.child(key) if isinstance(cursor.content.get(key), dict) else None


def _type(cursor: Cursor) -> Type:
    try:
        return Type(cursor.text("type"))
    except ValueError as error:
        known = ", ".join(kind.value for kind in Type)
        raise cursor.problem(
            f"There is no type {cursor.text('type')}", f"Types are: {known}.", key="type"
        ) from error


def _options(cursor: Cursor, kind: Type) -> tuple[Option, ...]:
    if kind is Type.SCORE:
        return _from_pack(cursor, "scale")
    if not cursor.has("options"):
        return ()
    if isinstance(cursor.content["options"], dict):
        return _from_pack(cursor, "options")
    found = tuple(_option(item) for item in cursor.children("options"))
    ids = [option.id for option in found]
    if len(set(ids)) < len(ids):
        raise cursor.problem("An option is given twice", key="options")
    return found


def _from_pack(cursor: Cursor, key: str) -> tuple[Option, ...]:
    if not cursor.has(key):
        raise cursor.problem(f"'{key}' is missing")
    place = cursor.child(key)
    place.check_keys("pack", "list")
    try:
        return load_pack(place.text("pack")).options(place.text("list"))
    except BadInput as error:
        raise place.problem(error.title, error.detail, key="pack") from error


def _option(cursor: Cursor) -> Option:
    cursor.check_keys("id title", "hint score")
    return Option(
        cursor.text("id"), cursor.text("title"), cursor.text("hint"), cursor.number("score")
    )


def read_prefill(cursor: Cursor) -> Prefill:
    """Source, filter and mapping; a table maps its columns, everything else one value."""
    cursor.check_keys("source", "value columns row_id where group_by explode")
    if cursor.has("value") == cursor.has("columns"):
        raise cursor.problem("A prefill maps either one 'value' or 'columns'")
    if cursor.has("columns") and not cursor.has("row_id"):
        raise cursor.problem("Prefilled rows need a 'row_id' so that they can be found again")
    return Prefill(
        source=cursor.text("source"),
        value=_mapped(cursor.child("value")) if cursor.has("value") else None,
        columns=MappingProxyType({name: _mapped(c) for name, c in cursor.entries("columns")}),
        row_id=cursor.text("row_id"),
        where=_expression(cursor, "where"),
        group_by=cursor.words("group_by"),
        explode=cursor.text("explode"),
    )


def read_register(cursor: Cursor, questions: Sequence[Question]) -> Question:
    """The table that lists the instances of a repeated section; its column is one of the questions."""
    place = cursor.child("repeat")
    place.check_keys("title label", "hint min max prefill")
    label = next((q for q in questions if q.id == place.text("label")), None)
    if label is None or label.type is not Type.TEXT or label.show_if is not None:
        raise place.problem(
            "The label is a text question of this section, asked always", key="label"
        )
    least = place.number("min") or 0
    return Question(
        id=cursor.text("id"),
        title=place.text("title"),
        shape=Shape(Type.TABLE, minimum=least, maximum=place.number("max")),
        section_id=cursor.text("id"),
        source=cursor.text("source"),
        hint=place.text("hint"),
        required=least > 0,
        allow_unknown=False,
        prefill=read_prefill(place.child("prefill")) if place.has("prefill") else None,
        columns=(Column(label.id, label.title, label.shape, label.hint, required=True),),
        label=label.id,
    )


def _mapped(cursor: Cursor) -> Mapped:
    if isinstance(cursor.content, str):
        return Mapped(text=cursor.content)
    cursor.check_keys("", "take values otherwise yes_if distinct times choices")
    choices = tuple(
        (name, _parsed(cursor.child("choices"), name)) for name, _ in cursor.entries("choices")
    )
    return Mapped(
        take=cursor.text("take"),
        yes_if=_expression(cursor, "yes_if"),
        values=MappingProxyType({k: str(c.content) for k, c in cursor.entries("values")}),
        otherwise=cursor.text("otherwise") if cursor.has("otherwise") else None,
        distinct=cursor.flag("distinct", False),
        times=cursor.number("times"),
        choices=choices,
    )


def _expression(cursor: Cursor, key: str) -> Expression | None:
    return _parsed(cursor, key) if cursor.has(key) else None


def _parsed(cursor: Cursor, key: str) -> Expression:
    try:
        return parse(cursor.text(key))
    except BadInput as error:
        raise cursor.problem(error.title, error.detail, key=key) from error
