"""Who signs a report, in this order: the author certifies, the officer has advised, the approver locks.

Which of them sign is a property of the template, and the frozen record names them. Author and
approver always do, so that no report is one person's word; the officer does whenever advice was
given (GDPR Art. 35(2), 38(1)).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

SIGNERS = ("author", "dpo", "approver")
ALWAYS = frozenset({"author", "approver"})


def in_order(roles: Iterable[str]) -> tuple[str, ...]:
    """Those of these roles that sign, in the order of signing."""
    wanted = set(roles)
    return tuple(role for role in SIGNERS if role in wanted)


def are_sound(roles: Sequence[str]) -> bool:
    """Whether these can sign a report: known, in order, once each, author and approver among them."""
    return tuple(roles) == in_order(roles) and set(roles) >= ALWAYS


def default_signers(roles: Sequence[str]) -> tuple[str, ...]:
    """Of a template that does not say: all who take part and can sign, or nobody without an approver."""
    found = in_order(roles)
    return found if are_sound(found) else ()


def signers_for(template_roles: Iterable[str], *, is_advised: bool) -> tuple[str, ...]:
    """Who signs an assessment: the template's signers, and the officer when there is advice."""
    return in_order([*template_roles, *(("dpo",) if is_advised else ())])


def signers_of(content: Mapping[str, Any]) -> tuple[str, ...]:
    """Who signs this record; records that name nobody are from before templates could say so."""
    return tuple(content.get("signers", SIGNERS))
