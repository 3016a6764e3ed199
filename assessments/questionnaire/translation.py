"""Which texts of a template or a pack another language still lacks."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from typing import Any

from assessments.questionnaire.document import read_document
from assessments.questionnaire.library import find_template
from assessments.questionnaire.overlay import level_names
from assessments.questionnaire.packs import load_pack
from assessments.questionnaire.template import Column, Question, Shape, Template


def missing_texts(template_id: str, language: str) -> list[str]:
    """The places of a template, and of the packs that it shows, without a text of their own.

    ``version`` is among them when the texts were made for another version of the template.
    """
    template = find_template(template_id)
    wanted = list(_wanted(template))
    given = _given(f"{template_id}.{language}.yaml")
    missing = [".".join(place) for place in wanted if not _has(given, place)]
    if given.get("version") != template.version:
        missing.append("version")
    for pack_id in sorted(shown_packs(template)):
        missing += missing_pack_texts(pack_id, language)
    return missing


def missing_pack_texts(pack_id: str, language: str) -> list[str]:
    """The entries of a pack without a title (or, where the pack has one, a description)."""
    pack, given = load_pack(pack_id), _given("packs", f"{pack_id}.{language}.yaml")
    missing = []
    for name, entries in pack.lists.items():
        for entry in entries:
            text = given.get(name, {}).get(str(entry["id"]))
            has_title = isinstance(text, str) or (isinstance(text, dict) and "title" in text)
            has_all = has_title if "description" not in entry else _has(text, ("description",))
            if not (has_title and has_all):
                missing.append(f"packs/{pack_id}.{name}.{entry['id']}")
    return missing


def shown_packs(template: Template) -> set[str]:
    """Packs whose texts people see: those of choices and scales, and the scale of the record."""
    shapes = [shape for question in template.questions for shape in _shapes(question)]
    return {shape.pack for shape in shapes if shape.pack} | {template.record.scale or ""} - {""}


def _shapes(question: Question) -> Iterator[Shape]:
    yield question.shape
    yield from (column.shape for column in question.columns)


def _given(*parts: str) -> dict[str, Any]:
    file = resources.files("assessments.templates").joinpath(*parts)
    if not file.is_file():
        return {}
    content = read_document(file.read_bytes(), "/".join(parts)).content
    return content if isinstance(content, dict) else {}


def _has(given: Any, place: tuple[str, ...]) -> bool:
    for key in place:
        if isinstance(given, str):
            return key == "title"
        if not isinstance(given, dict) or key not in given:
            return False
        given = given[key]
    return bool(given)


def _wanted(template: Template) -> Iterator[tuple[str, ...]]:
    yield from (("title",), ("description",))
    for section in template.sections:
        yield from _named(("sections", section.id), title=section.title, intro=section.intro)
    for question in template.questions:
        yield from _of_question(question)
    for rule in template.lints:
        yield ("lints", rule.id)
    if template.outcome is not None:
        for name in level_names(template.outcome):
            yield from _named(("outcome", "levels", name), title="x", text="x")
        yield from (("outcome", "triggers", rule.code) for rule in template.outcome.triggers)
        yield from (("outcome", "further", rule.code) for rule in template.outcome.further)


def _of_question(question: Question) -> Iterator[tuple[str, ...]]:
    place = ("questions", question.id)
    yield from _named(
        place,
        title=question.title,
        hint=question.hint,
        why=question.guidance.why,
        example=question.guidance.example,
        unit=question.shape.unit,
    )
    yield from _of_options(place, question.shape)
    for column in question.columns:
        yield from _of_column((*place, "columns", column.id), column)


def _of_column(place: tuple[str, ...], column: Column) -> Iterator[tuple[str, ...]]:
    yield from _named(place, title=column.title, hint=column.hint, unit=column.shape.unit)
    yield from _of_options(place, column.shape)


def _of_options(place: tuple[str, ...], shape: Shape) -> Iterator[tuple[str, ...]]:
    for option in () if shape.pack else shape.options:
        yield from _named((*place, "options", option.id), title=option.title, hint=option.hint)


def _named(place: tuple[str, ...], **texts: str) -> Iterator[tuple[str, ...]]:
    yield from ((*place, key) for key, text in texts.items() if text)
