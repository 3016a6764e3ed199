"""Reading YAML so that every complaint can name the file, the line and the field.

Plain scalars follow YAML 1.2 (``yes`` stays a word, a date stays text). Anchors, aliases, tags and
duplicate keys are refused: a template is a text that people review.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from assessments.errors import BadInput

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 24
Path = tuple[str | int, ...]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?\Z")
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True, slots=True)
class Document:
    """The content of a YAML file, and the line of everything in it."""

    file: str
    content: Any
    lines: dict[Path, int]

    def problem(self, path: Path, title: str, detail: str = "") -> BadInput:
        """A BadInput that points at a place in the file."""
        known = next((path[:n] for n in range(len(path), -1, -1) if path[:n] in self.lines), ())
        return BadInput(
            title,
            detail,
            field=dotted(path) or None,
            where={"file": self.file, "line": self.lines.get(known, 1)},
        )


def dotted(path: Path) -> str:
    """``sections[2].questions[0].type``."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def read_document(data: bytes, file: str) -> Document:
    """Parse a YAML file; BadInput names the line that cannot be read."""
    if len(data) > MAX_BYTES:
        raise BadInput("The file is too large", f"At most {MAX_BYTES} bytes.", where={"file": file})
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadInput("The file is not UTF-8", where={"file": file, "line": line}) from error
    try:
        _refuse_aliases(text, file)
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark: Any = getattr(error, "problem_mark", None)
        where = {"file": file, "line": mark.line + 1 if mark else 1}
        reason = getattr(error, "problem", None) or "It is not YAML."
        raise BadInput("The file cannot be read as YAML", str(reason), where=where) from error
    except RecursionError as error:
        raise BadInput("The file is nested too deeply", where={"file": file}) from error
    lines: dict[Path, int] = {}
    content = None if root is None else _build(root, (), lines, file)
    return Document(file, content, lines)


def _refuse_aliases(text: str, file: str) -> None:
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise BadInput(
                "Anchors and aliases are not allowed",
                "Write the text where it is used.",
                where={"file": file, "line": _line(event)},
            )


def _line(thing: Any) -> int:
    return int(thing.start_mark.line) + 1


def _build(node: yaml.Node, path: Path, lines: dict[Path, int], file: str) -> Any:
    lines[path] = _line(node)
    if len(path) > MAX_DEPTH:
        raise BadInput("The file is nested too deeply", where={"file": file, "line": lines[path]})
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, lines, file)
    if isinstance(node, yaml.SequenceNode):
        return [_build(item, (*path, n), lines, file) for n, item in enumerate(node.value)]
    return _scalar(node)


def _mapping(
    node: yaml.MappingNode, path: Path, lines: dict[Path, int], file: str
) -> dict[str, Any]:
    built: dict[str, Any] = {}
    for key, value in node.value:
        name = str(key.value)
        if name in built:
            where = {"file": file, "line": _line(key)}
            raise BadInput(f"'{name}' is given twice", field=dotted((*path, name)), where=where)
        built[name] = _build(value, (*path, name), lines, file)
        lines[(*path, name)] = _line(key)
    return built


def _scalar(node: Any) -> Any:
    text = str(node.value)
    if node.style:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _NUMBER.match(text):
        return float(text) if "." in text else int(text)
    return text


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a document, with typed access to what is below it."""

    document: Document
    path: Path
    content: Any

    @classmethod
    def at_root(cls, document: Document) -> Cursor:
        return cls(document, (), document.content)

    def problem(self, title: str, detail: str = "", *, key: str | None = None) -> BadInput:
        return self.document.problem(self.path if key is None else (*self.path, key), title, detail)

    def check_keys(self, required: str, optional: str = "") -> None:
        """Refuse anything but a mapping with these keys; unknown keys are never ignored."""
        if not isinstance(self.content, dict):
            raise self.problem("A mapping is expected here", f"With: {required} {optional}".strip())
        allowed = [*required.split(), *optional.split()]
        for key in self.content:
            if key not in allowed:
                raise self.problem(
                    f"'{key}' is not known here", f"Known: {', '.join(allowed)}.", key=key
                )
        for key in required.split():
            if self.content.get(key) is None:
                raise self.problem(f"'{key}' is missing")

    def has(self, key: str) -> bool:
        return isinstance(self.content, dict) and self.content.get(key) is not None

    def text(self, key: str, default: str = "") -> str:
        """A text; numbers are taken as written."""
        value = self.content.get(key)
        if value is None:
            return default
        if isinstance(value, dict | list | bool):
            raise self.problem(f"'{key}' must be a text", key=key)
        return " ".join(str(value).split()) if "\n\n" not in str(value) else str(value).strip()

    def flag(self, key: str, default: bool) -> bool:
        value = self.content.get(key, default)
        if not isinstance(value, bool):
            raise self.problem(f"'{key}' must be true or false", key=key)
        return value

    def number(self, key: str) -> float | None:
        value = self.content.get(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise self.problem(f"'{key}' must be a number", key=key)
        return value

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts; a single text is a list of one."""
        value = self.content.get(key)
        found = value if isinstance(value, list) else [] if value is None else [value]
        if not all(isinstance(item, str | int) and not isinstance(item, bool) for item in found):
            raise self.problem(f"'{key}' must be a list of names", key=key)
        return tuple(str(item) for item in found)

    def child(self, key: str) -> Cursor:
        return Cursor(self.document, (*self.path, key), self.content[key])

    def children(self, key: str) -> Iterator[Cursor]:
        """The items of a list, none when the key is absent."""
        value = self.content.get(key)
        if value is None:
            return
        if not isinstance(value, list):
            raise self.problem(f"'{key}' must be a list", key=key)
        for n, item in enumerate(value):
            yield Cursor(self.document, (*self.path, key, n), item)

    def entries(self, key: str) -> Iterator[tuple[str, Cursor]]:
        """The names and values of a mapping, none when the key is absent."""
        value = self.content.get(key)
        if value is None:
            return
        if not isinstance(value, dict):
            raise self.problem(f"'{key}' must be a mapping", key=key)
        for name, item in value.items():
            yield name, Cursor(self.document, (*self.path, key, name), item)
