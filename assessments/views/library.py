"""The forms that ship with the product (``templates/views``)."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable

from assessments.errors import NotFound
from assessments.views.form import Form
from assessments.views.loader import read_form


def list_forms() -> list[Form]:
    """Every form, by id."""
    names = sorted(file.name for file in _folder().iterdir() if file.name.endswith(".yaml"))
    return [find_form(name.removesuffix(".yaml")) for name in names]


def forms_for(template_id: str) -> list[Form]:
    """The forms that can be filled from assessments of this template."""
    return [form for form in list_forms() if template_id in form.templates]


@lru_cache(maxsize=32)
def find_form(form_id: str) -> Form:
    """The form with this id, or NotFound."""
    file = _folder().joinpath(f"{form_id}.yaml")
    if not form_id.isidentifier() or not file.is_file():
        raise NotFound(f"There is no view {form_id}", field="view")
    return read_form(file.read_bytes(), f"views/{file.name}")


def _folder() -> Traversable:
    return resources.files("assessments.templates").joinpath("views")
