"""Rejected rows go out with their reasons, come back corrected, and are linked to where they came from."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from assessments.errors import NotFound
from dashboard.exports.correction import write_rejected


def test_a_corrected_row_lands_is_linked_and_ends_nothing(desk: Any, vendors: Any) -> None:
    bad = vendors.row(2, role="unknown", services="=1+1")
    first = desk.load("vendors.csv", vendors(vendors.row(1), bad))

    text = write_rejected(desk.home, first.batch_id)
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["rejected_line"], row["services"]) == ("3", "'=1+1")
    assert row["rejected_reason"].startswith("role must be one of")

    fixed = desk.load("fixed.csv", text.replace("unknown", "processor"), corrects=first.batch_id)

    assert (fixed.kind, fixed.landed, fixed.ended) == ("vendors", 1, 0)
    ask = "select vendor_id, services, corrects from vendors left join corrections using (batch_id) order by 1"
    assert desk.ask(ask) == [("v-1", "Hosting", None), ("v-2", "=1+1", first.batch_id)]


def test_a_row_that_is_still_wrong_is_set_aside_again(desk: Any, vendors: Any) -> None:
    first = desk.load("vendors.csv", vendors(vendors.row(2, role="unknown")))

    again = desk.load("f.csv", write_rejected(desk.home, first.batch_id), corrects=first.batch_id)

    assert (again.landed, again.quarantined) == (0, 1)


def test_rejected_rows_of_no_load_are_not_found(desk: Any) -> None:
    desk.home.prepare()

    with pytest.raises(NotFound):
        write_rejected(desk.home, "vendors-0")
