"""What KPIs get to know of reviews: steps and counts, never a vote of a running round or anybody's words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assessments.actions import NewAction, add_action
from assessments.records import Records
from assessments.review.override import ask_override, grant_override
from assessments.review.rounds import finish_review, submit
from dashboard.warehouse.record_copy import copy_records
from dashboard.warehouse.review_copy import TABLES, read_review
from tests.assessments.review.desk import begin, open_desk, under_two, vote, who

TODAY = datetime.now(UTC).date()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Records]:
    with open_desk(tmp_path, monkeypatch) as opened:
        yield opened


def copied(desk: Records) -> dict[str, Any]:
    with desk.read() as connection:
        return {name: sorted(map(str, rows)) for name, rows in read_review(connection).items()}


def test_a_vote_of_the_running_round_changes_nothing_that_is_copied(desk: Records) -> None:
    made = under_two(desk)
    vote(desk, "rosa", made, "one")
    before = copied(desk)
    vote(desk, "rosa", made, "two", "Change it")
    vote(desk, "rolf", made, "two")
    assert copied(desk) == before


def test_steps_are_copied_in_their_order_with_the_beginning(desk: Records) -> None:
    made = begin(desk)
    submit(desk, who("ann"), made)
    vote(desk, "rosa", made, "one", "Say more")
    finish_review(desk, who("rosa"), made)
    with desk.read() as connection:
        rows = read_review(connection)["record_step"]
    assert [(row[3], row[5], row[6]) for row in sorted(rows, key=lambda row: row[3])] == [
        (0, "begin", "draft"), (1, "submit", "submitted"), (2, "take_up", "in_review"),
        (3, "return", "returned"),
    ]  # fmt: skip


def test_the_copy_fits_its_columns_and_holds_nobodys_words(desk: Records) -> None:
    made, words = begin(desk), "Rita Private-Name knows"
    add_action(desk, who("ann"), NewAction(words, "ann", TODAY, assessment_id=made))
    asked = ask_override(desk, who("ann"), "p", {"leakage:m"}, words, TODAY + timedelta(days=1))
    assert copied(desk)["record_override"] == []
    grant_override(desk, who("otto"), asked.id)
    with duckdb.connect() as warehouse:
        copy_records(warehouse, desk)
        found = {name: warehouse.execute(f"from {name}").fetchall() for name in TABLES}
    assert len(found["record_action"]) == len(found["record_override"]) == 1
    assert found["record_advice"] == [(made, True, False, False, False)]
    assert "Private-Name" not in str(found)
