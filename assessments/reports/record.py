"""The assessment record that a report renders: bytes in, a checked value out.

A record is canonical JSON (RFC 8785) that fits ``record.schema.json``. Sizes are bounded so that a
hostile file costs bounded time and memory.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from importlib import resources
from typing import Any

import jsonschema
import rfc8785

from assessments.errors import BadInput
from assessments.signing.roles import are_sound, signers_of

MAX_BYTES = 8 * 1024 * 1024
MAX_DEPTH = 32


@dataclass(frozen=True, slots=True)
class Record:
    """One checked record: the bytes that are signed, their digest and their content."""

    data: bytes
    sha256: str
    content: dict[str, Any]

    @property
    def frozen_at(self) -> datetime:
        """The moment of freezing, in UTC; every date that the report computes comes from it."""
        return moment(self.content["assessment"]["frozen_at"])


def read_record(data: bytes) -> Record:
    """Check size, JSON, canonical form and schema; BadInput names the first thing that is wrong."""
    if len(data) > MAX_BYTES:
        raise BadInput("The assessment record is too large", f"At most {MAX_BYTES} bytes.")
    content = _parse(data)
    _check_schema(content)
    if _canonical(content) != data:
        raise BadInput("The assessment record is not canonical JSON", "Write it as RFC 8785 says.")
    _check_levels(content)
    _check_signers(content)
    moment(content["assessment"]["frozen_at"])
    return Record(data, hashlib.sha256(data).hexdigest(), content)


def moment(text: str) -> datetime:
    """An ISO 8601 time or date, in UTC; a time without a zone is UTC."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInput(
            "A date in the record is not ISO 8601", where={"value": text[:40]}
        ) from error
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _parse(data: bytes) -> Any:
    try:
        content = json.loads(data, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BadInput("The assessment record is not JSON", "It must be UTF-8 JSON.") from error
    if _depth(content) > MAX_DEPTH:
        raise BadInput("The assessment record is nested too deeply", f"At most {MAX_DEPTH} levels.")
    return content


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _depth(content: Any, limit: int = MAX_DEPTH + 1) -> int:
    if limit == 0 or not isinstance(content, dict | list):
        return 0
    children = content.values() if isinstance(content, dict) else content
    return 1 + max((_depth(child, limit - 1) for child in children), default=0)


def _canonical(content: Any) -> bytes:
    try:
        return rfc8785.dumps(content)
    except (rfc8785.CanonicalizationError, UnicodeError) as error:
        raise BadInput("The assessment record has no canonical form", str(error)[:200]) from error


def _check_schema(content: Any) -> None:
    error = jsonschema.exceptions.best_match(_validator().iter_errors(content))
    if error is not None:
        raise BadInput(
            "The assessment record does not fit its schema",
            error.message[:300],
            field=".".join(str(part) for part in error.absolute_path) or None,
        )


_LEVELS = (
    "severity", "likelihood", "current_severity", "current_likelihood",
    "residual_severity", "residual_likelihood",
)  # fmt: skip


def _check_levels(content: Any) -> None:
    """Both dimensions have equally many levels, the matrix all of them, and risks no other."""
    scale = content["scale"]
    size = len(scale["severity"])
    matrix = scale.get("matrix")
    if len(scale["likelihood"]) != size or (
        matrix and [len(row) for row in matrix] != [size] * size
    ):
        raise BadInput("The scale of the record does not fit together", field="scale")
    for number, risk in enumerate(content["risks"]):
        if max(risk.get(name, 1) for name in _LEVELS) > size:
            raise BadInput("A risk has a level that the scale lacks", field=f"risks.{number}")


def _check_signers(content: Any) -> None:
    """Nobody, or author and approver in their order; with advice also the officer who gave it."""
    signers = signers_of(content)
    if not signers and content["opinion"] is None:
        return
    if not are_sound(signers) or (content["opinion"] is not None and "dpo" not in signers):
        raise BadInput("The roles of the record cannot sign it", field="signers")


@lru_cache(maxsize=1)
def record_schema() -> dict[str, Any]:
    """The published JSON schema of a record."""
    text = resources.files(__package__).joinpath("record.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


@lru_cache(maxsize=1)
def _validator() -> Any:
    return jsonschema.Draft202012Validator(record_schema())
