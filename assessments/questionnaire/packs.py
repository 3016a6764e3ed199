"""Packs: laws, criteria, scales and lists as dated data with their source (``templates/packs``).

A pack is ``id, title, source, valid_from`` and one list of entries, each with ``id`` and ``title``
and whatever else it says. Which pack was in force is decided by its dates, never by code.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

from assessments.errors import BadInput, NotFound
from assessments.language import ENGLISH
from assessments.questionnaire.document import Cursor, read_document
from assessments.questionnaire.template import Option

HEADER = frozenset({"id", "title", "source", "valid_from", "valid_to", "note"})


@dataclass(frozen=True, slots=True)
class Pack:
    """Dated data with its source; lists by name, entries in order."""

    id: str
    title: str
    source: str
    valid_from: date
    valid_to: date | None
    lists: Mapping[str, tuple[Mapping[str, Any], ...]]
    sha256: str

    def entries(self, name: str = "") -> tuple[Mapping[str, Any], ...]:
        """The entries of a named list; of the first list without a name."""
        chosen = name or next(iter(self.lists))
        if chosen not in self.lists:
            raise NotFound(f"The pack {self.id} has no list {chosen}", field=self.id)
        return self.lists[chosen]

    def entry(self, entry_id: Any) -> Mapping[str, Any] | None:
        """The entry with this id in any of its lists."""
        return next(
            (e for entries in self.lists.values() for e in entries if e["id"] == entry_id), None
        )

    def options(self, name: str = "") -> tuple[Option, ...]:
        """The entries as allowed values of a question."""
        return tuple(
            Option(
                id=str(entry["id"]),
                title=str(entry["title"]),
                hint=str(entry.get("description", "")),
                score=entry.get("score"),
                fields=entry,
            )
            for entry in self.entries(name)
        )

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@lru_cache(maxsize=128)
def load_pack(pack_id: str, language: str = ENGLISH) -> Pack:
    """The pack of this id that ships with the product; English where it has no other texts."""
    file = _folder().joinpath(f"{pack_id}.yaml")
    if not pack_id.isidentifier() or not file.is_file():
        raise NotFound(f"There is no pack {pack_id}", f"Packs are: {', '.join(list_packs())}.")
    pack = read_pack(file.read_bytes(), f"packs/{pack_id}.yaml")
    texts = _folder().joinpath(f"{pack_id}.{language}.yaml")
    if language == ENGLISH or not language.isalpha() or not texts.is_file():
        return pack
    return translate_pack(pack, texts.read_bytes(), f"packs/{texts.name}")


def _folder() -> Traversable:
    return resources.files("assessments.templates").joinpath("packs")


def list_packs() -> list[str]:
    """The ids of all packs."""
    names = (file.name for file in _folder().iterdir() if file.name.endswith(".yaml"))
    return sorted({name.split(".")[0] for name in names})


def read_pack(data: bytes, file: str) -> Pack:
    """A pack from its bytes; BadInput names the line of what is wrong."""
    cursor = Cursor.at_root(read_document(data, file))
    if not isinstance(cursor.content, dict):
        raise cursor.problem("A pack is a mapping")
    lists = [key for key in cursor.content if key not in HEADER]
    cursor.check_keys("id title source valid_from", " ".join(["valid_to", "note", *lists]))
    if not lists:
        raise cursor.problem("A pack needs at least one list of entries")
    return Pack(
        id=cursor.text("id"),
        title=cursor.text("title"),
        source=cursor.text("source"),
        valid_from=_day(cursor, "valid_from"),
        valid_to=_day(cursor, "valid_to") if cursor.has("valid_to") else None,
        lists=MappingProxyType({name: _entries(cursor, name) for name in lists}),
        sha256=hashlib.sha256(data).hexdigest(),
    )


def _day(cursor: Cursor, key: str) -> date:
    try:
        return date.fromisoformat(cursor.text(key))
    except ValueError as error:
        raise cursor.problem(f"'{key}' must be a date like 2026-01-31", key=key) from error


def _entries(cursor: Cursor, name: str) -> tuple[Mapping[str, Any], ...]:
    found: dict[Any, Mapping[str, Any]] = {}
    for item in cursor.children(name):
        if not isinstance(item.content, dict) or not item.has("id") or not item.has("title"):
            raise item.problem("An entry needs an id and a title")
        empty = next((key for key, value in item.content.items() if value is None), None)
        if empty is not None:
            raise item.problem(f"'{empty}' has no value", "Quote a text that has a comma in it.")
        if item.content["id"] in found:
            raise item.problem(f"'{item.content['id']}' is given twice", key="id")
        found[item.content["id"]] = MappingProxyType(item.content)
    return tuple(found.values())


def translate_pack(pack: Pack, data: bytes, file: str) -> Pack:
    """The pack with other texts (``packs/<id>.<language>.yaml``: titles and descriptions by id)."""
    root = Cursor.at_root(read_document(data, file))
    root.check_keys("id language", "title source " + " ".join(pack.lists))
    if root.text("id") != pack.id:
        raise root.problem(f"These are no texts of {pack.id}", key="id")
    lists = {name: _translated(root, name, entries) for name, entries in pack.lists.items()}
    return replace(
        pack,
        title=root.text("title", pack.title),
        source=root.text("source", pack.source),
        lists=MappingProxyType(lists),
    )


def _translated(
    root: Cursor, name: str, entries: tuple[Mapping[str, Any], ...]
) -> tuple[Mapping[str, Any], ...]:
    texts = dict(root.entries(name))
    known = {str(entry["id"]) for entry in entries}
    for stranger in texts.keys() - known:
        raise texts[stranger].problem(f"The pack has no '{stranger}' in its list {name}")
    return tuple(_with_texts(entry, texts.get(str(entry["id"]))) for entry in entries)


def _with_texts(entry: Mapping[str, Any], at: Cursor | None) -> Mapping[str, Any]:
    if at is None:
        return entry
    if isinstance(at.content, str):
        return MappingProxyType({**entry, "title": at.content})
    at.check_keys("title", "description")
    return MappingProxyType({**entry, **at.content})


def lookup(pack_id: str, key: Any, field: str, language: str = ENGLISH) -> Any:
    """A field of an entry, None when the entry or the field is not there."""
    try:
        entry = load_pack(pack_id, language).entry(key)
    except NotFound as error:
        raise BadInput(f"There is no pack {pack_id}") from error
    return None if entry is None else entry.get(field)
