"""Hand-worked tables whose figures are known, several of them where popular tools go wrong."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from sklearn.datasets import load_digits

from assessments.errors import BadInput, NotFound
from assessments.leakage import files
from assessments.leakage.measurement import Estimate
from assessments.leakage.reidentification import (
    Options,
    evaluate,
    generalisation,
    individual,
    minimal_uniques,
    rank_quasi_identifiers,
)
from assessments.leakage.reidentification.classes import Histogram
from assessments.leakage.reidentification.generalisation import explore
from assessments.leakage.reidentification.uniqueness import estimate
from assessments.leakage.relation import open_relation


def results(
    table: pd.DataFrame, qis: list[str], sensitive: str | None = None, **options: object
) -> dict[str, Estimate]:
    return dict(evaluate(table, qis, sensitive, Options(**options))[0].results)  # type: ignore[arg-type]


@pytest.mark.parametrize("values", [2, 3, 4, 5, 6, 7, 8, 10])
def test_entropy_l_of_equally_frequent_values_is_their_number(values: int) -> None:
    table = pd.DataFrame({"a": ["x"] * values, "s": [f"v{i}" for i in range(values)]})
    assert results(table, ["a"], "s")["entropy_l_diversity"].value == pytest.approx(
        values, rel=1e-12
    )


@pytest.mark.parametrize(
    ("counts", "l_value", "expected"), [((98, 2), 2, 49.0), ((5, 3, 2), 3, 2.5)]
)
def test_recursive_c_divides_the_commonest_value_by_the_tail(
    counts: tuple[int, ...], l_value: int, expected: float
) -> None:
    secret = [f"v{i}" for i, count in enumerate(counts) for _ in range(count)]
    table = pd.DataFrame({"a": ["x"] * len(secret), "s": secret})
    assert results(table, ["a"], "s", recursive_l=l_value)["recursive_c"].value == expected


def test_the_order_of_a_pandas_index_changes_nothing() -> None:
    table = pd.DataFrame({"a": ["x", "x", "y", "y"], "s": ["p", "p", "q", "q"]}, index=[0, 2, 1, 3])
    found = results(table, ["a"], "s")
    assert (found["l_diversity"].value, found["t_closeness"].value) == (1, 0.5)


def test_a_missing_quasi_identifier_is_a_value_of_its_own_and_the_wildcard_reading_stands_beside() -> (
    None
):
    first = evaluate(pd.DataFrame({"a": ["x", "x", None]}), ["a"])[0]
    assert first.results["k_anonymity"].value == 1
    assert first.results["k_anonymity_wildcard"].value == 3
    assert any("Missing values in a" in note for note in first.caveats)


def test_a_missing_sensitive_value_is_a_value_of_its_own() -> None:
    table = pd.DataFrame({"a": ["x"] * 3, "s": [1.0, np.nan, np.nan]})
    assert results(table, ["a"], "s")["alpha_k_anonymity"].value == pytest.approx(2 / 3)


def test_an_unused_category_is_no_class() -> None:
    table = pd.DataFrame({"a": pd.Categorical(["x", "x"], categories=["x", "y"])})
    assert results(table, ["a"])["k_anonymity"].value == 2


def test_delta_disclosure_is_infinite_when_a_value_misses_a_class() -> None:
    table = pd.DataFrame({"a": list("xxyy"), "s": list("pppq")})
    found = results(table, ["a"], "s")["delta_disclosure"]
    assert found.infinite
    assert found.value == pytest.approx(math.log(2))


def test_missing_texts_are_grouped_like_any_value() -> None:
    table = pd.DataFrame(
        {"a": ["x", None, "x", None], "b": [None, "u", None, "u"], "s": list("pqqp")}
    )
    assert results(table, ["a", "b"], "s")["k_anonymity"].value == 2


def test_ordered_t_equals_the_earth_movers_distance_worked_by_hand() -> None:
    table = pd.DataFrame({"a": list("xxxyyyzzz"), "s": [3, 4, 5, 6, 8, 11, 7, 9, 10]})
    assert results(table, ["a"], "s")["t_closeness"].value == pytest.approx(0.375)


def test_ordered_t_equals_a_plain_computation_on_random_tables() -> None:
    rng = np.random.default_rng(3)
    table = pd.DataFrame({"a": rng.integers(0, 9, 400), "s": rng.integers(0, 37, 400) ** 2})
    ranks = np.unique(table["s"], return_inverse=True)[1]
    m = ranks.max() + 1
    whole = np.cumsum(np.bincount(ranks, minlength=m)) / len(table)
    worst = max(
        np.abs(np.cumsum(np.bincount(ranks[rows], minlength=m)) / len(rows) - whole).sum() / (m - 1)
        for rows in table.groupby("a").indices.values()
    )
    assert results(table, ["a"], "s")["t_closeness_ordered"].value == pytest.approx(worst, rel=1e-9)


def test_hostile_column_names_are_names_and_nothing_else() -> None:
    name = '"; drop table source0; --'
    table = pd.DataFrame(
        {name: list("xxyz"), "n": list("abcd"), "N": list("aabb"), "c0": [1, 1, 1, 1]}
    )
    assert results(table, [name, "N"])["classes"].value == 3
    assert results(table, ["n"])["classes"].value == 4


def test_hostile_column_names_in_a_file_are_names_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "it's.csv"
    pd.DataFrame({'a" from x; --': [1, 1, 2], "b": [1, 2, 3]}).to_csv(path, index=False)
    assert results(path, ['a" from x; --'])["k_anonymity"].value == 1  # type: ignore[arg-type]


def test_the_database_reads_no_other_file_and_cannot_be_reconfigured(tmp_path: Path) -> None:
    path, other = tmp_path / "a.csv", tmp_path / "b.csv"
    path.write_text("a\n1\n")
    other.write_text("a\n2\n")
    with open_relation(path) as relation:
        with pytest.raises(Exception, match="disabled by configuration"):
            relation.connection.execute(f"select * from read_csv('{other}')").fetchall()
        with pytest.raises(Exception, match="locked"):
            relation.connection.execute("set threads = 1")


def test_csv_parquet_arrow_and_pandas_agree(tmp_path: Path) -> None:
    table = pd.DataFrame({"a": list("xxyyz"), "b": [1, 1, 2, 3, 3], "s": list("pqpqp")})
    with open_relation(table) as relation:
        arrow = relation.connection.sql(
            "select c0 as a, c1 as b, c2 as s from source0"
        ).to_arrow_table()
    table.to_csv(tmp_path / "t.csv", index=False)
    pq.write_table(arrow, tmp_path / "t.parquet")
    kinds = [table, arrow, tmp_path / "t.csv", tmp_path / "t.parquet"]
    found = [evaluate(each, ["a", "b"], "s")[0].results for each in kinds]
    assert all(each == found[0] for each in found)


def test_a_text_file_whose_first_rows_mislead_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "SNIFF_BELOW", 0)
    path = tmp_path / "long.csv"
    path.write_text("a,b\n" + "1,2\n" * 400_000 + "unknown,2\n")
    assert results(path, ["a"])["classes"].value == 2  # type: ignore[arg-type]


def test_bad_input_is_refused_with_file_and_column() -> None:
    table = pd.DataFrame({"age": [1, 2], "empty": [None, None], "s": ["p", "q"]})
    with pytest.raises(NotFound, match="ages") as missing:
        evaluate(table, ["ages"])
    assert "Did you mean age?" in missing.value.detail
    for qis, sensitive in (
        (["empty"], None),
        (["age"], "empty"),
        (["age", "age"], None),
        (["s"], "s"),
        ([], None),
    ):
        with pytest.raises(BadInput):
            evaluate(table, qis, sensitive)
    with pytest.raises(BadInput, match="no rows"):
        evaluate(table.iloc[:0], ["age"])
    with pytest.raises(NotFound):
        evaluate("nowhere.csv", ["age"])


def test_ten_rows_in_one_class_are_measured_with_both_warnings() -> None:
    first = evaluate(pd.DataFrame({"a": ["x"] * 10}), ["a"])[0]
    assert first.severity == 0
    assert len(first.caveats) == 2


def test_every_run_finds_its_planted_unique_and_stays_silent_on_doubles() -> None:
    first = evaluate(pd.DataFrame({"a": range(50)}), ["a"])[0]
    assert (first.power_check.verdict, first.null_check.verdict) == ("passed", "passed")


def test_homogeneous_classes_are_a_channel_of_their_own_however_large_k_is() -> None:
    table = pd.DataFrame({"a": ["x"] * 50 + ["y"] * 50, "s": ["ill"] * 50 + ["well"] * 50})
    first, second = evaluate(table, ["a"], "s")
    assert first.results["k_anonymity"].value == 50
    assert second.severity == 0.5
    assert second.extent == 1.0
    assert any("no k protects" in note for note in first.caveats)


def test_a_population_gives_k_map_journalist_risk_and_presence() -> None:
    release = pd.DataFrame({"a": ["x", "x", "y"]})
    everybody = pd.DataFrame({"a": ["x"] * 4 + ["y"] * 2 + ["z"]})
    found = results(release, ["a"], population=everybody, attacker="journalist")
    assert found["k_map"].value == 2
    assert found["journalist_risk"].value == 0.5
    assert found["marketer_risk_population"].value == pytest.approx((2 / 4 + 1 / 2) / 3)
    assert (found["delta_presence_min"].value, found["delta_presence_max"].value) == (0, 0.5)
    with pytest.raises(BadInput, match="not in the population"):
        results(release, ["a"], population=everybody.iloc[:4])


def test_a_household_is_at_least_as_exposed_as_its_most_exposed_member() -> None:
    found = individual.household(np.array([0.1, 0.2, 0.5]), np.array([1, 1, 2]))
    assert found == pytest.approx([0.28, 0.28, 0.5])


def test_a_weight_that_is_not_positive_is_refused() -> None:
    with pytest.raises(BadInput, match="above 0"):
        individual.evaluate(pd.DataFrame({"a": [1, 2], "w": [1, 0]}), ["a"], "w")


def test_a_population_as_large_as_the_sample_has_exactly_its_uniques() -> None:
    band = estimate(Histogram(np.array([1, 2, 5]), np.array([40, 30, 10])), 150)
    assert band.models["zayatz"] == pytest.approx(40)
    assert band.models["snb"] == 40
    assert band.low <= 40 <= band.high
    with pytest.raises(BadInput):
        estimate(Histogram(np.array([1]), np.array([10])), 5)


def test_the_ranking_stops_where_everybody_is_told_apart() -> None:
    table = pd.DataFrame({"id": range(6), "b": list("xxyyzz")})
    ranked = rank_quasi_identifiers(table, ["id", "b"])
    assert ranked[0].columns == ("id",)
    assert {each.columns: each.distinction for each in ranked}[("id", "b")] == 1.0


def test_a_record_alone_on_one_attribute_has_one_minimal_unique() -> None:
    table = pd.DataFrame(
        {
            "a": ["x", "x", "x", "x", "q"],
            "b": ["u", "u", "v", "v", "v"],
            "c": ["m", "m", "n", "n", "n"],
        }
    )
    found = minimal_uniques(table, ["a", "b", "c"], max_size=2)
    assert sorted(found.count.tolist()) == [0, 0, 1]
    assert found.score.max() == 2 * 1


def test_the_what_if_recommends_the_least_loss_that_reaches_k() -> None:
    table = pd.DataFrame({"age": [str(21 + i) for i in range(8)], "sex": list("mfmfmfmf")})
    decade = {str(21 + i): ("21-24" if i < 4 else "25-28", "*") for i in range(8)}
    advice = explore(table, ["age", "sex"], {"age": decade}, target_k=2)
    assert advice.recommended is not None
    assert advice.recommended.levels == {"age": 1, "sex": 0}
    assert advice.recommended.k == 2
    assert explore(table, ["age", "sex"], {"age": decade}, target_k=9).recommended is None


def test_packed_words_group_exactly_as_the_values_themselves_do() -> None:
    rng = np.random.default_rng(5)
    rows = 400
    table = pd.DataFrame(
        {
            "day": pd.to_datetime(rng.integers(-9000, 20000, rows) // 900 * 900, unit="D").date,
            "text": rng.choice(["", "a", "A", "it's", None], rows),
            "kind": pd.Categorical(rng.choice(["x", "y"], rows), categories=["x", "y", "unused"]),
            "flag": rng.choice([True, False], rows),
            "wide": rng.choice([-(2**62), 0, 2**61], rows),
            "whole": pd.array(rng.choice([-3, 7, None], rows), dtype="Int64"),
            "real": rng.choice([0.1, np.nan], rows),
            "moment": pd.to_datetime(rng.integers(0, 2, rows), unit="h"),
            "s": rng.choice(["p", "q", None], rows),
        }
    )
    qis = list(table)[:-1]
    sizes = table.groupby(qis, dropna=False, observed=True).size()
    found = results(table, qis, "s", population=table)
    assert found["classes"].value == len(sizes)
    assert found["uniques"].value == (sizes == 1).sum() > 0
    assert found["k_map"].value == sizes.min()
    assert found["delta_presence_min"].value == 1


@pytest.mark.parametrize("suppression", [0.0, 0.1])
def test_the_searched_lattice_has_the_minimal_generalisations_of_brute_force(
    suppression: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(8)
    table = pd.DataFrame({name: rng.integers(0, 8, 120).astype(str) for name in "abc"})
    halved = {str(i): (f"{i // 2 * 2}", f"{i // 4 * 4}", "*") for i in range(8)}
    for target in (2, 4, 9):
        asked = (table, ["a", "b", "c"], {"a": halved, "b": halved}, target, suppression)
        monkeypatch.setattr(generalisation, "ALL_TRIED", 10_000)
        everything = explore(*asked)
        monkeypatch.setattr(generalisation, "ALL_TRIED", 0)
        searched = explore(*asked)
        assert searched.minimal == everything.minimal
        assert searched.recommended == everything.recommended is not None
        assert len(everything.tried) == everything.nodes == 32


def test_the_coarsest_level_counts_as_it_is_spelled_and_is_no_suppression() -> None:
    table = pd.DataFrame({"age": ["21", "22", "31"]})
    decades = {"21": ("20s",), "22": ("20s",), "31": ("30s",)}
    assert explore(table, ["age"], {"age": decades}, target_k=2).recommended is None
    some = explore(table, ["age"], {"age": decades}, target_k=2, suppression=0.4).recommended
    assert some is not None
    assert (some.levels, some.k, some.suppressed) == ({"age": 1}, 2, pytest.approx(1 / 3))


def test_a_hierarchy_that_is_not_nested_is_refused() -> None:
    crossing = {"1": ("low", "odd"), "2": ("low", "even")}
    with pytest.raises(BadInput, match="look alike on level 1 differ on level 2"):
        explore(pd.DataFrame({"a": ["1", "2"]}), ["a"], {"a": crossing})


def test_the_recommendation_is_said_in_words() -> None:
    table = pd.DataFrame({"age": [str(21 + i) for i in range(8)], "sex": list("mfmfmfmf")})
    decade = {str(21 + i): ("21-24" if i < 4 else "25-28", "*") for i in range(8)}
    for target, expected in ((2, "age to level 1: k = 2"), (9, "No combination")):
        found = evaluate(
            table, ["age", "sex"], None, Options(hierarchies={"age": decade}, target_k=target)
        )
        assert any(expected in note for note in found[0].caveats)


@pytest.mark.parametrize("name", ["heavy tail", "rounded normal", "digits"])
def test_the_band_holds_the_true_uniques_of_populations_that_are_not_adult(name: str) -> None:
    rng = np.random.default_rng(0)
    if name == "heavy tail":
        each = np.bincount(np.minimum(rng.zipf(1.5, 20_000), 200_000))
    elif name == "rounded normal":
        rows = np.round(rng.normal(0, 1, (20_000, 4)) * 2)
        each = np.unique(rows, axis=0, return_counts=True)[1]
    else:
        rows = load_digits().data[:, [20, 28, 36, 44]] // 4
        each = np.unique(rows, axis=0, return_counts=True)[1]
    truth, held = int((each == 1).sum()), []
    for seed in range(4):
        drawn = np.random.default_rng(seed).multivariate_hypergeometric(
            each, int(each.sum()) // 5, method="marginals"
        )
        sizes, counts = np.unique(drawn[drawn > 0], return_counts=True)
        band = estimate(Histogram(sizes, counts), int(each.sum()), seed)
        held.append(band.low <= truth <= band.high)
    assert sum(held) >= 3


def test_people_who_come_in_pairs_are_not_understated() -> None:
    each = np.array([2] * 2000 + [1] * 100)
    drawn = np.random.default_rng(0).multivariate_hypergeometric(each, 820)
    sizes, counts = np.unique(drawn[drawn > 0], return_counts=True)
    assert estimate(Histogram(sizes, counts), 4100).high > 100
