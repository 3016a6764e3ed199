"""Compressed files (gzip, zstd) as plain ones in a folder that is removed after the run.

Everything that follows sees the plain file, so the same content is the same batch, compressed or not.
A file that unpacks to more than a limit and out of all proportion is refused: it is a decompression bomb.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from assessments.errors import BadInput, StorageFull
from assessments.settings import Home

COMPRESSIONS = {".gz": "gzip", ".zst": "zstd"}
BLOCK = 1 << 20
FREE_SIZE = 256 << 20
MOST_TIMES = 200


@contextmanager
def scratch_folder(home: Home, *, is_alone: bool = False) -> Iterator[Path]:
    """A folder of the home for what a run unpacks; who is alone removes what killed runs have left."""
    if is_alone:
        for left in home.warehouse.glob("unpacked-*"):
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="unpacked-", dir=home.warehouse) as folder:
        yield Path(folder)


def inflate(path: Path, scratch: Path) -> Path:
    """The plain file of a compressed one; any other file as it is."""
    codec = COMPRESSIONS.get(path.suffix.lower())
    if codec is None:
        return path
    folder = Path(tempfile.mkdtemp(dir=scratch))
    target = folder / path.stem
    try:
        _unpack(path, target, codec)
    except pa.ArrowInvalid as error:
        raise _damaged(path) from error
    except OSError as error:
        if error.errno is None:
            raise _damaged(path) from error
        raise StorageFull("There is no room left to unpack this", str(error.strerror)) from error
    return target


def _unpack(path: Path, target: Path, codec: str) -> None:
    packed, size = path.stat().st_size, 0
    with pa.input_stream(str(path), compression=codec) as source, target.open("wb") as file:
        while block := source.read(BLOCK):
            size += len(block)
            if size > FREE_SIZE and size > packed * MOST_TIMES:
                raise BadInput(
                    "This file unpacks to far more than it should",
                    f"More than {MOST_TIMES} times its size. Nothing of it was kept.",
                    where={"file": path.name},
                )
            file.write(block)


def _damaged(path: Path) -> BadInput:
    return BadInput(
        "This compressed file cannot be unpacked",
        "It is cut off or damaged. The whole file was left aside; nothing was loaded.",
        where={"file": path.name},
    )
