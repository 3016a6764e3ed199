"""What is inside a backup: a tar of plain files, and at its end a manifest with every digest."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from assessments.errors import BadInput

MANIFEST = "manifest.json"
FORMAT = "privacy-workbench/backup/v1"
MAX_MANIFEST = 64 * 1024 * 1024
CHUNK = 1024 * 1024


@dataclass(slots=True)
class Writer:
    """Adds files one after the other, and the manifest on closing."""

    tar: tarfile.TarFile
    facts: dict[str, Any]
    files: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def to(cls, stream: IO[bytes], facts: dict[str, Any]) -> Writer:
        return cls(tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT), facts)

    def add(self, name: str, path: Path) -> None:
        """Add one file; its digest is taken from the bytes that go into the archive."""
        with path.open("rb") as handle:
            size = os.fstat(handle.fileno()).st_size
            hashed = _Hashed(handle)
            self.tar.addfile(_entry(name, size), hashed)
        self.files.append({"name": name, "size": size, "sha256": hashed.digest.hexdigest()})

    def add_folder(self, name: str, folder: Path) -> None:
        """Add every plain file below a folder, in order; partial and hidden files stay out."""
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            inside = path.relative_to(folder)
            if path.is_file() and not path.is_symlink() and not _is_hidden(inside):
                self.add(f"{name}/{inside.as_posix()}", path)

    def close(self) -> None:
        content = {
            "format": FORMAT,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            **self.facts,
            "files": self.files,
        }
        data = json.dumps(content, indent=1).encode()
        self.tar.addfile(_entry(MANIFEST, len(data)), io.BytesIO(data))
        self.tar.close()


def extract(stream: IO[bytes], folder: Path) -> dict[str, Any]:
    """Write the files of an archive below ``folder`` and return its manifest, after comparing both."""
    found: dict[str, tuple[int, str]] = {}
    manifest: dict[str, Any] | None = None
    try:
        with tarfile.open(fileobj=stream, mode="r|") as tar:
            for entry in tar:
                if manifest is not None:
                    raise _damaged(entry.name, "Something follows the manifest.")
                if entry.name == MANIFEST and entry.isfile() and entry.size <= MAX_MANIFEST:
                    manifest = json.loads(_content(tar, entry).read())
                else:
                    found[entry.name] = _write(tar, entry, folder)
    except (tarfile.TarError, ValueError, EOFError) as error:
        raise _damaged("", "It is not an archive of this product, or it is cut off.") from error
    _compare(manifest, found)
    return manifest or {}


def _compare(manifest: dict[str, Any] | None, found: dict[str, tuple[int, str]]) -> None:
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise _damaged(MANIFEST, f"The manifest is missing or not {FORMAT}.")
    told = {item["name"]: (item["size"], item["sha256"]) for item in manifest["files"]}
    for name in sorted(set(told) | set(found)):
        if told.get(name) != found.get(name):
            raise _damaged(name, "It is not what the manifest says.")


def _write(tar: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path) -> tuple[int, str]:
    name = PurePosixPath(entry.name)
    if not entry.isfile() or name.is_absolute() or not name.parts or ".." in name.parts:
        raise _damaged(entry.name, "Only plain files below the home directory are restored.")
    target = folder.joinpath(*name.parts)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    source = _content(tar, entry)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
        while block := source.read(CHUNK):
            digest.update(block)
            handle.write(block)
        handle.flush()
        os.fsync(handle.fileno())
    return entry.size, digest.hexdigest()


def _content(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> IO[bytes]:
    content = tar.extractfile(entry)
    if content is None:
        raise _damaged(entry.name, "It has no content.")
    return content


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts) or path.suffix == ".lock"


def _damaged(name: str, why: str) -> BadInput:
    where = {"entry": name} if name else {}
    return BadInput("The backup is damaged", f"{why} Nothing was restored.", where=where)


class _Hashed(io.RawIOBase):
    """A file that is hashed as it is read."""

    def __init__(self, handle: IO[bytes]) -> None:
        self._handle = handle
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._handle.read(size)
        self.digest.update(data)
        return data
