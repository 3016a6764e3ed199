"""YAML with line numbers, so that a mistake in a contract is answered with file and line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from assessments.errors import BadInput


@dataclass(frozen=True, slots=True)
class Place:
    """A node of a YAML file: its value, and where it stands."""

    file: str
    node: yaml.Node

    @property
    def line(self) -> int:
        return int(self.node.start_mark.line) + 1

    def refuse(self, title: str, detail: str = "") -> BadInput:
        """The error to raise about this place."""
        return BadInput(title, detail, where={"file": self.file, "line": self.line})

    def entries(self, allowed: Iterable[str], required: Iterable[str] = ()) -> dict[str, Place]:
        """The members of a mapping; unknown, repeated and missing keys are refused."""
        found = self.members()
        for name in found:
            if name not in set(allowed):
                raise found[name].refuse(
                    f"Unknown key: {name}", f"Allowed here: {', '.join(allowed)}."
                )
        missing = [name for name in required if name not in found]
        if missing:
            raise self.refuse(f"Missing key: {missing[0]}")
        return found

    def members(self) -> dict[str, Place]:
        """The members of a mapping whose keys are free."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.refuse("A mapping is expected here")
        found: dict[str, Place] = {}
        for key, value in self.node.value:
            if key.value in found:
                raise Place(self.file, key).refuse(f"Repeated key: {key.value}")
            found[key.value] = Place(self.file, value)
        return found

    def items(self) -> list[Place]:
        """The items of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.refuse("A list is expected here")
        return [Place(self.file, node) for node in self.node.value]

    @property
    def is_text(self) -> bool:
        return isinstance(self.node, yaml.ScalarNode)

    def text(self) -> str:
        """A scalar, as written."""
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.refuse("A text is expected here")
        return str(self.node.value)

    def texts(self) -> tuple[str, ...]:
        return tuple(item.text() for item in self.items())

    def flag(self) -> bool:
        if self.text() not in {"true", "false"}:
            raise self.refuse("true or false is expected here")
        return self.text() == "true"

    def number(self) -> float:
        try:
            return float(self.text())
        except ValueError:
            raise self.refuse("A number is expected here") from None

    def choice(self, allowed: Iterable[str]) -> str:
        """A text out of a closed list."""
        choices = sorted(allowed)
        if self.text() not in choices:
            raise self.refuse(f"Unknown value: {self.text()}", f"Allowed: {', '.join(choices)}.")
        return self.text()


def read_place(path: Path, name: str | None = None) -> Place:
    """The root of a YAML file."""
    label = name or path.name
    try:
        node: Any = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = {"file": label, "line": mark.line + 1 if mark else 1}
        raise BadInput("This is not valid YAML", str(error.problem), where=where) from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadInput("This file cannot be read", where={"file": label}) from error
    if node is None:
        raise BadInput("The file is empty", where={"file": label, "line": 1})
    return Place(label, node)
