"""ZIP files from strangers: every member is checked before one byte of it is unpacked.

Nothing is ever written to a path that an archive names; names are only shown. Refused are paths
that leave the folder, links, encryption, archives in archives, and more than the limits allow.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib

from assessments.errors import BadInput

MAX_MEMBERS = 1_000
MAX_TOTAL = 128 * 1024 * 1024
MAX_RATIO = 200
SMALL = 1024 * 1024
MAX_NAME = 255
_CHUNK = 64 * 1024
_DRIVE = re.compile(r"[A-Za-z]:")
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError,
)  # fmt: skip
"""What the standard library raises on an archive with damaged numbers; it promises no list."""
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


def is_archive(data: bytes) -> bool:
    """Whether these bytes are a ZIP that holds files; an office document is one file of its own."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06")) and not _is_office_file(data)


def _is_office_file(data: bytes) -> bool:
    return b"[Content_Types].xml" in data or data[30:38] == b"mimetype"


def unpack(data: bytes, file: str) -> list[tuple[str, bytes]]:
    """Name and bytes of every member, in the order of the archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
            _check_all(archive.infolist(), file)
            return [(info.filename, _member(archive, info, file)) for info in members]
    except _DAMAGE as error:
        raise BadInput("The archive is damaged", "Make it again.", where={"file": file}) from error


def _check_all(members: list[zipfile.ZipInfo], file: str) -> None:
    if len(members) > MAX_MEMBERS:
        raise BadInput(
            "The archive holds too many files", f"At most {MAX_MEMBERS}.", where={"file": file}
        )
    seen: set[str] = set()
    for info in members:
        problem = _problem(info)
        if info.filename.casefold() in seen:
            problem = "Two members have the same name"
        seen.add(info.filename.casefold())
        if problem:
            where = {"file": file, "member": info.filename[:MAX_NAME]}
            raise BadInput(problem, "Nothing was unpacked.", where=where)
    if sum(info.file_size for info in members) > MAX_TOTAL:
        raise BadInput(
            "The archive is too large", f"At most {MAX_TOTAL} bytes.", where={"file": file}
        )


def _problem(info: zipfile.ZipInfo) -> str:
    name = info.orig_filename.replace("\\", "/")
    parts = name.rstrip("/").split("/")
    if name.startswith("/") or _DRIVE.match(name) or ".." in parts or "\x00" in name:
        return "A member's path leaves the archive"
    if not 0 < len(name) <= MAX_NAME or "" in parts:
        return "A member's name cannot be used"
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "A member is a link or a device"
    if info.flag_bits & 0x1:
        return "A member is encrypted"
    if info.compress_type not in _METHODS:
        return "A member is compressed in a way that is not read here"
    if info.file_size > SMALL and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        return "A member grows out of proportion when unpacked"
    return ""


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, file: str) -> bytes:
    """The bytes of one member; what it declares about its size is not believed."""
    where = {"file": file, "member": info.filename}
    parts, size = [], 0
    with archive.open(info) as handle:
        while chunk := handle.read(_CHUNK):
            size += len(chunk)
            if size > info.file_size:
                raise BadInput("A member is larger than it says", where=where)
            parts.append(chunk)
    content = b"".join(parts)
    if content.startswith(b"PK\x03\x04") and not _is_office_file(content):
        raise BadInput(
            "There is an archive in the archive", "Unpack it and import its files.", where=where
        )
    return content
