"""All export kinds, and which one a file is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from assessments.errors import BadInput, NotFound
from dashboard.exports.contract import Contract
from dashboard.exports.contract_file import read_contract

FOLDER = Path(__file__).with_name("contracts")


@cache
def contracts() -> dict[str, Contract]:
    """Every shipped contract by kind; a kind that is referred to exists."""
    found = {path.stem: read_contract(path) for path in sorted(FOLDER.glob("*.yaml"))}
    for contract in found.values():
        for kind in contract.refers_to - found.keys():
            raise BadInput(f"{contract.kind} refers to {kind}, which is no export kind")
    return found


def find_contract(kind: str) -> Contract:
    """The contract of a kind."""
    if kind not in contracts():
        raise NotFound(f"There is no export kind {kind}", f"Kinds: {', '.join(contracts())}.")
    return contracts()[kind]


def kind_by_name(path: Path) -> str | None:
    """The kind that the file name says: its stem, perhaps followed by a date or a number."""
    stem = path.name.split(".")[0].lower()
    for kind in sorted(contracts(), key=len, reverse=True):
        if re.fullmatch(rf"{kind}([-_ ]?\d[\d\-_ t]*)?", stem):
            return kind
    return None


def kind_by_header(path: Path, header: Sequence[str]) -> str:
    """The kind whose required columns are all there, and that explains more than any other does."""
    present = set(header)
    fits = [kind for kind, contract in contracts().items() if present >= set(contract.required)]
    covers = {kind: present & set(contracts()[kind].names) for kind in fits}
    whole = [kind for kind in fits if all(covers[kind] >= other for other in covers.values())]
    if len(whole) == 1:
        return whole[0]
    where = {"file": path.name}
    if fits:
        raise BadInput(
            "This file could be more than one kind of export",
            f"Its columns fit {', '.join(fits)}. Say which with --kind, or name the file after it.",
            where=where,
        )
    raise BadInput(
        "This file is no known kind of export",
        f"Name it after its kind or use --kind. Kinds: {', '.join(contracts())}.",
        where=where,
    )


def load_order(kinds: Sequence[str]) -> list[str]:
    """Kinds in an order in which what is referred to comes first, where that is possible."""
    ordered: list[str] = []

    def visit(kind: str, trail: frozenset[str]) -> None:
        if kind in ordered or kind in trail:
            return
        for other in sorted(contracts()[kind].refers_to):
            visit(other, trail | {kind})
        ordered.append(kind)

    for kind in sorted(set(kinds)):
        visit(kind, frozenset())
    return [kind for kind in ordered if kind in set(kinds)]
