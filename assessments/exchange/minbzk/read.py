"""Output files of the Dutch form (JSON with the URN of its definition) as assessments.

The texts stay in their language. Scores and triggers are not imported: our own screening decides
anew, by rules that give equal outcomes (tests/acceptance/test_minbzk_prescan.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from assessments.errors import BadInput
from assessments.exchange.frame import ForeignFile, Format, Reading
from assessments.exchange.loss import Loss
from assessments.exchange.minbzk.answers import collect
from assessments.exchange.minbzk.convert import convert
from assessments.exchange.minbzk.definition import is_definition, read_definition
from assessments.exchange.vocabulary import vocabulary

SOURCE = "MinBZK form"
_URN = re.compile(r"urn:nl:([a-z]+):(\d+)\.\d+\Z")
_KNOWN = {"$schema", "metadata", "answers"}
_METADATA = {"urn", "createdAt"}
KNOWN_VERSIONS = {"prescan": "2", "dpia": "3"}


def recognise(file: ForeignFile) -> bool:
    """JSON whose metadata name a Dutch definition, or a definition itself."""
    content = file.content
    if not isinstance(content, dict):
        return content is None and is_definition(file)
    return _urn(content) is not None and "answers" in content


def read(file: ForeignFile) -> Sequence[Reading]:
    """One assessment; of a definition, how much of it has questions here."""
    if file.content is None:
        return [read_definition(file)]
    content = file.content
    urn = _urn(content) if isinstance(content, dict) else None
    form = vocabulary("minbzk").get(urn[1]) if urn else None
    if urn is None or form is None:
        raise BadInput(
            "This form is not known here", "Known: pre-scan (urn:nl:prescan) and DPIA (urn:nl:dpia).",
            where={"file": file.place},
        )  # fmt: skip
    return [_reading(file, content, form, urn)]


def _urn(content: Mapping[str, Any]) -> re.Match[str] | None:
    metadata = content.get("metadata")
    urn = metadata.get("urn") if isinstance(metadata, dict) else None
    return _URN.match(urn) if isinstance(urn, str) else None


def _reading(
    file: ForeignFile, content: Mapping[str, Any], form: Mapping[str, Any], urn: re.Match[str]
) -> Reading:
    found = collect(content["answers"])
    answers, unplaced = convert(form, found)
    return Reading(
        title=f"{form['title']}: {file.place}",
        source=f"{SOURCE}, {form['title']}",
        counts={
            "answers": len(found.said), "questions": len(answers), "rows": found.rows,
            "empty_rows": sum(found.empty_rows.values()), "images": found.images,
        },
        template=form["template"],
        answers=answers,
        losses=(*_head(content, urn), *found.losses, *unplaced),
    )  # fmt: skip


def _head(content: Mapping[str, Any], urn: re.Match[str]) -> list[Loss]:
    """What stands around the answers."""
    why = "It has no place here; the original is kept."
    losses = [Loss(name, "a field", why) for name in content if name not in _KNOWN]
    losses += [
        Loss(f"metadata.{name}", "a field", why)
        for name in content["metadata"]
        if name not in _METADATA
    ]
    if urn[2] != KNOWN_VERSIONS[urn[1]]:
        told = f"Tasks are read as those of version {KNOWN_VERSIONS[urn[1]]}; check each answer."
        losses.append(Loss("metadata.urn", urn[0], told))
    return losses


FORMAT = Format("minbzk", "MinBZK pre-scan or DPIA", recognise, read)
