"""A file about to be read: its format, its header, and how it maps to a contract."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assessments.errors import BadInput
from dashboard.exports.contract import Contract, Dialect
from dashboard.exports.fingerprint import Fingerprint


@dataclass(frozen=True, slots=True)
class Reading:
    """How a foreign file becomes records: by the reader of a system or by a mapping file, with the map
    of resources. ``digest`` identifies these; the same bytes read otherwise are another batch."""

    system: str | None = None
    resources: str | None = None
    mapping: str | None = None
    digest: str = ""
    is_whole_list: bool = False
    corrects: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The file, what its bytes are, and the dialect to read it with."""

    path: Path
    fingerprint: Fingerprint
    dialect: Dialect
    reading: Reading | None = None

    @property
    def sha256(self) -> str:
        """What identifies the load: the bytes and, for a foreign file, how they are read."""
        if self.reading is None:
            return self.fingerprint.sha256
        joined = f"{self.fingerprint.sha256} {self.reading.digest}"
        return hashlib.sha256(joined.encode()).hexdigest()

    @property
    def is_partial(self) -> bool:
        """Whether a list holds only what its source knows; then nothing ends by not being listed."""
        return self.reading is not None and not self.reading.is_whole_list

    @property
    def name(self) -> str:
        return self.path.name


@dataclass(frozen=True, slots=True)
class Mapping:
    """Where each column of the contract stands in the file; ``extra`` columns are kept aside."""

    header: tuple[str, ...]
    extra: tuple[str, ...]


def match_header(source: Source, contract: Contract, header: Sequence[str]) -> Mapping:
    """Hold the whole file when a required column is missing or a name repeats."""
    names = tuple(header)
    repeated = sorted({name for name in names if names.count(name) > 1})
    where = {"file": source.name, "line": 1}
    if repeated:
        raise BadInput(f"The header names {repeated[0]} twice", "Nothing was loaded.", where=where)
    missing = [name for name in contract.required if name not in names]
    if missing:
        raise BadInput(
            f"The header does not fit the export kind {contract.kind}",
            f"Missing: {', '.join(missing)}. Found: {', '.join(names)[:500]}. "
            f"{_hint(names, missing)}The whole file was left aside; nothing was loaded.",
            where={**where, "column": missing[0]},
        )
    return Mapping(names, tuple(name for name in names if name not in contract.names))


def _hint(names: Sequence[str], missing: Sequence[str]) -> str:
    folded = {name.casefold().replace(" ", "_"): name for name in names}
    for name in missing:
        if name in folded:
            return f"Perhaps {folded[name]} should be called {name}. "
    if len(names) == 1:
        for delimiter in (";", "\t", "|"):
            if delimiter in names[0]:
                return "The delimiter seems to be another one: use --delimiter. "
    return ""
