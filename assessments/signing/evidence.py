"""What there is to verify, read with bounds: a pack (folder or zip) or a report alone."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509

from assessments.errors import BadInput, NotFound
from assessments.signing.succession import carry_trust, is_same_authority

MAX_FILE = 64 * 1024 * 1024
MAX_TOTAL = 128 * 1024 * 1024
MAX_FILES = 256
REPORT = "report.pdf"
REDACTED = "redacted.json"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The report, and the other files of its pack; ``is_pack`` is false for a report alone."""

    report: bytes
    files: dict[str, bytes]
    is_pack: bool

    @property
    def is_edition(self) -> bool:
        """Whether this is a redacted edition: no report of its own, but a proof."""
        return REDACTED in self.files and REPORT not in self.files

    @property
    def vkey(self) -> str | None:
        """The log's key as the pack names it."""
        return self.files.get("vkey", b"").decode("utf-8", "replace").strip() or None


@dataclass(frozen=True, slots=True)
class Policy:
    """What the verifier expects, from outside the pack; without roles, those that the record names."""

    roles: tuple[str, ...] | None = None
    persons: tuple[tuple[str, str], ...] = ()
    vkey: str | None = None
    root_sha256: str | None = None
    max_checkpoint_age_days: int | None = None

    def person(self, role: str) -> str | None:
        return dict(self.persons).get(role)


def read_evidence(path: Path) -> Evidence:
    """Read a pack or a report; BadInput when it is neither, or too large."""
    if path.is_dir():
        return _as_pack(dict(_folder(path)))
    if not path.is_file():
        raise NotFound("There is no such file", where={"file": path.name})
    data = _bounded(path)
    if data.startswith(b"%PDF-"):
        return Evidence(data, {}, False)
    if zipfile.is_zipfile(io.BytesIO(data)):
        return _as_pack(dict(_archive(data)))
    raise BadInput("This is neither a report nor a pack", "Expected PDF, zip or a folder.")


def read_policy(data: bytes) -> Policy:
    """A policy file: ``roles`` with ``role`` and optional ``person``; optional pins."""
    try:
        content: Any = json.loads(data)
        roles = content["roles"]
        return Policy(
            tuple(str(role["role"]) for role in roles),
            tuple((role["role"], role["person"]) for role in roles if role.get("person")),
            content.get("vkey"),
            content.get("root_sha256"),
            content.get("max_checkpoint_age_days"),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadInput("The policy file is not usable", 'Expected {"roles": [...]}') from error


def read_certificate(data: bytes) -> x509.Certificate:
    """A certificate in PEM or DER."""
    try:
        if b"-----BEGIN" in data:
            return x509.load_pem_x509_certificate(data)
        return x509.load_der_x509_certificate(data)
    except ValueError as error:
        raise BadInput("This is not a certificate", "Expected PEM or DER.") from error


def read_trust(data: bytes, evidence: Evidence) -> x509.Certificate:
    """The root to trust; of a chain of successors the last, as the pack has it."""
    if data.count(b"-----BEGIN CERTIFICATE") < 2:
        return read_certificate(data)
    try:
        chain = x509.load_pem_x509_certificates(data)
    except ValueError as error:
        raise BadInput("The trusted certificates cannot be read", "Expected PEM.") from error
    carried = [carry_trust(chain[: number + 1]) for number in range(len(chain))]
    if "root.crt" not in evidence.files:
        return carried[-1]
    own = read_certificate(evidence.files["root.crt"])
    return own if any(is_same_authority(own, one) for one in carried) else carried[0]


def _as_pack(files: dict[str, bytes]) -> Evidence:
    if REDACTED in files and REPORT not in files:
        return Evidence(b"", files, True)
    if REPORT not in files:
        raise BadInput("The pack has no report", f"Expected a file {REPORT}.")
    return Evidence(files[REPORT], files, True)


def _folder(path: Path) -> Iterator[tuple[str, bytes]]:
    total = 0
    for number, file in enumerate(sorted(path.iterdir())):
        if number >= MAX_FILES or file.is_symlink() or not file.is_file():
            raise BadInput("The folder is not a pack", f"At most {MAX_FILES} plain files.")
        data = _bounded(file)
        total += len(data)
        if total > MAX_TOTAL:
            raise BadInput("The pack is too large", f"At most {MAX_TOTAL} bytes.")
        yield file.name, data


def _archive(data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            names = [entry.filename for entry in entries]
            if len(entries) > MAX_FILES or len(set(names)) != len(names):
                raise BadInput("The archive is not a pack", "Too many files, or a name twice.")
            total = 0
            for entry in entries:
                content = _member(archive, entry, MAX_TOTAL - total)
                total += len(content)
                yield entry.filename, content
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise BadInput("The archive is damaged") from error


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> bytes:
    """The content, counted while it is inflated: the size in the directory may lie."""
    name = entry.filename
    if "/" in name or "\\" in name or name.startswith(".") or entry.flag_bits & 1:
        raise BadInput("The archive is not a pack", "It holds folders or encrypted files.")
    limit = min(MAX_FILE, room)
    with archive.open(entry) as source:
        content = source.read(limit + 1)
    if len(content) > limit:
        raise BadInput("The pack is too large", f"At most {MAX_TOTAL} bytes.")
    return content


def _bounded(file: Path) -> bytes:
    try:
        with file.open("rb") as source:
            data = source.read(MAX_FILE + 1)
    except OSError as error:
        raise BadInput("The file cannot be read", where={"file": file.name}) from error
    if len(data) > MAX_FILE:
        raise BadInput("The file is too large", f"At most {MAX_FILE} bytes.")
    return data
