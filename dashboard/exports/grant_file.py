"""Grants as a file of the export contract, for the system that lets people in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from assessments.grants import Grant
from dashboard.exports.catalogue import contracts
from dashboard.warehouse.record_copy import grant_row


def write_grants(grants: Iterable[Grant]) -> str:
    """CSV in the columns of the contract ``grants``; ids and days only, nothing that a person wrote."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(contracts()["grants"].names)
    for grant in grants:
        writer.writerow(grant_row(grant))
    return out.getvalue()
