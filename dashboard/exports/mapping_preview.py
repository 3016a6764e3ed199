"""A file of one's own before it lands: its header, what a mapping makes of it, and how it is kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from assessments.errors import BadInput
from assessments.files import replace_file
from assessments.settings import Home
from dashboard.exports.catalogue import find_contract
from dashboard.exports.column_types import quote
from dashboard.exports.contract import Dialect
from dashboard.exports.examine import examine
from dashboard.exports.fingerprint import take_fingerprint
from dashboard.exports.foreign import recognise_all
from dashboard.exports.landing import explain_storage, open_landing
from dashboard.exports.lock import hold_lock
from dashboard.exports.mapping import FileMapping
from dashboard.exports.mapping_proposal import write_mapping
from dashboard.exports.options import Options
from dashboard.exports.readers.formats import FORMATS, find_format
from dashboard.exports.readers.source import Source

FOLDER = "imports"
FIRST = 5


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows as they would stand, how many would land, and why the others would not."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    total: int
    good: int
    reasons: tuple[tuple[str, int], ...]


def keep_upload(home: Home, name: str, data: bytes) -> Path:
    """Write what was uploaded under its digest; nothing of its name but the suffix reaches the disk."""
    suffix = Path(name.replace("\\", "/")).suffix.lower()
    if suffix not in FORMATS:
        raise BadInput("This kind of file cannot be loaded", f"Files end in {', '.join(FORMATS)}.")
    path = home.path / FOLDER / f"table-{hashlib.sha256(data).hexdigest()[:16]}{suffix}"
    if not path.exists():
        replace_file(path, data)
    return path


def keep_mapping(path: Path, mapping: FileMapping) -> Path:
    """Write the mapping beside the file."""
    target = path.with_name(f"{path.stem}-{mapping.kind}.yaml")
    replace_file(target, write_mapping(mapping).encode())
    return target


def read_header(path: Path, dialect: Dialect) -> tuple[str, ...]:
    """The columns of the file."""
    header = find_format(path).read_header(Source(path, take_fingerprint(path), dialect))
    repeated = [name for name in header if header.count(name) > 1]
    if repeated:
        raise BadInput(f"The header names {repeated[0]} twice", where={"file": path.name})
    return header


def preview(home: Home, path: Path, mapping: Path) -> Preview:
    """Read and judge the file as loading would, without landing it."""
    (arrival,) = recognise_all(path, Options(mapping=mapping))
    names = find_contract(arrival.contract.kind).names
    home.prepare()
    with (
        hold_lock(home, shared=True),
        open_landing(home, write=False) as connection,
        explain_storage(),
    ):
        found = examine(connection, arrival)
        listed = ", ".join(map(quote, names))
        rows = connection.execute(
            f"select {listed} from staged where structure is null order by line_no limit {FIRST}"
        ).fetchall()
    return Preview(names, tuple(rows), found.rows, found.good, found.reasons)
