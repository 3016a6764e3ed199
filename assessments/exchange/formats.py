"""The formats that are known, in the order in which a file is offered to them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assessments.errors import BadInput, NotFound
from assessments.exchange import (
    archive_files,
    ciso_assistant,
    cnil,
    dpv,
    fides,
    minbzk,
    record_json,
    record_sheets,
    register_sheet,
    word,
)
from assessments.exchange.frame import ForeignFile, Format, Reading
from assessments.exchange.json_text import looks_like_json, read_json
from assessments.exchange.loss import Loss

FORMATS: tuple[Format, ...] = (
    cnil.FORMAT,
    minbzk.FORMAT,
    fides.FORMAT,
    ciso_assistant.FORMAT,
    register_sheet.FORMAT,
    record_json.FORMAT,
    word.FORMAT,
    record_sheets.FORMAT,
    dpv.FORMAT,
)

MAX_BYTES = 64 * 1024 * 1024
UNREAD = "It is not of the format that was read; it is kept with the original archive."


def find_format(name: str) -> Format:
    """The format of this name, or NotFound."""
    for known in FORMATS:
        if known.name == name:
            return known
    raise NotFound(f"There is no format {name}", f"Formats: {_names()}.", field="format")


def readable() -> list[Format]:
    """The formats that can be imported."""
    return [known for known in FORMATS if known.read]


def writable() -> list[Format]:
    """The formats that can be exported."""
    return [known for known in FORMATS if known.write]


def open_files(data: bytes, name: str) -> list[ForeignFile]:
    """The file, or the files of an archive, with their JSON parsed where they are JSON."""
    if not data:
        raise BadInput("The file is empty", where={"file": name})
    if len(data) > MAX_BYTES:
        raise BadInput("The file is too large", f"At most {MAX_BYTES} bytes.", where={"file": name})
    if not archive_files.is_archive(data):
        return [_opened(name, data, "")]
    return [_opened(name, part, member) for member, part in archive_files.unpack(data, name)]


def _opened(name: str, data: bytes, member: str) -> ForeignFile:
    own_name = (member or name).lower()
    if own_name.endswith((".yaml", ".yml")) or not looks_like_json(data):
        if own_name.endswith(".json"):
            read_json(data, member or name)
        return ForeignFile(name, data, member=member)
    content, losses = read_json(data, member or name)
    return ForeignFile(name, data, content, member, losses)


def recognise(file: ForeignFile) -> Format | None:
    """The first format that knows this file."""
    return next((f for f in readable() if f.recognise and f.recognise(file)), None)


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says; beside are the files of an archive that are of another kind."""

    format: Format
    readings: list[Reading]
    losses: tuple[Loss, ...]
    beside: tuple[ForeignFile, ...]


def read_file(data: bytes, name: str, format_name: str | None = None) -> Read:
    """Everything that a file says, and which of an archive's files were not read."""
    files = open_files(data, name)
    wanted = find_format(format_name) if format_name else None
    known = [(file, _of(file, wanted)) for file in files]
    found = next((form for _, form in known if form), None)
    if found is None or found.read is None:
        raise BadInput(
            "No format recognises this file" if wanted is None else f"This is not {wanted.title}",
            f"Formats that can be read: {', '.join(f.title for f in readable())}.",
            where={"file": name},
        )
    read = [file for file, form in known if form is found]
    readings = [replace(made, member=file.member) for file in read for made in found.read(file)]
    if not readings:
        raise BadInput(f"The file holds no {found.title}", where={"file": name})
    beside = tuple(file for file, form in known if form is not found)
    losses = tuple(loss for file in read for loss in file.losses)
    if found.attachments and len(readings) == 1:
        return Read(found, readings, losses, beside)
    unread = (Loss(file.place, f"{len(file.data)} bytes", UNREAD) for file in beside)
    return Read(found, readings, (*losses, *unread), ())


def _of(file: ForeignFile, wanted: Format | None) -> Format | None:
    """The format that reads this file; a wanted one is still asked whether it knows it."""
    if wanted is None:
        return recognise(file)
    return wanted if wanted.recognise and wanted.recognise(file) else None


def _names() -> str:
    return ", ".join(known.name for known in FORMATS)
