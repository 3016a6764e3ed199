"""Leaks are found, and independent data stay silent."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from assessments.errors import BadInput, NotFound
from assessments.leakage.measurement import Measurement
from assessments.leakage.rates import clopper_pearson, wilson_interval
from assessments.leakage.relation import open_relations
from assessments.leakage.synthetic import Options, battery, evaluate
from assessments.leakage.synthetic.neighbours import nearest
from assessments.leakage.synthetic.predicates import LAST, Index, Predicates
from assessments.leakage.synthetic.tables import Rows, encode, keys

QUICK = Options(secrets=("income",), attacks=100)


def people(rows: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    age = rng.integers(18, 80, rows)
    job = rng.choice(["clerk", "nurse", "smith", "tutor"], rows, p=[0.4, 0.3, 0.2, 0.1])
    return pd.DataFrame(
        {
            "age": age,
            "job": job,
            "city": rng.choice([f"c{i}" for i in range(40)], rows),
            "pay": np.round(rng.lognormal(7, 0.5, rows) + 10 * age, 1),
            "hours": rng.integers(10, 60, rows),
            "income": np.where(
                age + 20 * (job == "tutor") + rng.normal(0, 10, rows) > 55, "high", "low"
            ),
        }
    )


def measured(
    original: pd.DataFrame, made: pd.DataFrame, control: pd.DataFrame, options: Options = QUICK
) -> Measurement:
    return evaluate(original, made, control, options)


def test_independent_rows_show_nothing_and_the_run_proves_itself() -> None:
    found = measured(people(800, 1), people(800, 2), people(800, 3))
    assert found.severity == 0
    assert found.status == "measured"
    assert (found.power_check.verdict, found.null_check.verdict) == ("passed", "passed")
    assert found.results["exact_copies"].value == 0


def test_a_tenth_of_copies_is_found_by_the_copy_detector_first() -> None:
    original, made = people(800, 1), people(720, 2)
    found = measured(original, pd.concat([made, original[:80]]), people(800, 3))
    assert found.results["exact_copies"].value == pytest.approx(0.1)
    assert found.results["exact_copies_control"].value == 0
    assert [row["attack"] for row in found.tables["attacks"] if row["driver"]] == ["exact_copies"]
    assert (found.severity or 0) > 0.8
    assert found.extent == pytest.approx(0.1)


def test_a_full_copy_is_found_by_every_attack() -> None:
    original = people(800, 1)
    found = measured(original, original.sample(frac=1, random_state=0), people(800, 3))
    for name in ("singling_out", "inference", "linkability", "dcr_closer_to_training"):
        assert (found.results[name].low or 0) > 0.3, name
    assert (found.results["density_ratio_auc"].low or 0) > 0.6


def test_rounded_copies_evade_equality_but_not_the_attacks() -> None:
    original = people(800, 1)
    blurred = original.assign(pay=original["pay"] + 0.01)
    found = measured(original, blurred, people(800, 3))
    assert found.results["exact_copies"].value == 0
    assert (found.severity or 0) > 0.5


def test_duplicates_that_a_population_has_anyway_are_no_leak() -> None:
    coarse = [people(800, seed)[["job", "income"]] for seed in (1, 2, 3)]
    found = measured(*coarse)
    assert found.results["exact_copies"].value == 1.0
    assert found.severity == 0


def test_equal_seeds_give_equal_results() -> None:
    tables = people(500, 1), people(500, 2), people(500, 3)
    first, second, other = (measured(*tables, Options(attacks=60, seed=seed)) for seed in (4, 4, 5))
    assert first.results == second.results
    assert first.results != other.results


def test_unequal_sizes_are_resampled_and_said() -> None:
    found = measured(people(900, 1), people(500, 2), people(600, 3))
    assert found.n == 600
    assert any("resampled to 600" in note for note in found.caveats)


def test_a_control_drawn_from_the_original_is_refused() -> None:
    original = people(800, 1)
    with pytest.raises(BadInput, match="control rows are rows of the original"):
        measured(original, people(800, 2), original.sample(400, random_state=1))


def test_ten_rows_are_refused_naming_the_table() -> None:
    with pytest.raises(BadInput, match="10 rows are too few"):
        measured(people(800, 1), people(800, 2), people(10, 3))


def test_a_secret_has_to_exist_hold_values_and_not_be_known() -> None:
    tables = people(200, 1), people(200, 2), people(200, 3)
    with pytest.raises(NotFound, match="wage"):
        measured(*tables, Options(secrets=("wage",)))
    with pytest.raises(BadInput, match="known already"):
        measured(*tables, Options(secrets=("income",), known=("income", "age")))
    with pytest.raises(BadInput, match="no value at all"):
        measured(*(each.assign(income=None) for each in tables), Options(secrets=("income",)))


def test_columns_that_a_table_lacks_are_left_out_and_said() -> None:
    found = measured(people(300, 1), people(300, 2).drop(columns="city"), people(300, 3))
    assert any("city" in note for note in found.caveats)


def test_an_inference_that_imputation_does_as_well_is_no_leak() -> None:
    def mirror(seed: int) -> pd.DataFrame:
        table = people(800, seed)
        return table.assign(income=np.where(table["age"] > 50, "high", "low"))

    found = measured(mirror(1), mirror(2), mirror(3))
    assert found.results["inference"].low == 0
    assert found.severity == 0


def test_missing_values_are_equal_to_each_other_and_to_nothing_else() -> None:
    table = pd.DataFrame({"a": [1.0, None, None], "b": ["x", None, "x"]})
    with open_relations(table, table[:1], table[1:], ordered=True) as relations:
        encoded = encode(relations)
    first, second, third = keys(*encoded)
    assert len(set(first.tolist())) == 3
    assert first[0] == second[0]
    assert (first[1:] == third).all()


def test_independent_data_raise_at_most_one_false_alarm_in_twenty_over_forty_seeds() -> None:
    alarms = 0
    for seed in range(40):
        original, made, control = (_encoded(600, 1000 * seed + i) for i in range(3))
        rng = np.random.default_rng(seed)
        plan = battery.Plan((5,), (0, 1, 2, 3, 4), ((0, 1, 2), (3, 4, 5)), 100, 0.95)
        alarms += battery.run(original, made, control, plan, rng).severity[0] > 0
    assert alarms <= 2


def test_intervals_equal_published_values() -> None:
    assert wilson_interval(0, 500).high == pytest.approx(0.007624, abs=1e-6)
    exact = clopper_pearson(5, 10)
    assert (exact.low, exact.high) == pytest.approx((0.187086, 0.812914), abs=1e-6)


def _encoded(rows: int, seed: int) -> Rows:
    table = people(rows, seed)
    numeric = np.array([table[name].dtype.kind in "if" for name in table])
    numbers = np.column_stack(
        [
            table[name] if table[name].dtype.kind in "if" else table[name].map(_CODES)
            for name in table
        ]
    ).astype(np.float64)
    scale = np.array([80.0, 1.0, 1.0, 8000.0, 60.0, 1.0])
    codes = np.round(numbers * 10).astype(np.int32)
    return Rows(tuple(table), numeric, codes, (numbers / scale).astype(np.float32), numbers)


_CODES = {
    name: i
    for i, name in enumerate(
        ["clerk", "nurse", "smith", "tutor", "high", "low", *(f"c{i}" for i in range(40))]
    )
}


def test_tiled_search_and_indexed_counts_equal_plain_computation() -> None:
    pool, asked = _encoded(9000, 1), _encoded(70, 2)
    codes = [
        name for name, is_number in zip(pool.names, pool.numeric, strict=True) if not is_number
    ]
    plain = sum(
        (asked.codes[:, i, None] != pool.codes[None, :, i]).astype(np.float64)
        if name in codes
        else np.abs(asked.scaled[:, i, None] - pool.scaled[None, :, i])
        for i, name in enumerate(pool.names)
    ) / len(pool.names)
    for k in (1, 5):
        distances, positions = nearest(asked, pool, k)
        assert np.sort(distances, axis=1) == pytest.approx(np.sort(plain, axis=1)[:, :k], abs=1e-5)
        assert np.take_along_axis(plain, positions, axis=1) == pytest.approx(distances, abs=1e-5)
    one, two = pool.codes[0], pool.codes[5]
    predicates = Predicates(
        np.array([[0, 1, 4], [2, 1, 3]]),
        np.array([[500, one[1], 1], [two[2], two[1], 9000]], np.int32),
        np.array([[LAST, one[1], 300], [two[2], two[1], LAST]], np.int32),
    )
    same = pool.codes == pool.codes[5]
    held = (
        (pool.numbers[:, 0] >= 50)
        & (pool.codes[:, 1] == pool.codes[0, 1])
        & (pool.numbers[:, 4] <= 30)
    )
    rare = same[:, 2] & same[:, 1] & (pool.numbers[:, 3] >= 900)
    assert Index(pool).count(predicates).tolist() == [held.sum(), rare.sum()]
    assert held.sum() > rare.sum() > 0


def test_near_copies_differ_somewhere_and_keep_the_secret_where_they_have_to() -> None:
    whole, other = _encoded(400, 1), _encoded(400, 2)
    rng = np.random.default_rng(0)
    planted = whole.planted(other, 1.0, rng, kept=0.8, always=[5])
    taken = planted.codes != whole.codes
    assert 0.5 < taken[:, :5].mean() < 0.9
    assert np.bincount(planted.codes[:, 5]).tolist() == np.bincount(other.codes[:, 5]).tolist()
    assert not np.isin(keys(planted, other)[0], keys(planted, other)[1]).all()


def test_leaks_that_are_no_copies_are_planted_and_those_unnoticed_are_said() -> None:
    seen = measured(people(800, 1), people(800, 2), people(800, 3), Options(("city",), attacks=100))
    planted = {row["plant"]: row["seen_by"] for row in seen.tables["planted"]}
    assert planted["near copies"]
    assert planted["a secret"]
    coarse = [people(800, seed)[["job", "income"]] for seed in (1, 2, 3)]
    blind = measured(*coarse)
    assert not any(row["seen_by"] for row in blind.tables["planted"])
    assert sum("were not noticed" in note for note in blind.caveats) == 2
