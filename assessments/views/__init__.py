"""The forms of authorities and standards, filled from the answers of one assessment.

A form is a YAML file under ``assessments/templates/views``: sections and items with their source, each
naming what fills it. Filling it says what it still lacks, and where that is answered.
"""

from assessments.views.fill import fill
from assessments.views.filled import (
    Block,
    FilledForm,
    FilledItem,
    FilledSection,
    Gap,
    Head,
    Lacking,
)
from assessments.views.form import Feed, Form, Item, ShownColumn
from assessments.views.library import find_form, forms_for, list_forms
from assessments.views.live import fill_live

__all__ = [
    "Block",
    "Feed",
    "FilledForm",
    "FilledItem",
    "FilledSection",
    "Form",
    "Gap",
    "Head",
    "Item",
    "Lacking",
    "ShownColumn",
    "fill",
    "fill_live",
    "find_form",
    "forms_for",
    "list_forms",
]
