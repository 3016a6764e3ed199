"""What one installation allows: the largest file, and the command that looks for malware."""

from __future__ import annotations

import os
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

from assessments.errors import BadInput, CannotSay

LIMIT_VARIABLE = "PRIVACY_EVIDENCE_MAX_MB"
SCANNER_VARIABLE = "PRIVACY_EVIDENCE_SCANNER"
DEFAULT_MB = 50
LONGEST_SCAN_SECONDS = 120
_FOUND = 1


@dataclass(frozen=True, slots=True)
class Rules:
    """``scanner`` is a program and its arguments; the path of the file is added as the last one."""

    max_bytes: int = DEFAULT_MB * 1024 * 1024
    scanner: tuple[str, ...] = ()

    @classmethod
    def configured(cls) -> Rules:
        """From the environment; a value that cannot be read is an error and not a default."""
        given = os.environ.get(LIMIT_VARIABLE, str(DEFAULT_MB))
        if not given.isdigit() or int(given) < 1:
            raise BadInput(f"{LIMIT_VARIABLE} is not a number of megabytes", "For example 50.")
        command = os.environ.get(SCANNER_VARIABLE, "")
        try:
            return cls(int(given) * 1024 * 1024, tuple(shlex.split(command)))
        except ValueError as error:
            raise BadInput(f"{SCANNER_VARIABLE} is not a command", str(error)) from error

    def scan(self, file: Path) -> str | None:
        """The scanner's name when it found nothing, None without a scanner.

        Exit code 0: nothing found; 1: malware (as clamscan and clamdscan say); anything else, or no
        answer in time, is no answer, and a file without an answer is not kept.
        """
        if not self.scanner:
            return None
        name = Path(self.scanner[0]).name
        try:
            code = self._run(file)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise _no_answer(f"{name} did not answer ({type(error).__name__})") from error
        if code == _FOUND:
            raise BadInput(
                "The malware scanner refuses this file", f"{name} found something in it."
            )
        if code:
            raise _no_answer(f"{name} ended with exit code {code}")
        return name

    def _run(self, file: Path) -> int:
        return subprocess.run(
            [*self.scanner, str(file)],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LONGEST_SCAN_SECONDS,
        ).returncode


def _no_answer(what: str) -> CannotSay:
    return CannotSay("The file could not be checked for malware", f"{what}. Nothing was kept.")
