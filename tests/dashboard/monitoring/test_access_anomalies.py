"""Unusual access: planted days stand in front, habits of everybody do not, and each alert says its terms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import numpy as np
import pytest

from dashboard.monitoring.access_anomalies import Alert, find_alerts, score_days
from tests.dashboard.monitoring.labelled import Labelled, make_labelled

DAY = date(2026, 4, 15)


@pytest.fixture(scope="module")
def labelled() -> Iterator[Labelled]:
    made = make_labelled(60, 30, 12, 7)
    yield made
    made.warehouse.close()


@pytest.fixture(scope="module")
def scored(labelled: Labelled) -> list[Alert]:
    return score_days(labelled.warehouse, labelled.first, labelled.last)


def test_most_of_the_front_was_planted_and_a_day_at_random_was_not(
    labelled: Labelled, scored: list[Alert]
) -> None:
    hits = [(each.actor_id, each.day) in labelled.planted for each in scored]

    assert sum(hits[: len(labelled.planted)]) >= len(labelled.planted) // 2
    assert np.mean(hits) < 0.02


def test_a_score_is_the_smaller_of_both_comparisons_computed_by_hand(
    labelled: Labelled, scored: list[Alert]
) -> None:
    """The same numbers with numpy, for the loudest day of volume."""
    top = next(each for each in scored if each.name == "rows_read")
    rows = dict(
        labelled.warehouse.execute(
            "select (actor_id, day), sum(rows_read) from access_use where isodow(day) <= 5 group by all"
        ).fetchall()
    )
    mine = [
        value for (actor, day), value in rows.items()
        if actor == top.actor_id and top.day - timedelta(days=28) <= day < top.day
    ]  # fmt: skip
    team = {f"p-{n}" for n in range(60) if n // 12 == int(top.actor_id[2:]) // 12}
    theirs = [value for (actor, day), value in rows.items() if actor in team and day == top.day]

    assert top.score == pytest.approx(min(_z(top.amount, mine), _z(top.amount, theirs)), rel=1e-9)
    assert (top.own_days, top.peer_size) == (len(mine), len(theirs))


def _z(amount: int, others: list[int]) -> float:
    x = np.log1p(np.array(others, dtype=float))
    middle = np.median(x)
    return float((np.log1p(amount) - middle) / (1.4826 * np.median(np.abs(x - middle)) + 0.25))


def test_a_sentence_holds_the_terms_of_the_score(labelled: Labelled) -> None:
    found = find_alerts(labelled.warehouse, labelled.first, labelled.last, 6.0)

    assert found
    for each in found:
        assert each.score == min(each.own_z, each.peer_z) >= 6.0
        assert f"{each.amount:,} " in each.sentence
        assert f"{each.peer_size} peers ({each.peer_group})" in each.sentence


def test_somebody_without_a_habit_and_a_month_end_of_everybody_alert_nobody(
    labelled: Labelled, scored: list[Alert]
) -> None:
    month_end = [each for each in scored if each.day.day >= 29 and each.score >= 6]
    assert all((each.actor_id, each.day) in labelled.planted for each in month_end)

    labelled.warehouse.execute(
        "insert into access_use values ('p-new', ?, 'd-0-8', 1000000, ?)",
        [datetime.combine(DAY, datetime.min.time()), DAY],
    )
    assert not [e for e in score_days(labelled.warehouse, DAY, DAY) if e.actor_id == "p-new"]
