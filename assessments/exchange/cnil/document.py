"""The dialects of a CNIL PIA file, all seen as the same five parts.

1. Front export: an object with ``pia, answers, measures, evaluations, comments``; also the text in
   ``revision.export``. 2. Back-end export: a list of flat objects that hold the four lists.
3. A template ("structure"), seen as the PIA that is begun from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assessments.errors import BadInput
from assessments.exchange.cnil.fields import PARTS
from assessments.exchange.cnil.templates import begun_from, is_template
from assessments.exchange.json_text import read_json
from assessments.exchange.loss import Loss

INNER = "revision.export"


@dataclass(frozen=True, slots=True)
class Document:
    """One PIA. root is its JSON as given; pia holds its fields and is part of root.

    place: where it stands in its file, to find it again.
    """

    root: dict[str, Any]
    pia: dict[str, Any]
    place: str
    file: str
    losses: tuple[Loss, ...] = ()

    def rows(self, part: str) -> list[Any]:
        """The list of that part; empty when the file has none."""
        found = self.root.get(part)
        return found if isinstance(found, list) else []

    def path(self, part: str, number: int) -> str:
        """The place of a row, as losses name it."""
        return f"{self.place}{'.' if self.place else ''}{part}[{number}]"


def is_pia(content: Any) -> bool:
    """Whether this JSON is a PIA in one of the dialects, or a list of them."""
    if isinstance(content, list):
        return bool(content) and all(isinstance(item, dict) and _is_one(item) for item in content)
    return isinstance(content, dict) and _is_one(content)


def _is_one(item: dict[str, Any]) -> bool:
    return _is_front(item) or _is_flat(item) or _is_revision(item) or is_template(item)


def _is_front(item: dict[str, Any]) -> bool:
    return isinstance(item.get("pia"), dict) and any(part in item for part in PARTS)


def _is_flat(item: dict[str, Any]) -> bool:
    return "name" in item and "answers" in item and "evaluations" in item and "pia" not in item


def _is_revision(item: dict[str, Any]) -> bool:
    return isinstance(item.get("export"), str) and "pia_id" in item


def documents(content: Any, file: str) -> Iterator[Document]:
    """Every PIA in this JSON."""
    if isinstance(content, list):
        for number, item in enumerate(content):
            yield _document(item, f"[{number}]", file)
    else:
        yield _document(content, "", file)


def find_document(content: Any, place: str, file: str) -> Document:
    """The document that stood at this place."""
    for found in documents(content, file):
        if found.place == place:
            return found
    raise BadInput("The kept file has no such document", where={"file": file, "place": place})


def _document(item: dict[str, Any], place: str, file: str) -> Document:
    if _is_revision(item):
        inner, losses = read_json(item["export"].encode("utf-8", "surrogatepass"), file)
        if not isinstance(inner, dict) or not _is_front(inner):
            where = {"file": file, "place": f"{place}{INNER}"}
            raise BadInput("The revision holds no PIA", where=where)
        return _checked(inner, inner["pia"], f"{place}{INNER}", file, losses)
    if is_template(item):
        begun, loss = begun_from(item["structure"])
        return _checked(begun, begun["pia"], f"{place}structure", file, (loss,))
    return _checked(item, item["pia"] if _is_front(item) else item, place, file, ())


def _checked(
    root: dict[str, Any], pia: dict[str, Any], place: str, file: str, losses: tuple[Loss, ...]
) -> Document:
    """A part that is there has to be a list; what is wrong with single rows is a loss."""
    for part in PARTS:
        if root.get(part) is not None and not isinstance(root[part], list):
            where = {"file": file, "place": f"{place}.{part}".lstrip(".")}
            raise BadInput("A list is expected here", where=where)
    return Document(root, pia, place, file, losses)
