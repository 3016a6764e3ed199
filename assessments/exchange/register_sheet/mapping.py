"""Which column of a sheet holds what; a YAML file that people keep beside their register."""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from typing import Any

import yaml

from assessments.errors import BadInput
from assessments.exchange.vocabulary import vocabulary
from assessments.questionnaire.document import Cursor, read_document

DATE_ORDERS = ("day-first", "month-first")
SEVERAL = ("purposes", "data_subjects", "data_categories", "recipients", "transfer_countries")


@dataclass(frozen=True, slots=True)
class Mapping:
    """sheet and header_row say where the table starts (row 1 is the first of the file).

    columns: field -> headers; fields that hold several values may take several columns.
    constants: field -> a value for every row that has none of its own.
    """

    columns: Table[str, tuple[str, ...]]
    sheet: str = ""
    header_row: int = 1
    dates: str = DATE_ORDERS[0]
    constants: Table[str, str] = field(default_factory=dict)


def fields() -> tuple[str, ...]:
    """What a column may be mapped to."""
    return tuple(vocabulary("register_sheet")["headers"])


def write_mapping(mapping: Mapping) -> bytes:
    """The mapping as YAML that people can edit."""
    content = {
        "sheet": mapping.sheet,
        "header_row": mapping.header_row,
        "dates": mapping.dates,
        "columns": {name: list(headers) for name, headers in mapping.columns.items()},
        "constants": dict(mapping.constants),
    }
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=1000).encode()


def read_mapping(data: bytes, file: str) -> Mapping:
    """A mapping file; BadInput names the line of the first mistake."""
    cursor = Cursor.at_root(read_document(data, file))
    cursor.check_keys("columns", "sheet header_row dates constants")
    content: dict[str, Any] = cursor.content
    columns, constants = content["columns"], content.get("constants") or {}
    _check_fields(cursor, columns, "columns")
    _check_fields(cursor, constants, "constants")
    row, order = content.get("header_row", 1), content.get("dates") or DATE_ORDERS[0]
    if not isinstance(row, int) or row < 1:
        raise cursor.problem("header_row is the number of a row, from 1", key="header_row")
    if order not in DATE_ORDERS:
        raise cursor.problem(f"dates is one of {', '.join(DATE_ORDERS)}", key="dates")
    return Mapping(
        {name: _headers(cursor, name, given) for name, given in columns.items()},
        str(content.get("sheet") or ""),
        row,
        order,
        {name: str(value) for name, value in constants.items()},
    )


def _check_fields(cursor: Cursor, given: Any, key: str) -> None:
    if not isinstance(given, dict):
        raise cursor.problem(f"{key} names a field in each line", key=key)
    unknown = [name for name in given if name not in fields()]
    if unknown:
        detail = f"Fields: {', '.join(fields())}."
        raise cursor.problem(f"'{unknown[0]}' is no field of the register", detail, key=key)


def _headers(cursor: Cursor, name: str, given: Any) -> tuple[str, ...]:
    headers = given if isinstance(given, list) else [given]
    if len(headers) > 1 and name not in SEVERAL:
        raise cursor.problem(f"{name} takes one column", key="columns")
    return tuple(str(header) for header in headers)


def check_headers(mapping: Mapping, header: tuple[str, ...], place: str) -> None:
    """Every mapped column is in the sheet, once."""
    for headers in mapping.columns.values():
        for name in headers:
            if header.count(name) != 1:
                found = "twice" if name in header else "not"
                raise BadInput(
                    f"The column '{name[:60]}' is {found} in the sheet",
                    "Correct the mapping, or the header of the sheet.",
                    where={"file": place, "row": mapping.header_row},
                )
