"""One table of signals, as columns name it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assessments.errors import BadInput, NotFound
from assessments.leakage.measurement import Source
from assessments.leakage.membership.signals import TRANSFORMS, Bools, Floats, checked, mask

UNNAMED = ("signal", "score")
MEMBERS = ("member", "is_member", "membership", "mem")
GROUPS = ("group", "subgroup")
IDS = ("id", "record_id", "example_id")
MODELS = ("model", "model_id")
WIDE = re.compile(rf"({'|'.join((*TRANSFORMS, *UNNAMED))})_?(\w+)")


@dataclass(frozen=True, slots=True)
class Columns:
    """How the columns are called where they do not bear the usual names."""

    transform: str | None = None
    signal: str | None = None
    member: str | None = None
    group: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """Signals by example and model (the target's first, in a file of the target)."""

    source: Source
    transform: str
    signals: Floats
    members: Bools | None
    ids: NDArray[np.str_] | None = None
    groups: NDArray[np.str_] | None = None
    population: Floats | None = None
    notes: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The file, for messages."""
        return self.source.path


def read_frame(
    frame: pd.DataFrame, path: str, sha256: str, columns: Columns, *, references: bool
) -> Sheet:
    """A table in the target's form, or in the long or wide form of references."""
    source = Source(path, sha256, len(frame))
    try:
        if not references:
            return _target(frame, source, columns)
        return (
            _long(frame, source, columns)
            if _first(frame, MODELS)
            else _wide(frame, source, columns)
        )
    except BadInput as error:
        error.where = {"file": path, **error.where}
        raise


def said(column: str, columns: Columns) -> str:
    """What a signal is: said by its column's name or by the caller, and by both alike."""
    base = next(
        (name for name in TRANSFORMS if column == name or column.startswith(f"{name}_")), None
    )
    if base and columns.transform and base != columns.transform:
        raise BadInput(
            f"The column {column} is called {base}, and {columns.transform} was said.",
            field="transform",
        )
    return columns.transform or base or ""


def _target(frame: pd.DataFrame, source: Source, columns: Columns) -> Sheet:
    name = columns.signal or _first(frame, (*TRANSFORMS, *UNNAMED))
    if name is None or name not in frame:
        raise NotFound(
            f"No column is called {name or ' or '.join((*TRANSFORMS, *UNNAMED))}.",
            f"Columns: {', '.join(map(str, frame))}.", where={"column": name},
        )  # fmt: skip
    transform = said(name, columns)
    signals = checked(_numbers(frame[name], name), transform, name)[:, None]
    inside = columns.member or _first(frame, MEMBERS)
    members = None if inside is None else mask(_column(frame, inside), inside)[:, None]
    return Sheet(
        source,
        transform,
        signals,
        members,
        _ids(frame, columns),
        _named(frame, columns.group, GROUPS),
    )


def _wide(frame: pd.DataFrame, source: Source, columns: Columns) -> Sheet:
    found = [(name, match) for name in map(str, frame) if (match := WIDE.fullmatch(name))]
    plain = _first(frame, (columns.signal or "", *TRANSFORMS, *UNNAMED))
    if plain and not found:
        found_names, suffixes = [plain], [""]
    else:
        found_names = [name for name, _ in found]
        suffixes = [name[len(match[1]) :] for name, match in found]
    if not found_names:
        raise NotFound(
            "No column holds signals of reference models.",
            "Wide: loss_0, member_0, loss_1, ...; long: id, model, loss, member. "
            f"Columns: {', '.join(map(str, frame))}.",
        )  # fmt: skip
    transforms = {said(name, columns) for name in found_names}
    if len(transforms) > 1:
        raise BadInput("The reference models have different kinds of signals.", field="transform")
    transform = transforms.pop()
    signals = np.column_stack([checked(_numbers(frame[n], n), transform, n) for n in found_names])
    masks = [_first(frame, tuple(f"{m}{s}" for m in MEMBERS)) for s in suffixes]
    named = [name for name in masks if name is not None]
    if named and len(named) < len(masks):
        raise BadInput("Some reference models name their members and some do not.", field="member")
    members = np.column_stack([mask(frame[name], name) for name in named]) if named else None
    return Sheet(source, transform, signals, members, _ids(frame, columns))


def _long(frame: pd.DataFrame, source: Source, columns: Columns) -> Sheet:
    ids = _ids(frame, columns)
    name = columns.signal or _first(frame, (*TRANSFORMS, *UNNAMED))
    if ids is None or name is None:
        lacking = "id" if ids is None else "signal"
        raise NotFound(f"The long form needs a column {lacking}.", where={"column": lacking})
    transform = said(name, columns)
    values = checked(_numbers(_column(frame, name), name), transform, name)
    inside = columns.member or _first(frame, MEMBERS)
    row, examples = pd.factorize(ids, sort=True)
    column, models = pd.factorize(_column(frame, _first(frame, MODELS) or "model"), sort=True)
    shape = len(examples), len(models)
    places = np.bincount(row * shape[1] + column, minlength=shape[0] * shape[1])
    if (places != 1).any():
        raise BadInput(
            "Every reference model has to score every example once.",
            f"{shape[0]} examples and {shape[1]} models need {shape[0] * shape[1]} rows; there are {len(values)}.",
        )
    signals = np.empty(shape)
    signals[row, column] = values
    members = None
    if inside is not None:
        members = np.empty(shape, bool)
        members[row, column] = mask(_column(frame, inside), inside)
    return Sheet(source, transform, signals, members, np.asarray(examples, dtype=np.str_))


def _numbers(values: pd.Series, name: str) -> Floats:
    try:
        return values.to_numpy(np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise BadInput("A signal is a number.", where={"column": name}) from error


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    if name not in frame:
        raise NotFound(
            f"No column is called {name}.",
            f"Columns: {', '.join(map(str, frame))}.",
            where={"column": name},
        )
    if frame[name].isna().any():
        raise BadInput(
            f"{int(frame[name].isna().sum())} values are missing.", where={"column": name}
        )
    return frame[name]


def _ids(frame: pd.DataFrame, columns: Columns) -> NDArray[np.str_] | None:
    return _named(frame, columns.id, IDS)


def _named(
    frame: pd.DataFrame, asked: str | None, usual: tuple[str, ...]
) -> NDArray[np.str_] | None:
    name = asked or _first(frame, usual)
    return None if name is None else _column(frame, name).astype(str).to_numpy(dtype=np.str_)


def _first(frame: pd.DataFrame, names: tuple[str, ...]) -> str | None:
    return next((name for name in names if name in frame), None)
