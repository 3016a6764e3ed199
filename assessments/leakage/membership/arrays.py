"""Signals from an npz archive: arrays only, nothing is unpickled.

Two layouts: our names (``probability``, ``logit`` or ``loss``, ``member``, ``id``, ``group``,
``population``), and that of ML Privacy Meter (``sig``, ``mem``, ``sz``; column 0 is the target), whose
signals are probabilities only when the caller says so.
"""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assessments.errors import BadInput, NotFound
from assessments.files import file_digest
from assessments.leakage.measurement import Source
from assessments.leakage.membership.sheet import GROUPS, IDS, MEMBERS, Columns, Sheet, said
from assessments.leakage.membership.signals import TRANSFORMS, Bools, checked, mask

LARGEST = 2_000_000_000
UNREADABLE = (
    OSError,
    ValueError,
    EOFError,
    KeyError,
    NotImplementedError,
    MemoryError,
    zlib.error,
    zipfile.BadZipFile,
)
SIGNALS = (*TRANSFORMS, "signal", "score", "sig")
POPULATIONS = ("population", "sz")

Arrays = dict[str, NDArray[np.generic]]


def read_arrays(path: str | Path, columns: Columns, *, references: bool) -> Sheet:
    """A file of the target (its own signals first) or of references."""
    file = Path(path)
    if not file.is_file():
        raise NotFound("This file does not exist.", where={"file": str(path)})
    arrays = _load(file)
    try:
        return _sheet(arrays, file, str(path), columns, references)
    except BadInput as error:
        error.where = {"file": str(path), **error.where}
        raise


def _sheet(arrays: Arrays, file: Path, path: str, columns: Columns, references: bool) -> Sheet:
    name = columns.signal or _first(arrays, SIGNALS)
    if name is None or name not in arrays:
        raise NotFound(
            f"No array is called {name or ' or '.join(SIGNALS)}.", f"Arrays: {', '.join(arrays)}."
        )
    transform = said(name, columns)
    signals = checked(arrays[name], transform, name)
    inside = columns.member or _first(arrays, MEMBERS)
    members = None if inside is None else mask(arrays[inside], inside)
    signals, members = _two_dimensional(signals, members)
    drawn = _first(arrays, POPULATIONS)
    population = None if drawn is None or references else checked(arrays[drawn], transform, drawn)
    ids, groups = _texts(arrays, columns.id, IDS), _texts(arrays, columns.group, GROUPS)
    for each in (ids, groups):
        if each is not None and len(each) != len(signals):
            raise BadInput("Ids and groups need one entry an example.")
    source = Source(path, file_digest(file), len(signals))
    return Sheet(source, transform, signals, members, ids, groups, population)


def _two_dimensional(
    signals: NDArray[np.float64], members: Bools | None
) -> tuple[NDArray[np.float64], Bools | None]:
    if signals.ndim == 1:
        signals = signals[:, None]
    if members is not None and members.ndim == 1:
        members = members[:, None]
    if signals.ndim != 2 or (members is not None and members.shape != signals.shape):
        shape = None if members is None else members.shape
        raise BadInput(
            "Each signal needs its membership.", f"Signals: {signals.shape}; memberships: {shape}."
        )
    return signals, members


def _load(file: Path) -> Arrays:
    try:
        with zipfile.ZipFile(file) as archive:
            if sum(member.file_size for member in archive.infolist()) > LARGEST:
                raise BadInput("This archive is too large to measure.", where={"file": str(file)})
        with np.load(file, allow_pickle=False) as opened:
            return {name: opened[name] for name in opened.files}
    except UNREADABLE as error:
        raise BadInput(
            "This file cannot be read as arrays.", str(error), where={"file": str(file)}
        ) from error


def _texts(arrays: Arrays, asked: str | None, usual: tuple[str, ...]) -> NDArray[np.str_] | None:
    name = asked or _first(arrays, usual)
    if name is None:
        return None
    if name not in arrays:
        raise NotFound(f"No array is called {name}.", f"Arrays: {', '.join(arrays)}.")
    return arrays[name].astype(np.str_)


def _first(arrays: Arrays, names: tuple[str, ...]) -> str | None:
    return next((name for name in names if name in arrays), None)
