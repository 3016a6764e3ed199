"""JSON from strangers: bounded in size, depth and number of values, and nothing lost in silence.

A key that is given twice is legal JSON, and readers differ on which value counts; here the last one
does, as in browsers, and each is reported with its place.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from assessments.errors import BadInput
from assessments.exchange.loss import Loss

MAX_BYTES = 32 * 1024 * 1024
MAX_DEPTH = 64
MAX_VALUES = 500_000

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{},]', re.DOTALL)
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
DUPLICATE = "The same key is given twice here; the last value counts, the original is kept."


def looks_like_json(data: bytes) -> bool:
    """Whether the first character opens an object or a list."""
    start = data[:64].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00")
    return start[:1] in {b"{", b"["}


def read_json(data: bytes, file: str) -> tuple[Any, tuple[Loss, ...]]:
    """The content and the keys that were given twice; BadInput names file, line and column."""
    if len(data) > MAX_BYTES:
        raise BadInput("The file is too large", f"At most {MAX_BYTES} bytes.", where={"file": file})
    text = _decode(data, file)
    _check_shape(text, file)
    reader = _Pairs()
    try:
        content = json.loads(
            text,
            object_pairs_hook=reader.take,
            parse_constant=_refuse_constant,
            parse_float=_finite,
        )
    except json.JSONDecodeError as error:
        where = {"file": file, "line": error.lineno, "column": error.colno}
        raise BadInput("The file is not JSON", f"{error.msg}.", where=where) from error
    except (ValueError, RecursionError) as error:
        raise BadInput("The file is not JSON", str(error)[:200], where={"file": file}) from error
    return content, tuple(reader.losses(content))


def _decode(data: bytes, file: str) -> str:
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        where = {"file": file, "line": data[: error.start].count(b"\n") + 1}
        raise BadInput("The file is not UTF-8", "JSON files are.", where=where) from error


def _check_shape(text: str, file: str) -> None:
    """Before parsing, so that the parser's own recursion and memory are bounded."""
    depth = values = 0
    for token in _TOKEN.finditer(text):
        if token[0] in "[{":
            depth += 1
        elif token[0] in "]}":
            depth -= 1
        values += token[0] in "[{,"
        if depth > MAX_DEPTH or values > MAX_VALUES:
            where = {"file": file, "line": text.count("\n", 0, token.start()) + 1}
            if depth > MAX_DEPTH:
                detail = f"At most {MAX_DEPTH} levels."
                raise BadInput("The file is nested too deeply", detail, where=where)
            raise BadInput("The file holds too many values", f"At most {MAX_VALUES}.", where=where)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"The number {text[:20]} is out of range")
    return value


class _Pairs:
    """Builds objects, and remembers which of them had a key twice."""

    def __init__(self) -> None:
        self.twice: dict[int, tuple[dict[str, Any], list[str]]] = {}

    def take(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            counts = Counter(name for name, _ in pairs)
            self.twice[id(made)] = made, sorted(n for n, times in counts.items() if times > 1)
        return made

    def losses(self, content: Any) -> Iterator[Loss]:
        if not self.twice:
            return
        for path, found in _objects(content, ""):
            for name in self.twice.get(id(found), (None, ()))[1]:
                yield Loss(f"{path}.{name}".lstrip("."), "an earlier value of this key", DUPLICATE)


def _objects(content: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(content, dict):
        yield path, content
        for name, value in content.items():
            yield from _objects(value, f"{path}.{name}".lstrip("."))
    elif isinstance(content, list):
        for number, value in enumerate(content):
            yield from _objects(value, f"{path}[{number}]")
