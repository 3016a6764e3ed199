"""Lists of allowed values that assessments and exports share (``assessments/templates/packs``)."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml

_PACKS = files("assessments") / "templates" / "packs"
_LISTS = {"data_categories": "categories"}


def names() -> tuple[str, ...]:
    return tuple(_LISTS)


@cache
def ids(pack: str) -> tuple[str, ...]:
    """The ids of one pack, in its own order."""
    data = yaml.safe_load((_PACKS / f"{pack}.yaml").read_text(encoding="utf-8"))
    return tuple(str(entry["id"]) for entry in data[_LISTS[pack]])
