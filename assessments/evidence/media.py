"""Which files can be evidence: known by their content, and free of anything that runs.

The name only chooses between kinds of text; whatever it claims, the content has to fit. Reading is
bounded, so that a hostile file costs bounded time and memory.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assessments.errors import BadInput
from assessments.evidence import office_files, pdf_files

HEAD = 4_096
MAX_NAME = 200
MAX_PARSED = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Media:
    """A kind of file; ``extensions`` are those that its name may have."""

    type: str
    title: str
    extensions: tuple[str, ...]


PDF = Media("application/pdf", "PDF", (".pdf",))
PNG = Media("image/png", "PNG image", (".png",))
JPEG = Media("image/jpeg", "JPEG image", (".jpg", ".jpeg"))
PARQUET = Media("application/vnd.apache.parquet", "Parquet table", (".parquet",))
DOCX = Media(office_files.DOCX, "Word document", (".docx",))
XLSX = Media(office_files.XLSX, "Excel workbook", (".xlsx",))
NOTEBOOK = Media("application/x-ipynb+json", "Jupyter notebook", (".ipynb",))
JSON = Media("application/json", "JSON", (".json",))
CSV = Media("text/csv", "CSV table", (".csv", ".tsv"))
YAML = Media("application/yaml", "YAML", (".yaml", ".yml"))
TEXT = Media("text/plain", "Plain text", (".txt", ".md", ".log"))
ALLOWED = (PDF, PNG, JPEG, TEXT, CSV, JSON, YAML, DOCX, XLSX, NOTEBOOK, PARQUET)
EXTENSIONS = tuple(extension for media in ALLOWED for extension in media.extensions)

_PROGRAMS = {
    b"MZ": "a Windows program",
    b"\x7fELF": "a Linux program",
    b"\xca\xfe\xba\xbe": "a Java class or a macOS program",
    b"\xcf\xfa\xed\xfe": "a macOS program",
    b"\xce\xfa\xed\xfe": "a macOS program",
    b"\xfe\xed\xfa\xcf": "a macOS program",
    b"#!": "a script",
    b"\xd0\xcf\x11\xe0": "an encrypted or old Office file, which may hold macros",
}
_MARKUP = re.compile(
    rb"(?i)\A[\s\x00]*<(?:!doctype|\?xml|\?php|html|script|svg|body|head|iframe|%)"
)
_DYNAMIC_EXCHANGE = re.compile(
    rb"(?im)(?:^|[,;\t]) {0,9}[\"']? {0,9}[=+\-@][^,;\t\r\n|]{0,40}\|[^!\r\n]{0,120}!"
)


def recognise(file: Path, name: str) -> Media:
    """What kind of file this is, or BadInput with the reason why it cannot be evidence."""
    with file.open("rb") as source:
        head = source.read(HEAD)
    if not head:
        raise _refused("The file is empty")
    what = next((said for magic, said in _PROGRAMS.items() if head.startswith(magic)), None)
    if what:
        raise _refused(f"This is {what}")
    found = _by_magic(file, head) or _text(file, Path(name).suffix.lower())
    if Path(name).suffix.lower() not in found.extensions:
        raise BadInput(
            "The name does not fit the content",
            f"The content is a {found.title}; its name should end in {' or '.join(found.extensions)}.",
        )
    return found


def _refused(title: str) -> BadInput:
    kinds = ", ".join(media.title for media in ALLOWED)
    return BadInput(f"{title}, which cannot be evidence", f"Evidence can be: {kinds}.")


def _by_magic(file: Path, head: bytes) -> Media | None:
    for magic, look in _LOOKS.items():
        if head.startswith(magic):
            return look(file)
    return None


def _pdf(file: Path) -> Media:
    pdf_files.check(file)
    return PDF


def _png(file: Path) -> Media:
    """Nothing may follow the last chunk (ISO/IEC 15948, 11.2.5): a second file could hide there."""
    return _ends_with(file, b"IEND\xaeB`\x82", PNG)


def _jpeg(file: Path) -> Media:
    return _ends_with(file, b"\xff\xd9", JPEG)


def _parquet(file: Path) -> Media:
    return _ends_with(file, b"PAR1", PARQUET)


def _ends_with(file: Path, tail: bytes, media: Media) -> Media:
    with file.open("rb") as source:
        source.seek(-min(len(tail), file.stat().st_size), 2)
        if source.read() != tail:
            raise BadInput(
                f"This begins as a {media.title} and does not end as one",
                "It is cut off, or something follows its end. Save it again.",
            )
    return media


def _office(file: Path) -> Media:
    return {DOCX.type: DOCX, XLSX.type: XLSX}[office_files.check(file)]


_LOOKS: dict[bytes, Callable[[Path], Media]] = {
    b"%PDF-": _pdf,
    b"\x89PNG\r\n\x1a\n": _png,
    b"\xff\xd8\xff": _jpeg,
    b"PAR1": _parquet,
    b"PK": _office,
}


def _text(file: Path, extension: str) -> Media:
    """UTF-8 without control characters; markup and spreadsheet commands run in what opens them."""
    data = file.read_bytes().removeprefix(b"\xef\xbb\xbf")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refused("This is no kind of file that we know") from error
    if re.search(rb"[\x00-\x08\x0e-\x1f]", data):
        raise _refused("This is no kind of file that we know")
    if _MARKUP.match(data):
        raise _refused("This is markup that a browser may run")
    if extension in (*JSON.extensions, *NOTEBOOK.extensions):
        return _json(data)
    if extension in CSV.extensions:
        if _DYNAMIC_EXCHANGE.search(data):
            raise _refused("A cell of this table starts a program in a spreadsheet")
        return CSV
    return YAML if extension in YAML.extensions else TEXT


def _json(data: bytes) -> Media:
    if len(data) > MAX_PARSED:
        raise BadInput("The JSON is too large to look into", f"At most {MAX_PARSED} bytes.")
    try:
        content = read_json(data)
    except (ValueError, RecursionError) as error:
        raise _refused("The name says JSON and the content is none") from error
    is_notebook = isinstance(content, dict) and {"cells", "nbformat"} <= content.keys()
    return NOTEBOOK if is_notebook else JSON


def read_json(data: bytes) -> Any:
    """One document, or those of all lines as log exporters write them; ValueError otherwise."""
    try:
        return json.loads(data)
    except json.JSONDecodeError as error:
        lines = [line for line in data.splitlines() if line.strip()]
        if len(lines) < 2 or error.msg != "Extra data":
            raise
        return [json.loads(line) for line in lines]
