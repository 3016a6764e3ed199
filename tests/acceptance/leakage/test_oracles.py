"""Real tables whose figures other tools published or agreed on, to their stated tolerance."""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from assessments.leakage.rates import residual, wilson
from assessments.leakage.reidentification import (
    Options,
    evaluate,
    explore,
    individual,
    rank_quasi_identifiers,
    read_hierarchy,
)
from assessments.leakage.reidentification.classes import Histogram, group
from assessments.leakage.reidentification.uniqueness import dankar, estimate
from assessments.leakage.relation import open_relation, open_relations
from assessments.leakage.synthetic import Options as SyntheticOptions
from assessments.leakage.synthetic import copies, singling_out
from assessments.leakage.synthetic import evaluate as evaluate_synthetic
from assessments.leakage.synthetic.tables import Rows, encode

SHARED = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "leakage"
pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.skipif(not SHARED.is_dir(), reason="needs the shared sample files"),
]
ORACLES: dict[str, Any] = (
    json.loads((SHARED / "oracles.json").read_text()) if SHARED.is_dir() else {}
)
NAMES = {
    "k": "k_anonymity", "classes": "classes", "n": "records", "uniques": "uniques", "uniqueness": "uniqueness",
    "prosecutor_max": "prosecutor_risk", "marketer": "marketer_risk", "records_at_risk": "records_at_risk",
    "lowest": "lowest_risk", "l": "l_diversity", "entropy_l": "entropy_l_diversity", "alpha": "alpha_k_anonymity",
    "beta": "basic_beta_likeness", "delta_present": "delta_disclosure", "t_cat": "t_closeness_categorical",
    "t_num": "t_closeness_ordered", "homog": "homogeneous_records",
}  # fmt: skip
ADULT = SHARED / "arx" / "adult.csv"
EIGHT = [
    "sex",
    "age",
    "race",
    "marital-status",
    "education",
    "native-country",
    "workclass",
    "occupation",
]


def _cases() -> list[Any]:
    cases = [case for case in ORACLES.get("k_family", []) if (SHARED / case["file"]).is_file()]
    return [
        pytest.param(case, id=f"{Path(case['file']).stem}-{len(case['qis'])}-{case['sensitive']}")
        for case in cases
    ]


@pytest.mark.parametrize("case", _cases())
def test_every_figure_equals_the_oracle_to_twelve_digits(case: dict[str, Any]) -> None:
    found = evaluate(SHARED / case["file"], case["qis"], case["sensitive"])[0].results
    for name, expected in case["measured_sql"].items():
        if name in NAMES:
            assert found[NAMES[name]].value == pytest.approx(expected, rel=1e-12, abs=1e-12), name
    if "delta_inf" in case["measured_sql"]:
        assert found["delta_disclosure"].infinite is case["measured_sql"]["delta_inf"]
    if case["pycanon_1_3_6"]:
        enhanced = case["pycanon_1_3_6"]["enhanced_beta_likeness"]
        assert found["enhanced_beta_likeness"].value == pytest.approx(enhanced, rel=1e-12)


@pytest.mark.parametrize("name", ["q9", "q8", "q4", "q3"])
def test_population_models_equal_arx_and_the_corrected_snb_converges(name: str) -> None:
    oracle = ORACLES["arx"]["adult_csv"][name]
    with open_relation(ADULT) as relation:
        histogram = group(relation, oracle["qis"].split(",")).histogram
    for row in oracle["population"]:
        if float(row["N"]) > 1e7 or row["N"] == oracle["n"]:
            continue
        band = estimate(histogram, row["N"])
        assert band.models["pitman"] == pytest.approx(row["pitman"], rel=1e-5)
        assert band.models["zayatz"] == pytest.approx(row["zayatz"], rel=1e-9)
        assert band.models["snb"] > 0
        if row["model"] == "PITMAN":
            assert dankar(band.models, oracle["n"] / row["N"]) == pytest.approx(
                row["dankar"], rel=1e-5
            )
    snb = {"q9": 75398.0, "q8": 62413.1, "q4": 897.8, "q3": 4.4}[name]
    assert estimate(histogram, 301_620).models["snb"] == pytest.approx(snb, abs=0.06)


@pytest.mark.parametrize("fraction", [0.05, 0.1, 0.2, 0.5])
def test_the_band_holds_the_true_population_uniques(fraction: float) -> None:
    with open_relation(ADULT) as relation:
        whole = group(relation, EIGHT).histogram
    inside = [_band_holds(whole, fraction, seed) for seed in range(8)]
    assert sum(inside) >= 7


def test_individual_risk_equals_sdcmicro_with_and_without_missing_values() -> None:
    oracle = ORACLES["sdcmicro"]
    table = pd.DataFrame(oracle["keys"]).assign(w=oracle["weight"])
    assert individual.evaluate(table, ["A", "B", "C"], "w") == pytest.approx(
        oracle["risk_exact"], abs=1e-8
    )
    holes = oracle["with_missing"]
    table = pd.DataFrame({key: holes[key] for key in "ABC"}).assign(w=oracle["weight"])
    found = individual.evaluate(table, ["A", "B", "C"], "w", "wildcard")
    assert found == pytest.approx(holes["risk_exact"], abs=1e-8)


def test_distinction_and_separation_equal_arx_on_its_toy_and_on_adult() -> None:
    toy = ORACLES["arx"]["distinction_separation_toy"]
    table = pd.DataFrame(toy["rows"], columns=toy["columns"])
    for rank in rank_quasi_identifiers(table, toy["columns"]):
        assert [rank.distinction, rank.separation] == pytest.approx(
            toy["expected"]["+".join(rank.columns)]
        )
    oracle = ORACLES["arx"]["adult_csv"]["q4"]
    expected = {frozenset(name.split("+")): (one, two) for name, one, two in oracle["attrs"]}
    for rank in rank_quasi_identifiers(ADULT, oracle["qis"].split(",")):
        assert (rank.distinction, rank.separation) == pytest.approx(
            expected[frozenset(rank.columns)], rel=1e-12
        )


def test_the_search_of_a_large_lattice_finds_what_arx_chose() -> None:
    qis = ORACLES["arx"]["adult_csv"]["q9"]["qis"].split(",")
    files = {name: SHARED / "arx" / f"adult_hierarchy_{name}.csv" for name in qis}
    hierarchies = {name: read_hierarchy(file) for name, file in files.items()}
    advice = explore(ADULT, qis, hierarchies, target_k=2)
    published = ORACLES["arx"]["published_in_arx_tests"]["avg_risk_after_k2_loss_rank"]
    assert published in [each.classes / 30_162 for each in advice.minimal]
    assert all(each.k >= 2 for each in advice.minimal)
    assert len(advice.tried) < 600 < advice.nodes == 12_960


def test_a_k_anonymous_table_still_shows_its_homogeneous_classes() -> None:
    qis = ["age", "education", "occupation", "relationship", "sex", "native-country"]
    first, second = evaluate(SHARED / "pycanon/adult_anonymized_10.csv", qis, "salary-class")
    assert first.results["k_anonymity"].value == 10
    assert first.results["homogeneous_records"].value == pytest.approx(0.31877310694235245)
    assert (second.severity or 0) > 0.5


def test_a_population_table_replaces_estimates() -> None:
    population = pd.read_csv(ADULT, sep=";")
    release = population.sample(3000, random_state=0)
    found = evaluate(release, EIGHT, None, Options(population=population))[0].results
    sizes = population.groupby(EIGHT, observed=True).size().rename("f")
    mine = release.groupby(EIGHT, observed=True).size().rename("n").to_frame().join(sizes)
    assert found["k_map"].value == mine["f"].min()
    assert found["marketer_risk_population"].value == pytest.approx(
        (mine["n"] / mine["f"]).sum() / len(release)
    )
    assert found["delta_presence_max"].value == pytest.approx((mine["n"] / mine["f"]).max())


@pytest.mark.parametrize("row", ORACLES.get("anonymeter", {}).get("formula", []), ids=str)
def test_the_residual_risk_equals_the_published_formula(row: dict[str, Any]) -> None:
    found = residual(wilson(row["s"], row["n"]), wilson(row["c"], row["n"]))
    assert found.value == pytest.approx(row["risk"], abs=1e-9)
    assert (found.low, found.high) == pytest.approx(tuple(row["ci"]), abs=1e-9)


def test_a_real_generator_on_a_real_table_runs_with_its_checks_passed() -> None:
    control = pd.read_csv(SHARED / "anonymeter/adults_control.csv")
    shuffled = control.sample(frac=1, random_state=3)
    found = evaluate_synthetic(
        shuffled[:4879],
        SHARED / "anonymeter/adults_syn_ctgan.csv",
        shuffled[4879:],
        SyntheticOptions(("income",)),
    )
    assert found.severity == 0
    assert found.status == "measured"
    assert found.results["exact_copies"].value == 0


def test_a_tenth_of_real_rows_copied_is_counted_exactly() -> None:
    control, held, made = _thirds(0)
    planted = made.planted(control, 0.1, np.random.default_rng(0))
    found = copies.measure(control, planted, held, 0.95)
    assert found.training.value == pytest.approx(0.1, abs=0.001)
    assert found.control.value == 0


@pytest.mark.slow
def test_multivariate_singling_out_at_equal_sizes_raises_no_alarm_beyond_one_in_twenty() -> None:
    alarms = 0
    for seed in range(40):
        training, held, made = _thirds(seed)
        outcome = singling_out.multivariate(training, made, held, 200, np.random.default_rng(seed))
        alarms += (outcome.risk().low or 0) > 0
    assert alarms <= 2


def _thirds(seed: int) -> tuple[Rows, ...]:
    whole = _encoded()
    order = np.random.default_rng(seed).permutation(len(whole))
    return tuple(whole.take(order[start : start + 3000]) for start in (0, 3000, 6000))


@cache
def _encoded() -> Rows:
    with open_relations(SHARED / "anonymeter/adults_control.csv", ordered=True) as relations:
        return encode(relations)[0]


def _band_holds(whole: Histogram, fraction: float, seed: int) -> bool:
    each = np.repeat(whole.sizes, whole.counts)
    drawn = np.random.default_rng(seed).multivariate_hypergeometric(
        each, math.floor(whole.rows * fraction), method="marginals"
    )
    sizes, counts = np.unique(drawn[drawn > 0], return_counts=True)
    band = estimate(Histogram(sizes, counts), whole.rows, seed)
    return band.low <= whole.of_size(1) <= band.high
