"""Query parameters: an address is never trusted; what is not allowed is a clear answer."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from assessments.errors import NotFound
from dashboard.text import say

LONGEST = 200


def required(name: str) -> str:
    """The parameter, or NotFound: the address names nothing."""
    found = optional(name)
    if not found:
        raise NotFound(
            say("This address names nothing"),
            say("It should carry {name}=… at its end.", name=name),
            field=name,
        )
    return found


def optional(name: str) -> str:
    """The parameter or an empty text; longer ones are cut, because no id is that long."""
    return str(st.query_params.get(name, ""))[:LONGEST].strip()


def one_of(name: str, allowed: Sequence[str]) -> str:
    """The parameter when it is allowed, else the first of the allowed ones."""
    found = optional(name)
    return found if found in allowed else allowed[0]
