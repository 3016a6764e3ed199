"""Files that are whole or not there, also after a power failure."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

OWNER_ONLY = 0o600
PUBLISHED = 0o644


def replace_file(path: Path, data: bytes, mode: int = OWNER_ONLY) -> None:
    """Write aside, flush the file, rename, flush the folder; a missing folder is made private."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as handle:
        handle.write(data)
        handle.flush()
        os.fsync(handle.fileno())
    partial.replace(path)
    flush(path.parent)


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal; memory does not depend on its size."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def flush(path: Path) -> None:
    """Bring what the system holds back of a file or a folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
