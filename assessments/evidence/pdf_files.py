"""PDF files without scripts, started programs and hidden programs (ISO 32000-2, 12.6.4).

The file may be hostile, a few bytes that unpack to gigabytes for example; so a child process with
bounded time and memory looks into it.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pikepdf

from assessments.errors import BadInput

MAX_OBJECTS = 200_000
MEMORY = 1024**3
SECONDS = 30
_RUNS = {"/JavaScript": "a script", "/Launch": "a program that it starts", "/Rendition": "a script"}
_PROGRAM_STARTS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"#!", b"PK")


def check(file: Path) -> None:
    """BadInput when the file is damaged, locked, or holds something that runs."""
    command = [sys.executable, "-P", "-W", "ignore", __file__, str(MEMORY), str(file)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
        answer: dict[str, str] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError) as error:
        raise BadInput(
            "The PDF is too complex to look into", "It needs more time or memory than a file may."
        ) from error
    if answer:
        raise BadInput(answer["title"], answer["detail"])


def check_here(file: Path) -> None:
    """The same in this process, without limits."""
    try:
        with pikepdf.open(file) as document:
            _check_objects(document)
            _check_attachments(document)
            is_repaired = bool(document.get_warnings())
    except pikepdf.PasswordError as error:
        raise BadInput(
            "The PDF is locked with a password", "Nobody can look into it. Save it without one."
        ) from error
    except (pikepdf.PdfError, ValueError, RecursionError, MemoryError) as error:
        raise _damaged() from error
    if is_repaired:
        raise _damaged()


def _damaged() -> BadInput:
    """What one reader skips or repairs, another may show: nothing is certain about such a file."""
    return BadInput("The PDF is damaged", "Save it again with the program that made it.")


def _check_objects(document: pikepdf.Pdf) -> None:
    if len(document.objects) > MAX_OBJECTS:
        raise BadInput("The PDF is too complex to look into", f"At most {MAX_OBJECTS} objects.")
    for item in document.objects:
        for entry in _dictionaries(item):
            kind = str(entry.get("/S", ""))
            if kind in _RUNS:
                raise BadInput(
                    f"The PDF holds {_RUNS[kind]}", "Save it without, for example as PDF/A."
                )
            if "/JS" in entry:
                raise BadInput("The PDF holds a script", "Save it without, for example as PDF/A.")


def _dictionaries(item: Any, depth: int = 0) -> list[Any]:
    """The direct dictionaries of one object; indirect ones are objects of their own."""
    if depth > 20:
        raise BadInput("The PDF is nested too deeply to look into")
    if isinstance(item, pikepdf.Array):
        return [d for part in item if _is_direct(part) for d in _dictionaries(part, depth + 1)]
    if not isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        return []
    entry = item.stream_dict if isinstance(item, pikepdf.Stream) else item
    inner = [entry[key] for key in entry]
    return [
        entry,
        *(d for part in inner if _is_direct(part) for d in _dictionaries(part, depth + 1)),
    ]


def _is_direct(part: Any) -> bool:
    return isinstance(part, pikepdf.Object) and not part.is_indirect


def _check_attachments(document: pikepdf.Pdf) -> None:
    for attachment in document.attachments.values():
        if attachment.get_file().read_bytes()[:8].startswith(_PROGRAM_STARTS):
            raise BadInput(
                "A program or an archive is attached to the PDF", "Save it without attachments."
            )


def _main() -> None:
    """The child: limits first, then the check; answers in JSON on standard output."""
    memory, file = int(sys.argv[1]), Path(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        check_here(file)
    except BadInput as error:
        sys.stdout.write(json.dumps({"title": error.title, "detail": error.detail}))
    else:
        sys.stdout.write("{}")


if __name__ == "__main__":
    _main()
