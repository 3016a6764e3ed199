"""Sealing archives with age (C2SP age v1): backups need the public half alone.

The private half lives in an identity file, itself sealed with a passphrase, away from the machine.
Every age program opens both.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pyrage

from assessments.errors import BadInput, NotFound
from assessments.files import PUBLISHED, replace_file

RECIPIENT_FILE = "backup.recipients"
MAX_IDENTITY_BYTES = 64 * 1024


def create_identity(file: Path, folder: Path, passphrase: str) -> str:
    """Make a key pair: the sealed private half in ``file``, the public one in ``folder``; returns it."""
    if file.exists():
        raise BadInput("The identity file exists already", "It is never overwritten.",
                       where={"file": file.name})  # fmt: skip
    if not passphrase:
        raise BadInput("An empty passphrase protects nothing", field="passphrase")
    identity = pyrage.x25519.Identity.generate()
    recipient = str(identity.to_public())
    replace_file(file, pyrage.passphrase.encrypt(f"{identity}\n".encode(), passphrase))
    known = read_recipients(folder) if (folder / RECIPIENT_FILE).exists() else []
    replace_file(folder / RECIPIENT_FILE, "".join(f"{r}\n" for r in [*known, recipient]).encode(),
                 PUBLISHED)  # fmt: skip
    return recipient


def read_recipients(folder: Path) -> list[str]:
    """The public keys that every backup is sealed for."""
    try:
        lines = (folder / RECIPIENT_FILE).read_text("utf-8").split()
    except FileNotFoundError as error:
        raise NotFound(
            "No backup key has been made yet",
            "Make one with: privacy backup key FILE, and keep FILE away from this machine.",
        ) from error
    return lines


def open_identity(file: Path, passphrase: str) -> Any:
    """The private half; BadInput when the passphrase does not open it."""
    try:
        data = file.read_bytes()[: MAX_IDENTITY_BYTES + 1]
    except FileNotFoundError as error:
        raise NotFound("There is no such identity file", where={"file": file.name}) from error
    if len(data) > MAX_IDENTITY_BYTES:
        raise BadInput("This is no identity file", where={"file": file.name})
    try:
        return pyrage.x25519.Identity.from_str(
            pyrage.passphrase.decrypt(data, passphrase).decode().strip()
        )
    except (pyrage.DecryptError, pyrage.IdentityError, UnicodeDecodeError) as error:
        raise BadInput(
            "The identity file does not open",
            "The passphrase is another, or the file is damaged.",
            where={"file": file.name},
            field="passphrase",
        ) from error


@contextmanager
def sealing(target: IO[bytes], recipients: Sequence[str]) -> Iterator[IO[bytes]]:
    """A stream whose bytes arrive sealed in ``target``; nothing lies on the disk in the clear."""
    try:
        keys = [pyrage.x25519.Recipient.from_str(text) for text in recipients]
    except pyrage.RecipientError as error:
        raise BadInput("A backup key cannot be read", where={"file": RECIPIENT_FILE}) from error
    with _piped(lambda source: pyrage.encrypt_io(source, target, keys)) as sink:
        yield sink


@contextmanager
def opening(file: Path, identity: Any) -> Iterator[IO[bytes]]:
    """A stream of what a sealed file holds; BadInput when it was changed, cut off or is not ours."""
    reader, writer = os.pipe()
    problems: list[Exception] = []

    def work() -> None:
        try:
            with os.fdopen(writer, "wb") as sink, file.open("rb") as sealed:
                pyrage.decrypt_io(sealed, sink, [identity])
        except Exception as error:
            problems.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    failed: Exception | None = None
    with os.fdopen(reader, "rb") as source:
        try:
            yield source
            source.read()
        except Exception as error:
            failed = error
    thread.join()
    if problems and not isinstance(problems[0], BrokenPipeError):
        raise BadInput(
            "The backup does not open with this key",
            "It was sealed for another key, was changed, or is cut off. Nothing was restored.",
            where={"file": file.name},
        ) from problems[0]
    if failed is not None:
        raise failed


@contextmanager
def _piped(work: Callable[[IO[bytes]], None]) -> Iterator[IO[bytes]]:
    """A writable end whose other end ``work`` reads in a thread; its failure is raised here."""
    reader, writer = os.pipe()
    problems: list[Exception] = []

    def run() -> None:
        try:
            with os.fdopen(reader, "rb") as source:
                work(source)
        except Exception as error:
            problems.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        with os.fdopen(writer, "wb") as sink:
            yield sink
    except BrokenPipeError:
        pass
    thread.join()
    if problems:
        raise problems[0]
