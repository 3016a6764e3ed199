"""Counts misuse of access again, in pandas, from the files alone."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

AS_OF = pd.Timestamp("2026-11-20")
Export = Callable[[str], pd.DataFrame]


@pytest.fixture(scope="module")
def events(export: Export) -> pd.DataFrame:
    frame = export("access_events")
    frame["day"] = frame.ts.dt.tz_localize(None).dt.normalize()
    return frame


def counts(found: pd.DataFrame, by: str) -> dict[str, Any]:
    recent = {n: int((found.day > AS_OF - pd.Timedelta(days=n)).sum()) for n in (7, 30, 90)}
    return {"count": len(found), "last_days": recent, "by": found[by].value_counts().to_dict()}


def test_accesses_for_an_undeclared_purpose(
    export: Export, events: pd.DataFrame, truth: dict[str, Any]
) -> None:
    declared = export("datasets").set_index("dataset_id").purposes.str.split(";").explode()
    pairs = set(zip(declared.index, declared, strict=True))
    good = events[events.outcome == "success"]
    outside = [p not in pairs for p in zip(good.dataset_id, good.purpose_id, strict=True)]
    found = counts(good[outside], "dataset_id")
    assert found == {key: truth["off_purpose_access"][key] for key in found}


def test_no_undeclared_purpose_is_a_compatible_one(export: Export, events: pd.DataFrame) -> None:
    declared = export("datasets").set_index("dataset_id").purposes.str.split(";").to_dict()
    friends = export("purposes").set_index("purpose_id").compatible_with.dropna()
    friends = friends.str.split(";").to_dict()
    good = events[events.outcome == "success"][["dataset_id", "purpose_id"]].drop_duplicates()
    for dataset, purpose in good.itertuples(index=False):
        if purpose not in declared[dataset]:
            assert not set(friends.get(purpose, [])) & set(declared[dataset])
            assert all(purpose not in friends.get(other, []) for other in declared[dataset])


def test_use_after_a_grant_ended(
    export: Export, events: pd.DataFrame, truth: dict[str, Any]
) -> None:
    grants = export("grants")[["grant_id", "valid_from", "valid_to", "revoked_on"]]
    used = events[events.outcome == "success"].merge(grants, on="grant_id")
    over = used[(used.day > used.valid_to) | (used.day > used.revoked_on)]
    found = counts(over, "grant_id")
    assert found == {key: truth["expired_grant_use"][key] for key in found}
    assert (used.day >= used.valid_from).all()


def test_grants_that_nobody_uses(
    export: Export, events: pd.DataFrame, truth: dict[str, Any]
) -> None:
    grants = export("grants")
    in_force = grants[
        (grants.valid_from <= AS_OF) & (grants.valid_to >= AS_OF) & ~(grants.revoked_on <= AS_OF)
    ]
    recent = events[(events.outcome == "success") & (events.day > AS_OF - pd.Timedelta(days=90))]
    dormant = in_force[~in_force.grant_id.isin(recent.grant_id)]
    claim = truth["dormant_grants"]
    assert (sorted(dormant.grant_id), len(in_force)) == (claim["ids"], claim["population"])


def test_a_person_uses_only_their_own_grants(export: Export, events: pd.DataFrame) -> None:
    grants = export("grants")[["grant_id", "person_id", "dataset_id"]]
    used = events.dropna(subset="grant_id").merge(grants, on="grant_id", suffixes=("", "_granted"))
    assert (used.actor_id == used.person_id).all()
    assert (used.dataset_id == used.dataset_id_granted).all()


def test_events_cover_120_days_with_the_rhythm_of_an_office(
    events: pd.DataFrame, truth: dict[str, Any]
) -> None:
    assert len(events) == truth["access_events"]["count"]
    assert 200_000 <= len(events) <= 260_000
    assert events.day.nunique() == 120
    assert events.day.max() == AS_OF
    people = events[events.actor_id.str.startswith("p-")]
    weekend = people.day.dt.dayofweek >= 5
    assert 0.005 < weekend.mean() < 0.05
    shares = people.actor_id.value_counts(normalize=True)
    assert shares.head(10).sum() > 0.4


def test_refused_requests_are_there_to_be_left_out(export: Export, events: pd.DataFrame) -> None:
    denied = events[events.outcome == "denied"]
    grants = export("grants").set_index("grant_id").valid_to
    purposes = export("datasets").set_index("dataset_id").purposes.str.split(";")
    stated = zip(denied.dataset_id, denied.purpose_id, strict=True)
    assert (denied.day > denied.grant_id.map(grants)).sum() == 22
    assert sum(purpose not in purposes[dataset] for dataset, purpose in stated) == 36
