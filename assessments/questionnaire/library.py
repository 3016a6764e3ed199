"""The templates that ship with the product, by id, version and language."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable

from assessments.errors import NotFound
from assessments.language import ENGLISH
from assessments.questionnaire.loader import read_template
from assessments.questionnaire.overlay import apply_overlay
from assessments.questionnaire.template import Template

_ARCHIVE = "archive"


def _folder() -> Traversable:
    return resources.files("assessments.templates")


def list_templates(language: str = ENGLISH) -> list[Template]:
    """Every template in its newest version, by id."""
    names = (file.name for file in _folder().iterdir() if file.name.endswith(".yaml"))
    ids = sorted({name.split(".")[0] for name in names})
    return [find_template(template_id, language=language) for template_id in ids]


@lru_cache(maxsize=128)
def find_template(
    template_id: str, version: str | None = None, language: str = ENGLISH
) -> Template:
    """A template by id; an assessment names the version that it began with.

    Older versions stay in ``templates/archive/<id>-<version>.yaml``, their texts in other languages
    beside them. A language without texts falls back to English.
    """
    file = _folder().joinpath(f"{template_id}.yaml")
    if not template_id.isidentifier() or not file.is_file():
        raise NotFound(f"There is no template {template_id}", field="template")
    template = read_template(file.read_bytes(), f"templates/{file.name}")
    overlay = _folder().joinpath(f"{template_id}.{language}.yaml")
    if version is not None and version != template.version:
        template = _archived(template_id, version)
        overlay = _folder().joinpath(_ARCHIVE, f"{template_id}-{version}.{language}.yaml")
    if language != ENGLISH and language.isalpha() and overlay.is_file():
        return apply_overlay(template, overlay.read_bytes(), f"templates/{overlay.name}")
    return template


def _archived(template_id: str, version: str) -> Template:
    name = f"{template_id}-{version}.yaml"
    file = _folder().joinpath(_ARCHIVE, name)
    if "/" in version or not file.is_file():
        raise NotFound(
            f"There is no version {version} of the template {template_id}", field="template"
        )
    return read_template(file.read_bytes(), f"templates/{_ARCHIVE}/{name}")
