"""Rows for the registers of the inventory, as export files that ``privacy load`` takes.

A foreign file seldom says everything that a register requires. What is missing stays missing and
is reported; nothing is guessed. Rows that lack a required value are set aside by loading, with that
reason, until somebody adds it.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from assessments.exchange.loss import Loss
from assessments.exchange.sheets import guard
from assessments.exchange.workbook import Page

Row = Mapping[str, Any]
_NOTHING: tuple[Any, ...] = (None, "", [], ())

_SPECIFIED = {
    "systems": "system_id name kind owner_id vendor_id? country hosting encrypted_at_rest "
    "description enclave?",
    "vendors": "vendor_id name role country services contact_email risk_tier",
    "purposes": "purpose_id name description lawful_basis compatible_with?",
    "processing_activities": "activity_id name description purposes lawful_basis "
    "special_category_condition? data_subjects data_categories recipients? transfer_countries? "
    "transfer_mechanism? owner_id retention_period registered_on last_reviewed_on?",
    "datasets": "dataset_id name description system_id owner_id activity_id project_ids? purposes "
    "data_subjects? classification retention_period created_on retired_on? origin "
    "source_vendor_id? masking",
    "dataset_fields": "dataset_id field type description declared_category detected_category? "
    "detected_share? last_read_on?",
}
COLUMNS: Mapping[str, tuple[str, ...]] = {
    kind: tuple(names.replace("?", "").split()) for kind, names in _SPECIFIED.items()
}
REQUIRED: Mapping[str, tuple[str, ...]] = {
    kind: tuple(name for name in names.split() if not name.endswith("?"))
    for kind, names in _SPECIFIED.items()
}
"""The columns that loading a row of the kind needs; a test holds both to the export contracts."""

MISSING = "The file does not say it and it is not guessed; loading sets such rows aside."
_NAMED = 5


def gaps(kind: str, rows: Sequence[Row]) -> list[Loss]:
    """One finding for every required column that rows lack, with how many and which first."""
    key = COLUMNS[kind][0]
    found = []
    for name in REQUIRED[kind]:
        lacking = [str(row.get(key, "")) for row in rows if row.get(name) in _NOTHING]
        if lacking:
            some = ", ".join(dict.fromkeys(lacking[:_NAMED])) + (", …" if lacking[_NAMED:] else "")
            what = f"no value in {len(lacking)} of {len(rows)} rows: {some}"
            found.append(Loss(f"{kind}.{name}", what, MISSING))
    return found


def register_csv(kind: str, rows: Sequence[Row]) -> bytes:
    """The rows as the CSV export of that kind; lists are joined by ``;``, as the contract says."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS[kind])
    for row in rows:
        writer.writerow([_cell(row.get(name)) for name in COLUMNS[kind]])
    return out.getvalue().encode()


def register_page(kind: str, rows: Sequence[Row]) -> Page:
    """The rows as a sheet that loads again: typed dates and numbers, lists joined by ``;``."""
    cells = [
        [
            ";".join(_item(item) for item in value) if isinstance(value, list | tuple) else value
            for value in (row.get(name) for name in COLUMNS[kind])
        ]
        for row in rows
    ]
    return Page(kind, COLUMNS[kind], cells)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ";".join(_item(item) for item in value)
    return guard(str(value))


def _item(value: Any) -> str:
    return str(value).replace(";", ",").strip()


def identifier(text: str, prefix: str = "") -> str:
    """A stable id from a name: lower case ASCII letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return prefix + (re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80] or "unnamed")


def numbered(wanted: str, taken: set[str]) -> str:
    """The id, with a number where another entry has it already; it is taken from then on."""
    found, number = wanted, 2
    while found in taken:
        found, number = f"{wanted}-{number}", number + 1
    taken.add(found)
    return found
