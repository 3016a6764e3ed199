"""A desk with one approval that has a condition, owned by its author."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from assessments.records import Records
from assessments.review.decisions import NewCondition, Outcome, Position, advise, decide
from assessments.review.rounds import submit
from tests.assessments.review.desk import accepted, begin, open_desk, who


@pytest.fixture
def today() -> date:
    return datetime.now(UTC).date()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Records]:
    with open_desk(tmp_path, monkeypatch) as opened:
        yield opened


@pytest.fixture
def approval(desk: Records, today: date) -> str:
    made = begin(desk)
    submit(desk, who("ann"), made)
    accepted(desk, made, "rosa")
    advise(desk, who("dora"), made, Position.PROCEED, "I agree.")
    wanted = NewCondition("Delete the old copy", "ann", today + timedelta(days=10))
    decide(desk, who("otto"), made, Outcome.APPROVED_WITH_CONDITIONS, "Needed.", (wanted,))
    return made
