"""A CNIL PIA as answers of the ``cnil_pia`` template, and what could not be taken.

Rows keep their position in the file as their id (m0, e0, c0, a0), because the file's own ids may be
missing or given twice; references between rows are resolved once, here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assessments.exchange.cnil import fields
from assessments.exchange.cnil.cells import Cells, strip_prefixes
from assessments.exchange.cnil.document import Document
from assessments.exchange.cnil.figures import figures
from assessments.exchange.cnil.questions import read_answers
from assessments.exchange.cnil.rows import read_comments, read_evaluations, read_measures
from assessments.exchange.frame import Given, Reading

UNTITLED = "PIA without a name"
UNKNOWN_KEY = "This field is not known here."
JUNK = "A setting of the other tool's database."


def read_document(document: Document) -> Reading:
    """Everything that one PIA says."""
    cells = Cells()
    measures = read_measures(document, cells)
    answers, taken = read_answers(document, measures, cells)
    tables = {
        "measures": measures.rows,
        "evaluations": read_evaluations(document, measures, cells),
        "comments": read_comments(document, measures, cells),
    }
    given = _pia(document, cells) | answers
    given |= {name: Given(rows, f"{len(rows)} {name}") for name, rows in tables.items() if rows}
    _unknown_keys(document, cells)
    found = figures({name: item.value for name, item in given.items()})
    return Reading(
        title=given["pia_name"].value[:300] if "pia_name" in given else UNTITLED,
        source=fields.SOURCE,
        counts={
            "answers": taken,
            **{name: len(rows) for name, rows in tables.items()},
            **found.as_counts(),
        },
        template=fields.TEMPLATE,
        answers=given,
        losses=document.losses + tuple(cells.losses),
        place=document.place,
        risks=found.as_risks(),
    )


def _pia(document: Document, cells: Cells) -> dict[str, Given]:
    """The fields of the PIA itself."""
    pia, found = document.pia, dict[str, Any]()
    name = cells.text(pia.get("name"), "pia.name")
    found["pia_name"] = ("name", strip_prefixes(name) if name else None)
    for key, question in fields.TEXT_FIELDS.items():
        found[question] = (key, cells.text(pia.get(key), f"pia.{key}"))
    for key, question in (fields.LONG_FIELDS | fields.ALIASES).items():
        value = cells.long_text(pia.get(key), f"pia.{key}")
        if value is not None or question not in found:
            found[question] = (key, value)
    for key, (question, codes) in fields.CODE_FIELDS.items():
        found[question] = (key, cells.code(pia.get(key), codes, f"pia.{key}"))
    for key, question in fields.FLAG_FIELDS.items():
        found[question] = (key, cells.flag(pia.get(key), f"pia.{key}"))
    for question, value in _users(pia, cells).items():
        if found[question][1] is None:
            found[question] = ("user_pias", value)
    return {
        question: Given(value, f"field {key}", _moment(pia))
        for question, (key, value) in found.items()
        if value
    }


def _users(pia: Mapping[str, Any], cells: Cells) -> dict[str, str]:
    """Names from the accounts that servers with sign-in export, by part."""
    named: dict[str, list[str]] = {}
    entries = pia.get("user_pias")
    for number, entry in enumerate(entries if isinstance(entries, list) else []):
        user = entry.get("user") if isinstance(entry, dict) else None
        question = fields.USER_ROLES.get(str(entry.get("role"))) if user else None
        if question is None or not isinstance(user, dict):
            cells.lose(f"pia.user_pias[{number}]", "an account", "Only three parts have a place.")
            continue
        names = [str(user[key]) for key in ("firstname", "lastname") if user.get(key)]
        named.setdefault(question, []).append(" ".join(names))
    return {question: ", ".join(filter(None, names)) for question, names in named.items()}


def _moment(row: Mapping[str, Any]) -> str | None:
    found = row.get("updated_at") or row.get("created_at")
    return found[:40] if isinstance(found, str) else None


_PIA_KEYS = (
    set(fields.TEXT_FIELDS) | set(fields.LONG_FIELDS) | set(fields.ALIASES)
    | set(fields.CODE_FIELDS) | set(fields.FLAG_FIELDS) | fields.PLUMBING
)  # fmt: skip
_ROW_KEYS: Mapping[str, frozenset[str]] = {
    "answers": frozenset({"reference_to", "data"}),
    "measures": frozenset(fields.MEASURE_COLUMNS),
    "evaluations": frozenset(
        {"reference_to", "status", "global_status", "gauges", *fields.EVALUATION_COLUMNS}
    ),
    "comments": frozenset({"description", "reference_to", "for_measure"}),
}


def _unknown_keys(document: Document, cells: Cells) -> None:
    """Fields that nobody reads here are named, so that nothing is dropped in silence."""
    is_flat = document.pia is document.root
    parts = set(fields.PARTS)
    for key in sorted(document.pia.keys() - _PIA_KEYS - (parts if is_flat else set())):
        why = JUNK if key in fields.JUNK else UNKNOWN_KEY
        cells.lose(f"pia.{key}", "a field", why)
    for key in () if is_flat else sorted(document.root.keys() - parts - {"pia"}):
        cells.lose(key, "a part of the file", UNKNOWN_KEY)
    for part, known in _ROW_KEYS.items():
        for number, row in enumerate(document.rows(part)):
            keys = row.keys() - known - fields.PLUMBING if isinstance(row, dict) else ()
            for key in sorted(keys):
                cells.lose(f"{document.path(part, number)}.{key}", "a field", UNKNOWN_KEY)
