"""What every foreign format gives and gets, so that one command and one page serve all of them.

A format is a value: its name, how it recognises a file, and how it reads or writes. Reading never
writes anything here: it returns what a file says, and ``keep`` stores it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from assessments.exchange.loss import Exported, Loss
from assessments.questionnaire import Assessment
from assessments.questionnaire.text import Names, own_id

_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """One file as it came; content is its JSON where it is JSON, else None.

    member names the file inside an archive; data are then the member's bytes.
    """

    name: str
    data: bytes
    content: Any = None
    member: str = ""
    losses: tuple[Loss, ...] = ()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def place(self) -> str:
        """The file's own name, for errors and losses."""
        return self.member or self.name


@dataclass(frozen=True, slots=True)
class Given:
    """A value for one question, as ``check_answer`` takes it, and its place in the file.

    source is what people read as the origin ("CNIL PIA"), row the place ("question 211").
    """

    value: Any
    row: str
    as_of: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What one document of a file says: an assessment of a template, rows of registers, or both.

    registers: rows by kind of export contract ("processing_activities"). place: where the document
    stands in its file ("[2]"), empty when it is the whole file. member: filled by the frame.
    risks: for people to see before they import: title, severity, likelihood, residual_severity,
    residual_likelihood.
    """

    title: str
    source: str
    counts: Mapping[str, int]
    template: str = ""
    answers: Mapping[str, Given] = field(default_factory=lambda: _NOTHING)
    registers: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=lambda: _NOTHING)
    losses: tuple[Loss, ...] = ()
    language: str = "en"
    place: str = ""
    member: str = ""
    risks: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Original:
    """The kept file that an assessment was imported from, and the document's place in it.

    answers: the values as they arrived, before anybody changed them.
    """

    format: str
    file: ForeignFile
    place: str
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """An assessment to write, as it stands.

    record: the parts of the signed record that exist so far ("people", "sections" with verdicts,
    "risks", "scale", "measures", "leakage", "opinion", "decision"); opinion and decision are None
    before they are given. frozen: the record of the newest decision, byte for byte, when the
    assessment still stands as it was decided.
    """

    assessment: Assessment
    record: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    original: Original | None = None
    names: Names = own_id
    frozen: bytes | None = None


@dataclass(frozen=True, slots=True)
class Format:
    """One foreign format. recognise sees a file and answers quickly; it must not raise.

    attachments: the file question that takes what lies beside the one document of an archive.
    """

    name: str
    title: str
    recognise: Callable[[ForeignFile], bool] | None = None
    read: Callable[[ForeignFile], Sequence[Reading]] | None = None
    write: Callable[[Subject], Exported] | None = None
    attachments: str = ""
