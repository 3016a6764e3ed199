"""Vocabulary of other tools, kept as data in the folder ``words``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from assessments.errors import BadInput
from assessments.questionnaire.document import read_document
from assessments.questionnaire.durations import check_duration

_UNITS = {
    "y": "Y", "year": "Y", "years": "Y", "yr": "Y", "yrs": "Y", "an": "Y", "ans": "Y",
    "année": "Y", "années": "Y", "jahr": "Y", "jahre": "Y", "jahren": "Y", "jaar": "Y",
    "month": "M", "months": "M", "mois": "M", "monat": "M", "monate": "M", "monaten": "M",
    "maand": "M", "maanden": "M",
    "week": "W", "weeks": "W", "semaine": "W", "semaines": "W", "woche": "W", "wochen": "W",
    "weken": "W",
    "day": "D", "days": "D", "jour": "D", "jours": "D", "tag": "D", "tage": "D", "tagen": "D",
    "dag": "D", "dagen": "D",
}  # fmt: skip
_PERIOD = re.compile(r"(\d{1,4})\s*([^\W\d_]+)\.?\Z")


@cache
def vocabulary(name: str) -> Mapping[str, Any]:
    """The file ``words/<name>.yaml``."""
    data = resources.files(__package__).joinpath("words", f"{name}.yaml").read_bytes()
    content: Mapping[str, Any] = read_document(data, f"{name}.yaml").content
    return content


def by_prefix(table: Mapping[str, str], key: str) -> str | None:
    """What the longest prefix of a dotted key stands for."""
    parts = key.split(".")
    for length in range(len(parts), 0, -1):
        if found := table.get(".".join(parts[:length])):
            return found
    return None


def period(text: str) -> str | None:
    """An ISO 8601 duration where the text says exactly one, as ``P2Y`` or ``2 years``; else None.

    Sentences ("as long as needed", "2 years after the contract ends") are left to a person.
    """
    try:
        return check_duration(text)
    except BadInput:
        found = _PERIOD.match(text.strip().lower())
    unit = _UNITS.get(found[2]) if found else None
    return f"P{int(found[1])}{unit}" if found and unit else None
