"""The measure's own test: a planted unique is found, and a table without one stays silent.

The null holds classes of the measured table twice, so nobody is unique. The plant adds one record
with a value that no other record has.
"""

from __future__ import annotations

import secrets

from assessments.leakage.measurement import Check
from assessments.leakage.reidentification.classes import Classes, read_histogram

SAMPLE = 5_000


def checks(classes: Classes) -> tuple[Check, Check]:
    """Power check and null check."""
    shown = ", ".join(f"{key}::varchar as {key}" for key in classes.keys)
    once = f"(select {shown} from classes where id <= {SAMPLE})"
    doubled = f"{once} union all {once}"
    fresh = ", ".join(f"'{secrets.token_hex(8)}'" for _ in classes.keys)
    null = _uniques(classes, doubled)
    plant = _uniques(classes, f"{doubled} union all select {fresh}")
    power = Check(
        "passed" if plant == null + 1 else "failed",
        "one planted unique record was looked for",
        plant,
    )
    silent = Check(
        "passed" if null == 0 else "failed", "a table in which every record has a double", null
    )
    return power, silent


def _uniques(classes: Classes, rows: str) -> int:
    listed = ", ".join(classes.keys)
    sizes = f"select count(*) as n from ({rows}) as tested({listed}) group by {listed}"
    return read_histogram(classes.relation, sizes).of_size(1)
