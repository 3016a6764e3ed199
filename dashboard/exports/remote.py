"""Files of object stores, fetched through fsspec into the folder that is removed after the run.

fsspec and the drivers (s3fs, gcsfs) are the extra ``cloud``. Only the stores named here are opened: no
web addresses, no chains of file systems. Credentials are those of the drivers' own configuration.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from assessments.errors import BadInput, StorageFull
from dashboard.exports.readers.formats import FOREIGN, FORMATS, plain_suffix

STORES = ("s3", "s3a", "gs", "gcs", "memory", "file")
BLOCK = 4 << 20
_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]+):/{1,3}(.+)", re.DOTALL)


def fetch(paths: Sequence[Path], scratch: Path) -> list[Path]:
    """The paths, with each remote one replaced by the files that were fetched from it."""
    found: list[Path] = []
    for path in paths:
        address = _address(path)
        found += [path] if address is None else _fetched(*address, scratch)
    return found


def _address(path: Path) -> tuple[str, str] | None:
    """Scheme and rest: a path object has already made one slash of the two."""
    match = _ADDRESS.fullmatch(str(path))
    if match is None or path.exists():
        return None
    scheme, rest = match.groups()
    if scheme not in STORES or "::" in rest:
        raise BadInput(
            "This kind of address cannot be loaded",
            f"Stores are {', '.join(f'{store}://' for store in STORES)}.",
            where={"file": f"{scheme}://"},
        )
    return scheme, f"/{rest}" if scheme == "file" else rest


def _fetched(scheme: str, rest: str, scratch: Path) -> Iterator[Path]:
    place = f"{scheme}://{rest}"
    system = _system(scheme)
    try:
        names = _names(system, rest)
        if not names:
            raise BadInput("There is nothing to load", where={"file": place})
        for name in names:
            yield _copy(system, name, Path(tempfile.mkdtemp(dir=scratch)))
    except OSError as error:
        if error.errno == 28:
            raise StorageFull("There is no room left to fetch this", place) from error
        raise _unreadable(place, error) from error
    except BadInput:
        raise
    except Exception as error:
        raise _unreadable(place, error) from error


def _system(scheme: str) -> Any:
    try:
        import fsspec

        return fsspec.filesystem(scheme)
    except ImportError as error:
        raise BadInput(
            f"{scheme}:// needs drivers that are not installed",
            "Install the extra: privacy-workbench[cloud].",
        ) from error


def _names(system: Any, rest: str) -> list[str]:
    """One file, those that a pattern finds, or those that stand directly in a folder."""
    if any(sign in rest for sign in "*?["):
        return sorted(str(name) for name in system.glob(rest) if system.isfile(name))
    if system.isfile(rest):
        return [rest]
    inside = sorted(
        entry["name"] for entry in system.ls(rest, detail=True) if entry["type"] == "file"
    )
    return [name for name in inside if plain_suffix(Path(name)) in (*FORMATS, *FOREIGN)]


def _copy(system: Any, name: str, folder: Path) -> Path:
    target = folder / Path(name).name
    with system.open(name, "rb") as source, target.open("wb") as file:
        shutil.copyfileobj(source, file, BLOCK)
    return target


def _unreadable(place: str, error: Exception) -> BadInput:
    return BadInput(
        "The object store did not give this",
        f"{type(error).__name__}. Nothing of it was loaded.",
        where={"file": place},
    )
