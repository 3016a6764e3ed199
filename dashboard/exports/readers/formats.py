"""Which reader a file needs, by its suffix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from assessments.errors import BadInput
from dashboard.exports.contract import Contract
from dashboard.exports.readers import csv_file, json_file, parquet_file, xlsx_file
from dashboard.exports.readers.inflate import COMPRESSIONS
from dashboard.exports.readers.source import Source
from dashboard.exports.staging import Stream


@dataclass(frozen=True, slots=True)
class Format:
    """One file format: how to read its header, how to stage its records, or stream them while judging."""

    read_header: Callable[[Source], tuple[str, ...]]
    stage: Callable[[duckdb.DuckDBPyConnection, Source, Contract], tuple[str, ...]]
    stream: Callable[[Source, Contract], Stream | None] | None = None


_CSV = Format(csv_file.read_header, csv_file.stage, csv_file.stream)
_JSON = Format(json_file.read_header, json_file.stage)

FORMATS: dict[str, Format] = {
    ".csv": _CSV,
    ".json": _JSON,
    ".jsonl": _JSON,
    ".ndjson": _JSON,
    ".parquet": Format(parquet_file.read_header, parquet_file.stage, parquet_file.stream),
    ".xlsx": Format(xlsx_file.read_header, xlsx_file.stage),
}


FOREIGN = (".log",)


def plain_suffix(path: Path) -> str:
    """The suffix without that of a compression."""
    name = Path(path.stem) if path.suffix.lower() in COMPRESSIONS else path
    return name.suffix.lower()


def _expand(path: Path) -> list[Path]:
    if path.exists() or not any(sign in str(path) for sign in "*?["):
        return [path]
    root = Path(path.anchor)
    pattern = str(path.relative_to(root) if path.anchor else path)
    return sorted(found for found in root.glob(pattern) if found.is_file())


def find_format(path: Path) -> Format:
    """The format of a file; an unknown suffix is refused."""
    found = FORMATS.get(path.suffix.lower())
    if found is None:
        raise BadInput(
            "This kind of file cannot be loaded",
            f"Files end in {', '.join(FORMATS)}.",
            where={"file": path.name},
        )
    return found


def find_files(paths: list[Path]) -> list[Path]:
    """Files as given, and those that a pattern such as ``logs/**/*.json.gz`` finds.

    Of a folder, what stands directly in it and has a suffix of a format, compressed or not.
    """
    found: list[Path] = []
    for path in [one for given in paths for one in _expand(given)]:
        if path.is_dir():
            inside = sorted(entry for entry in path.iterdir() if entry.is_file())
            found += [entry for entry in inside if plain_suffix(entry) in (*FORMATS, *FOREIGN)]
        elif path.exists():
            found.append(path)
        else:
            raise BadInput("There is no such file", where={"file": str(path)})
    if not found:
        raise BadInput(
            "There is nothing to load", f"Files end in {', '.join(FORMATS)}.",
            where={"file": ", ".join(path.name for path in paths)},
        )  # fmt: skip
    return found
