"""A JSON document that only means something as a whole, up to a size that memory can hold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from assessments.errors import BadInput
from dashboard.exports.readers.json_file import ARRAY_LIMIT
from dashboard.exports.systems.objects import Item


def read_whole(path: Path) -> Iterator[Item]:
    """The one object; a document that is cut off or too large is left aside whole."""
    where = {"file": path.name}
    if path.stat().st_size > ARRAY_LIMIT:
        raise BadInput(
            "This document is too large to read as one",
            f"The limit is {ARRAY_LIMIT >> 20} MB. Nothing was loaded.", where=where,
        )  # fmt: skip
    try:
        value = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise BadInput(
            "This is not valid JSON",
            "The whole file was left aside; nothing was loaded.",
            where={**where, "line": getattr(error, "lineno", 1)},
        ) from error
    if not isinstance(value, dict):
        raise BadInput("One JSON object is expected", "Nothing was loaded.", where=where)
    yield Item(1, path.name, value)
