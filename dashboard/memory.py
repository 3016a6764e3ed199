"""How much memory the engine may take: for reading the warehouse, and for landing and building it.

``PRIVACY_MEMORY_LIMIT`` (such as 4GB) replaces both numbers. What needs more is spilled to disk while
landing and building, and refused while reading.
"""

from __future__ import annotations

import os
import re

from assessments.errors import BadInput

SETTING = "PRIVACY_MEMORY_LIMIT"
READING = "2GB"
BUILDING = "1GB"
_AMOUNT = re.compile(r"[1-9][0-9]{0,6}(MB|GB|MiB|GiB)")


def memory_for(purpose: str) -> str:
    """The limit for ``READING`` or ``BUILDING``, or the one that the installation set."""
    chosen = os.environ.get(SETTING) or purpose
    if not _AMOUNT.fullmatch(chosen):
        raise BadInput(f"{SETTING} is an amount of memory such as 4GB", field=SETTING)
    return chosen
