"""The resource map: which dataset a resource of a log is, and which person an actor is.

A YAML file that people write and keep. The first entry that fits counts; ``*`` stands for any text and
``?`` for one character. What no entry names stays unresolved and is reported, never guessed.

    resources:
      - {match: "arn:aws:s3:::sales-*", dataset: ds-012, purpose: p-billing}
    actors:
      - {match: "arn:aws:iam::*:user/benjamin", person: per-007}
    fill:
      datasets: {owner_id: per-001, retention_period: P2Y}

``fill`` states what a source cannot say about the rows of an inventory kind; it never replaces a value.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dashboard.exports.located_yaml import Place, read_place

FILE = "resources.yaml"
REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class Target:
    """What an entry names: the dataset or person, and the purpose of use when it is stated."""

    id: str
    purpose_id: str | None = None


Entry = tuple[re.Pattern[str], Target]


@dataclass(frozen=True, slots=True)
class ResourceMap:
    """Entries in the order of the file."""

    resources: tuple[Entry, ...] = ()
    actors: tuple[Entry, ...] = ()
    fill: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    _seen: dict[tuple[str, str], Target | None] = field(default_factory=dict)

    def dataset(self, resource: str) -> Target | None:
        return self._find("resource", self.resources, resource)

    def person(self, actor: str) -> Target | None:
        return self._find("actor", self.actors, actor)

    def name(self, resource: str) -> str:
        """The dataset id, else the name by which the source itself calls it."""
        found = self.dataset(resource)
        return found.id if found else resource

    def _find(self, what: str, entries: tuple[Entry, ...], name: str) -> Target | None:
        key = (what, name)
        if key not in self._seen:
            if len(self._seen) >= REMEMBERED:
                self._seen.clear()
            self._seen[key] = next((to for fits, to in entries if fits.fullmatch(name)), None)
        return self._seen[key]


def read_resources(path: Path) -> ResourceMap:
    """Read a resource map; what it does not understand is refused with file and line."""
    parts = read_place(path).entries(("resources", "actors", "fill"))
    return ResourceMap(
        tuple(_entry(place, "dataset") for place in _items(parts.get("resources"))),
        tuple(_entry(place, "person") for place in _items(parts.get("actors"))),
        _fill(parts["fill"]) if "fill" in parts else {},
    )


def digest(path: Path | None) -> str:
    """What identifies the map: other resolutions make another batch."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path else ""


def _items(place: Place | None) -> list[Place]:
    return list(place.items()) if place else []


def _entry(place: Place, target: str) -> Entry:
    optional = ("purpose",) if target == "dataset" else ()
    parts = place.entries(("match", target, *optional), ("match", target))
    purpose = parts["purpose"].text() if "purpose" in parts else None
    return _pattern(parts["match"].text()), Target(parts[target].text(), purpose)


def _pattern(text: str) -> re.Pattern[str]:
    """Runs of ``*`` are one, and each part is found at its first place, so that no text is slow."""
    parts = [re.escape(part).replace(re.escape("?"), ".") for part in re.split(r"\*+", text)]
    first, *rest = parts
    if not rest:
        return re.compile(first, re.DOTALL)
    middle = "".join(f"(?>.*?{part})" for part in rest[:-1])
    return re.compile(f"{first}{middle}.*{rest[-1]}", re.DOTALL)


def _fill(place: Place) -> dict[str, dict[str, str]]:
    return {
        kind: {name: value.text() for name, value in values.members().items()}
        for kind, values in place.members().items()
    }
