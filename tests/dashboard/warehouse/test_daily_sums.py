"""The number from daily sums is the number of the rows, whatever happened: random logs, grants and lists."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dashboard.kpis import Kpi, catalogue
from dashboard.kpis.population import count_sql, number_sql
from tests.spec.kpis.tiny_warehouse import Row, tiny_warehouse

COUNTED = [kpi for kpi in catalogue() if kpi.counted]
FIRST = date(2026, 4, 1)
PURPOSES, DATASETS, PEOPLE = ("billing", "audit", ""), ("d-1", "d-2", "d-9"), ("u-1", "u-2")
GRANTS = ("g-1", "g-2", "g-3", "g-unknown", "")

days = st.integers(0, 250).map(lambda number: FIRST + timedelta(days=number))
event = st.tuples(
    days, st.sampled_from(PEOPLE), st.sampled_from(DATASETS), st.sampled_from(PURPOSES),
    st.sampled_from(GRANTS), st.sampled_from(("success", "success", "denied")),
    st.sampled_from(("notebook", "sql", "")),
)  # fmt: skip
span = st.tuples(days, days, st.none() | days)


def _events(found: list[tuple[Any, ...]]) -> list[Row]:
    names = ("ts", "actor_id", "dataset_id", "purpose_id", "grant_id", "outcome", "client")
    return [
        {"event_id": f"e-{number:03}"} | dict(zip(names, map(str, each), strict=True))
        for number, each in enumerate(found)
    ]


def _grants(spans: list[tuple[date, date, date | None]], changed_on: date) -> list[Row]:
    """Two versions of each of the first grants: known until, and known from, a day."""
    rows = []
    for number, (first, last, revoked) in enumerate(spans):
        known = {"known_from": "1900-01-01", "known_until": str(changed_on)}
        if number % 2:
            known = {"known_from": str(changed_on)}
        rows.append(
            {
                "grant_id": f"g-{number // 2 + 1}", "person_id": PEOPLE[number % 2],
                "dataset_id": DATASETS[number % 3], "purpose_id": PURPOSES[number % 2],
                "valid_from": str(first), "valid_to": str(last),
                "revoked_on": str(revoked) if revoked else "",
            }
            | known
        )  # fmt: skip
    return rows


@settings(
    max_examples=4,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.lists(event, min_size=20, max_size=60), st.lists(span, min_size=6, max_size=6), days)
def test_each_access_kpi_is_the_same_from_rows_and_from_daily_sums(
    found: list[tuple[Any, ...]], spans: list[tuple[date, date, date | None]], changed_on: date
) -> None:
    tables = {
        "access_events": _events(found),
        "grants": _grants(spans, changed_on),
        "purposes": [
            {"purpose_id": "audit"},
            {"purpose_id": "billing", "compatible_with": "audit"},
        ],
        "datasets": [
            {"dataset_id": "d-1", "purposes": "audit", "known_until": str(changed_on)},
            {"dataset_id": "d-1", "purposes": "billing", "known_from": str(changed_on)},
            {"dataset_id": "d-2", "origin": "synthetic", "retired_on": str(changed_on)},
        ],
    }
    with tiny_warehouse(tables) as warehouse:
        for kpi in COUNTED:
            for week in range(8, 40, 3):
                asked = {"as_of": FIRST + timedelta(weeks=week)}
                rows = warehouse.execute(count_sql(kpi), asked).fetchall()[0][:2]
                sums = warehouse.execute(number_sql(kpi), asked).fetchall()[0][:2]
                assert rows == sums, (kpi.name, asked)
        last = "select grant_id, max(day) from access_use where day <= $as_of and grant_id is not null "
        for week in range(8, 40, 5):
            asked = {"as_of": FIRST + timedelta(weeks=week)}
            assert warehouse.execute(f"{last} group by grant_id order by 1", asked).fetchall() == (
                warehouse.execute(_LAST_USE, asked).fetchall()
            )


_LAST_USE = (
    next(kpi for kpi in catalogue() if kpi.name == "dormant_grants").text.partition("\n\nselect")[0]
    + " select grant_id, last_used_on from last_use order by 1"
)


@pytest.mark.parametrize("kpi", COUNTED, ids=lambda kpi: kpi.name)
def test_a_number_from_daily_sums_reads_no_single_event(kpi: Kpi) -> None:
    assert kpi.counted is not None
    assert "access_use" in kpi.text
    assert "access_use" not in kpi.counted
    assert "access_events" not in kpi.counted
