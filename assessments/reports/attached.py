"""Files of evidence in a pack, and how a report lists them.

The record names every file with its size and SHA-256, and three people sign the record; so the list
binds even where the bytes are not in the pack. In a pack a file is called by its digest: its own name
may be personal.
"""

from __future__ import annotations

import hashlib
from typing import Any

from assessments.errors import BadInput, Conflict, WorkbenchError
from assessments.evidence.media import ALLOWED
from assessments.evidence.store import path_of
from assessments.language import say_number
from assessments.reports.record import Record
from assessments.settings import Home

PREFIX = "evidence-"
MAX_FILES = 128
MAX_TOTAL = 96 * 1024 * 1024
_ENDINGS = {media.type: media.extensions[0] for media in ALLOWED}


def listed(record: Record) -> list[dict[str, Any]]:
    """The files that the record names."""
    return list(record.content.get("evidence") or [])


def packed_name(item: dict[str, Any]) -> str:
    """What a file is called in a pack."""
    return f"{PREFIX}{item['sha256']}{_ENDINGS.get(item['media_type'], '')}"


def read_files(home: Home, record: Record) -> dict[str, bytes]:
    """Every file that the record names, by its name in a pack; an error when one is not there."""
    items = listed(record)
    if len(items) > MAX_FILES or sum(item["size"] for item in items) > MAX_TOTAL:
        raise BadInput(
            "The files of evidence are too many or too large for a pack",
            f"At most {MAX_FILES} files and {MAX_TOTAL} bytes. Release without them.",
        )
    return {packed_name(item): _bytes(home, item) for item in items}


def _bytes(home: Home, item: dict[str, Any]) -> bytes:
    try:
        data = path_of(home, item["sha256"]).read_bytes()
    except OSError as error:
        raise _damaged(item) from error
    if problem_of(item, data):
        raise _damaged(item)
    return data


def _damaged(item: dict[str, Any]) -> WorkbenchError:
    return Conflict(
        f"The file of evidence {item['sha256'][:12]} is missing or altered",
        "Restore it from a backup, or release without the files.",
    )


def problem_of(item: dict[str, Any], data: bytes) -> str:
    """What is wrong with the bytes of a file; an empty text when they are those of the record."""
    if len(data) != item["size"]:
        return "has another size than the record says"
    return "" if hashlib.sha256(data).hexdigest() == item["sha256"] else "was altered"


def shown(content: dict[str, Any], language: str) -> list[dict[str, Any]]:
    """The files as the report prints them."""
    return [
        {**item, "size": say_number(language, f"{item['size']:,}")}
        for item in content.get("evidence") or []
    ]
