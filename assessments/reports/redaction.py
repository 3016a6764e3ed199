"""A redacted edition: parts of a signed record taken out, with proof that the rest is unchanged.

Each scalar of the record is a leaf of a tree as in RFC 6962, under its JSON Pointer (RFC 6901) and a
salted commitment to its value. The signers' statement names the root. An edition shows values with
their salts, and for what is hidden the commitment alone: 32 bytes of salt keep it from being guessed.
Salts come from the record's own seed, which an edition never shows.
"""

from __future__ import annotations

import copy
import hmac
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import rfc8785

from assessments.errors import BadInput, NotPossibleNow
from assessments.ledger import tree
from assessments.ledger.body import commit
from assessments.reports.record import MAX_BYTES, Record, read_record

SCHEMA = "privacy-workbench/redacted-record/v1"
HIDDEN = "redacted"
PLACEHOLDER = "[redacted]"
SEED = "seed"
_COMMITMENT = re.compile(r"[0-9a-f]{64}")
_TEXTS = (
    r"assessment/(title|organisation)|project/(name|description|owner)|people/\d+/(id|name|title)"
    r"|screening/reasons/\d+/text|risks/\d+/(title|source|impact)|measures/\d+/(title|owner)"
    r"|recommendations/\d+/(title|reason)"
    r"|sections/\d+/(verdict/(comment|reviewer)|questions/\d+/(text|note|rows/.+|source/(name|row)))"
    r"|deviations/\d+/(text|reason|row|proposed_by|accepted_by)"
    r"|leakage/\d+/subject|evidence/\d+/name|reviews/\d+/reviewer|opinion/(by|text|overruled)|sources/\d+/(name|path)"
    r"|decision/(reason|by|conditions/\d+/(text|owner))"
)
_STAND_INS: tuple[tuple[re.Pattern[str], Any], ...] = (
    (re.compile(f"/({_TEXTS})"), PLACEHOLDER),
    (re.compile(r"/sections/\d+/questions/\d+/(value(/.*)?|source/as_of)"), None),
    (re.compile(r"/(sections/\d+/questions/\d+/source|sources/\d+)/sha256"), "0" * 64),
)
"""What can be hidden, and what is typeset in its place."""


def leaves_root(record: Record) -> str | None:
    """The root over every leaf in hexadecimal; None for a record without a seed."""
    seed = record.content.get(SEED)
    if seed is None:
        return None
    commitments = {path: _commit(seed, path, value) for path, value in _leaves(record.content)}
    return _root(commitments)


def redact(record: Record, hidden: frozenset[str]) -> bytes:
    """The edition without the leaves at or below these pointers, as canonical JSON."""
    seed = record.content.get(SEED)
    if seed is None:
        raise NotPossibleNow(
            "This record was frozen without a seed",
            "A redacted edition can be made of later revisions.",
        )
    content, salts = copy.deepcopy(record.content), {}
    del content[SEED]
    for path, value in _leaves(record.content):
        if _is_below(path, hidden):
            _stand_in(path)
            _replace(content, path, {HIDDEN: _commit(seed, path, value)})
        else:
            salts[path] = _salt(seed, path).hex()
    return bytes(rfc8785.dumps({"schema": SCHEMA, "record": content, "salts": salts}))


def edition_root(edition: Mapping[str, Any]) -> str:
    """The root that an edition proves; BadInput when a shown value comes without its salt."""
    salts = edition["salts"]
    commitments = {}
    for path, value in _leaves(edition["record"]):
        found = _hidden(value)
        if found is None:
            if not isinstance(salts.get(path), str) or not _COMMITMENT.fullmatch(salts[path]):
                raise BadInput("A shown value has no salt", field=path)
            found = commit(bytes.fromhex(salts[path]), rfc8785.dumps(value))
        commitments[path] = found
    return _root(commitments)


def read_edition(data: bytes) -> dict[str, Any]:
    """A redacted edition, of bounded size and in its canonical form."""
    if len(data) > 2 * MAX_BYTES:
        raise BadInput("The redacted edition is too large")
    try:
        edition = json.loads(data)
        if (
            set(edition) != {"schema", "record", "salts"}
            or edition["schema"] != SCHEMA
            or not isinstance(edition["record"], dict)
            or not isinstance(edition["salts"], dict)
            or rfc8785.dumps(edition) != data
        ):
            raise BadInput("This is not a redacted edition", f"Expected {SCHEMA}.")
    except (ValueError, TypeError, RecursionError) as error:
        raise BadInput("The redacted edition cannot be read") from error
    return dict(edition)


def stand_in(edition: Mapping[str, Any], original_sha256: str) -> Record:
    """A record to typeset: hidden texts say so, other hidden values are absent."""
    content = copy.deepcopy(edition["record"])
    hidden = [path for path, value in _leaves(content) if _hidden(value) is not None]
    for path in hidden:
        _replace(content, path, _stand_in(path))
    content["edition"] = {"original_sha256": original_sha256, "hidden": len(hidden)}
    return read_record(bytes(rfc8785.dumps(content)))


def pointers(record: Record, choices: frozenset[str]) -> frozenset[str]:
    """The pointers behind words: people, notes, sources, section:ID, question:ID, or a pointer."""
    found: set[str] = set()
    for choice in choices:
        kind, _, name = choice.partition(":")
        if kind.startswith("/"):
            matched = {p for p, _ in _leaves(record.content) if _is_below(p, frozenset({choice}))}
        else:
            matched = {
                path
                for path, value in _leaves(record.content)
                if value not in (None, "") and _belongs(record, path, kind, name)
            }
        if not matched and (name or kind.startswith("/")):
            raise BadInput(f"The record has no {choice}", field="hide")
        found |= matched
    return frozenset(found)


_GROUPS = {
    "people": re.compile(
        r"/people/\d+/(name|title|id)|/project/owner|/measures/\d+/owner|/reviews/\d+/reviewer"
        r"|/opinion/by|/decision/(by|conditions/\d+/owner)|/sections/\d+/verdict/reviewer"
    ),
    "notes": re.compile(
        r"/sections/\d+/(questions/\d+/note|verdict/comment)|/opinion/(text|overruled)"
    ),
    "risks": re.compile(r"/risks/\d+/(title|source|impact)"),
    "measures": re.compile(r"/measures/\d+/title"),
    "sources": re.compile(
        r"/sources/\d+/(path|sha256)|/sections/\d+/questions/\d+/source/(name|row|sha256|as_of)"
    ),
}
_ANSWER = re.compile(r"/sections/(\d+)/questions/(\d+)/(text|note|value(/.*)?|(rows|source)/.+)")


def _belongs(record: Record, path: str, kind: str, name: str) -> bool:
    if kind in _GROUPS:
        return bool(_GROUPS[kind].fullmatch(path))
    if kind not in ("section", "question"):
        raise BadInput(
            f"'{kind}' cannot be hidden",
            f"Known: {', '.join(_GROUPS)}, section:ID, question:ID, or a JSON Pointer.",
            field="hide",
        )
    place = _ANSWER.fullmatch(path)
    if place is None:
        return False
    section = record.content["sections"][int(place[1])]
    return bool(
        name == (section["id"] if kind == "section" else section["questions"][int(place[2])]["id"])
    )


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every scalar and every empty container but the seed, under its pointer."""
    if isinstance(value, dict) and value and _hidden(value) is None:
        for key, inner in value.items():
            if path or key != SEED:
                yield from _leaves(inner, f"{path}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list) and value:
        for number, inner in enumerate(value):
            yield from _leaves(inner, f"{path}/{number}")
    else:
        yield path, value


def _hidden(value: Any) -> str | None:
    """The commitment of a hidden leaf; of a shown one, None."""
    if isinstance(value, dict) and set(value) == {HIDDEN} and isinstance(value[HIDDEN], str):
        return value[HIDDEN] if _COMMITMENT.fullmatch(value[HIDDEN]) else None
    return None


def _replace(content: Any, path: str, value: Any) -> None:
    *parents, last = [p.replace("~1", "/").replace("~0", "~") for p in path.split("/")[1:]]
    for step in parents:
        content = content[int(step)] if isinstance(content, list) else content[step]
    if isinstance(content, list):
        content[int(last)] = value
    else:
        content[last] = value


def _is_below(path: str, hidden: frozenset[str]) -> bool:
    return path in hidden or any(path.startswith(f"{above}/") for above in hidden)


def _stand_in(path: str) -> Any:
    for pattern, value in _STAND_INS:
        if pattern.fullmatch(path):
            return value
    raise BadInput(
        "This part of the record cannot be hidden",
        "Structure, states, dates and figures stay, so that the edition can be read.",
        field=path,
    )


def _root(commitments: Mapping[str, str]) -> str:
    edge = tree.Edge()
    for path in sorted(commitments):
        edge.add(tree.hash_leaf(rfc8785.dumps([path, commitments[path]])))
    return edge.root().hex()


def _commit(seed: str, path: str, value: Any) -> str:
    return commit(_salt(seed, path), rfc8785.dumps(value))


def _salt(seed: str, path: str) -> bytes:
    return hmac.digest(bytes.fromhex(seed), path.encode(), "sha256")
