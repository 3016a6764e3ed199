"""Reads a contract file and refuses what it does not understand, with file and line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from dashboard.exports import packs
from dashboard.exports.column_types import TYPES
from dashboard.exports.contract import Column, Contract, Dialect, Mode, RuleText, Severity
from dashboard.exports.located_yaml import Place, read_place
from dashboard.exports.rule_forms import FORMS, RESERVED

_KEYS = ("kind", "title", "about", "mode", "key", "columns", "rules", "later", "dated", "csv")
_COLUMN_KEYS = (
    "type", "about", "required", "list", "allowed", "pack", "refers", "min", "max", "pattern",
)  # fmt: skip
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def read_contract(path: Path) -> Contract:
    """Read one contract; the file is named after its kind."""
    place = read_place(path)
    parts = place.entries(_KEYS, ("kind", "title", "about", "mode", "key", "columns"))
    if parts["kind"].text() != path.stem:
        raise parts["kind"].refuse("A contract file is named after its kind")
    columns = {name: _column(name, node) for name, node in parts["columns"].members().items()}
    contract = Contract(
        kind=_name(parts["kind"]),
        title=parts["title"].text(),
        about=parts["about"].text(),
        mode=cast(Mode, parts["mode"].choice(("snapshot", "append"))),
        key=_known(parts["key"], columns),
        columns=tuple(columns.values()),
        rules=_rules(parts.get("rules"), columns),
        later=_known(parts["later"], columns) if "later" in parts else (),
        dated=_dated(parts.get("dated"), columns),
        dialect=read_dialect(parts.get("csv")),
    )
    _check_whole(contract, place, parts)
    return contract


def _column(name: str, place: Place) -> Column:
    if not _NAME.fullmatch(name) or name in RESERVED:
        raise place.refuse(f"A column cannot be called {name}")
    parts = place.entries(_COLUMN_KEYS, ("type", "about"))
    pack = parts["pack"].text() if "pack" in parts else None
    return Column(
        name=name,
        type=parts["type"].choice(TYPES),
        about=parts["about"].text(),
        is_required="required" in parts and parts["required"].flag(),
        is_list="list" in parts and parts["list"].flag(),
        allowed=_allowed(parts, pack),
        pack=pack,
        refers=_name(parts["refers"]) if "refers" in parts else None,
        minimum=parts["min"].number() if "min" in parts else None,
        maximum=parts["max"].number() if "max" in parts else None,
        pattern=_pattern(parts["pattern"]) if "pattern" in parts else None,
    )


def _allowed(parts: Mapping[str, Place], pack: str | None) -> tuple[str, ...]:
    if pack is None:
        return parts["allowed"].texts() if "allowed" in parts else ()
    if pack not in packs.names():
        raise parts["pack"].refuse(f"There is no pack {pack}", ", ".join(packs.names()))
    return packs.ids(pack)


def _pattern(place: Place) -> str:
    try:
        re.compile(place.text())
    except re.error as error:
        raise place.refuse("This is not a regular expression", str(error)) from error
    return place.text()


def _name(place: Place) -> str:
    if not _NAME.fullmatch(place.text()):
        raise place.refuse("A name of lower-case letters, digits and _ is expected here")
    return place.text()


def _known(place: Place, columns: Mapping[str, Column]) -> tuple[str, ...]:
    return tuple(item.choice(columns) for item in place.items())


def _dated(place: Place | None, columns: Mapping[str, Column]) -> str | None:
    if place is None:
        return None
    days = [name for name, column in columns.items() if column.type in {"date", "timestamp"}]
    return place.choice(days)


def read_dialect(place: Place | None) -> Dialect:
    """How a CSV file is written, as a contract or a mapping states it."""
    if place is None:
        return Dialect()
    parts = place.entries(("delimiter", "quote", "encoding"))
    return Dialect(**{name: part.text() for name, part in parts.items()})


def _rules(place: Place | None, columns: Mapping[str, Column]) -> tuple[RuleText, ...]:
    return tuple(_rule(item, columns) for item in place.items()) if place else ()


def _rule(place: Place, columns: Mapping[str, Column]) -> RuleText:
    parts = place.entries(("id", "sentence", "severity", *FORMS), ("id", "sentence", "severity"))
    forms = [name for name in parts if name in FORMS]
    if len(forms) != 1:
        raise place.refuse("A rule has exactly one form", f"Forms: {', '.join(FORMS)}.")
    form = FORMS[forms[0]]
    return RuleText(
        id=_name(parts["id"]),
        sentence=parts["sentence"].text(),
        severity=cast(Severity, parts["severity"].choice(("critical", "warning"))),
        form=forms[0],
        arguments=form.read(parts[forms[0]], columns),
    )


def _check_whole(contract: Contract, place: Place, parts: Mapping[str, Place]) -> None:
    optional = [name for name in contract.key if not contract.column(name).is_required]
    if optional or not contract.key:
        raise parts["key"].refuse("Key columns must be required", ", ".join(optional))
    if contract.later and contract.mode == "snapshot":
        raise parts["later"].refuse("Only facts that are appended have later columns")
    ids = [rule.id for rule in contract.rules]
    if len(set(ids)) != len(ids):
        raise place.refuse("Two rules have the same id")
