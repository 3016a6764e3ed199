"""Every error the product raises on purpose.

WorkbenchError              anything we expected might go wrong; shown without a traceback
├── BadInput                a file, value or argument is not usable (exit 2)
│   └── NotFound            nothing has that name or id
├── Busy                    another process holds what this one needs (exit 2)
├── StorageFull             the disk or a size limit is exhausted; the previous state stands (exit 2)
├── Refused                 the answer is no (exit 1)
│   ├── NotPermitted        the person has no role for it, or has already played another part
│   ├── NotPossibleNow      the record's state does not allow it
│   └── Conflict            somebody else changed the record meanwhile
└── CannotSay               evidence is missing, so neither yes nor no is honest (exit 3)

Texts name things by id and never carry personal data, so that an error may be logged.
"""

from __future__ import annotations

from typing import Any, ClassVar


class WorkbenchError(Exception):
    """What went wrong, in words a user can act on.

    title: one short sentence. detail: what would be right and what was kept.
    field: the input or question it belongs to. where: e.g. {"file": ..., "row": 12, "column": ...}.
    """

    exit_code: ClassVar[int] = 2

    def __init__(
        self,
        title: str,
        detail: str = "",
        *,
        field: str | None = None,
        where: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(title)
        self.title = title
        self.detail = detail
        self.field = field
        self.where = where or {}

    def as_dict(self) -> dict[str, Any]:
        """The JSON form that the command line prints under ``--json``."""
        return {
            "error": type(self).__name__,
            "title": self.title,
            "detail": self.detail,
            "field": self.field,
            "where": self.where,
        }

    def __str__(self) -> str:
        place = ", ".join(f"{key} {value}" for key, value in self.where.items())
        return "\n".join(part for part in (self.title, place, self.detail) if part)


class BadInput(WorkbenchError):
    """A file, value or argument is not usable."""


class NotFound(BadInput):
    """Nothing has that name or id."""


class Busy(WorkbenchError):
    """Another process holds what this one needs; try again when it has finished."""


class StorageFull(WorkbenchError):
    """The disk or a size limit is exhausted; the previous state stands."""


class Refused(WorkbenchError):
    """The honest answer is no."""

    exit_code = 1


class NotPermitted(Refused):
    """The person has no role for it, or has already played another part."""


class NotPossibleNow(Refused):
    """The record's state does not allow it."""


class Conflict(Refused):
    """Somebody else changed the record meanwhile."""


class CannotSay(WorkbenchError):
    """Evidence is missing, so neither yes nor no is honest."""

    exit_code = 3
