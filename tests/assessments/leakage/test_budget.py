"""Accounting equals published and independent figures; the register adds like with like only."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from assessments.errors import BadInput, NotFound, NotPermitted, Refused
from assessments.leakage import budget
from assessments.leakage.budget import Budget, Run, accounting
from assessments.records import Actor, Records, people
from assessments.settings import Home

MNIST = (1.1, 256 / 60_000, 14_062)


@pytest.mark.parametrize(
    ("sigma", "rate", "steps", "epsilon"),
    [
        (1.1, 256 / 60_000, 14_062, 2.596556),
        (1.1, 250 / 60_000, 14_400, 2.561716),
        (4.0, 0.01, 10_000, 1.035490),
        (1.3, 256 / 60_000, 3_515, 0.954430),
        (0.7, 256 / 60_000, 10_546, 6.318101),
        (1.0, 1.0, 1, 4.728507),
    ],
)
def test_renyi_composition_equals_dp_accounting_and_opacus(sigma, rate, steps, epsilon) -> None:
    """dp-accounting 0.6.0 RDP; the fifth is Opacus 1.6.0 (dp-accounting's coarser orders: 6.319464)."""
    found = accounting.subsampled_gaussian([(sigma, rate, steps)], 1e-5)
    assert found == pytest.approx(epsilon, abs=1e-6)


@pytest.mark.parametrize(
    ("sigma", "delta", "count", "epsilon"),
    [(1, 1e-5, 1, 4.377178095681237), (2, 1e-6, 1, 2.2540846502197374), (4, 1e-5, 1, 0.9263415039982273), (10, 1e-5, 100, 4.377178095681237)],
)  # fmt: skip
def test_the_analytic_gaussian_is_exact_and_calibrates_back(sigma, delta, count, epsilon) -> None:
    assert accounting.analytic_gaussian(sigma, delta, count) == pytest.approx(epsilon, abs=1e-9)
    if count == 1:
        assert accounting.calibrated_gaussian(epsilon, delta) == pytest.approx(sigma, rel=1e-9)


@pytest.mark.parametrize(
    ("epsilon", "count", "delta", "exact"),
    [(0.1, 100, 1e-5, 4.306791372576589), (0.5, 10, 1e-6, 4.999885471110101), (1.0, 5, 1e-3, 4.995199559436825)],
)  # fmt: skip
def test_optimal_composition_equals_the_privacy_loss_distribution(
    epsilon, count, delta, exact
) -> None:
    """dp-accounting 0.6.0, ``from_privacy_parameters(...).self_compose(count)``."""
    found = accounting.optimal(epsilon, count, delta)
    assert found == pytest.approx(exact, abs=1e-8)
    assert (
        found <= accounting.advanced(epsilon, count, delta) <= accounting.basic([epsilon] * count)
    )


def test_zcdp_lies_between_the_exact_epsilon_and_the_classic_conversion() -> None:
    rho = accounting.zcdp_of_gaussian(1.0)
    found = accounting.epsilon_of_zcdp(rho, 1e-5)
    assert accounting.analytic_gaussian(1.0, 1e-5) < found < rho + 2 * (rho * 11.512925) ** 0.5
    assert found <= accounting.subsampled_gaussian([(1.0, 1.0, 1)], 1e-5)


def test_shuffled_batches_get_no_credit_for_poisson_sampling() -> None:
    honest = Run("a", "person", 1e-5, sampling="shuffle", steps=(MNIST,))
    assert honest.cost(1e-5) == pytest.approx(
        accounting.subsampled_gaussian([(1.1, 1.0, 60)], 1e-5)
    )
    assert honest.cost(1e-5) > 10 * Run("b", "person", 1e-5, steps=(MNIST,)).cost(1e-5)


def test_runs_with_steps_compose_below_the_sum_of_their_epsilons() -> None:
    agreed = Budget("ds-1", 4.0, 1e-5, "person")
    runs = [Run(name, "person", 1e-5, steps=(MNIST,)) for name in ("a", "b")]
    assert 2.6 < budget.stand(agreed, runs).spent < 2 * 2.596556
    assert budget.stand(agreed, [runs[0]]).state == "within"
    assert budget.stand(agreed, runs).state == "alert"


def test_different_units_and_adjacencies_do_not_add() -> None:
    agreed = Budget("ds-1", 4.0, 1e-5, "person")
    for other in (
        Run("a", "record", 1e-5, epsilon=1.0),
        Run("a", "person", 1e-5, "replace_one", epsilon=1.0),
    ):
        with pytest.raises(BadInput, match="cannot be added"):
            budget.stand(agreed, [other])


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Records:
    opened = Records.open(Home(tmp_path_factory.mktemp("budget")).prepare().records_url)
    with opened.change(Actor.system("test")) as change:
        for name, role in (("ana", "author"), ("otto", "approver")):
            people.add_person(change, name, name.title())
            people.grant_role(change, name, role, reason="test")
    return opened


def test_a_budget_is_set_spent_and_overspent_in_the_ledger(records: Records) -> None:
    ana, otto = Actor.person("ana"), Actor.person("otto")
    with pytest.raises(NotPermitted):
        budget.set_budget(records, ana, Budget("ds-1", 3.0, 1e-5, "person"))
    budget.set_budget(records, otto, Budget("ds-1", 3.0, 1e-5, "person"))
    run = Run("first", "person", 1e-5, steps=(MNIST,), version="opacus 1.6.0")
    with records.read() as connection:
        assert budget.plan(connection, "ds-1", run).state == "alert"
    first = budget.record_run(records, ana, "ds-1", run)
    assert (first.left, first.state) == (pytest.approx(3 - 2.596556, abs=1e-5), "alert")
    second = budget.record_run(records, ana, "ds-1", Run("second", "person", 0, epsilon=1.0))
    assert (second.state, second.left) == ("overspent", 0)
    with records.read() as connection:
        assert budget.list_runs(connection, "ds-1")[0] == run
        with pytest.raises(NotFound):
            budget.standing(connection, "ds-9")
    with pytest.raises(Refused, match="cannot change"):
        budget.set_budget(records, otto, Budget("ds-1", 3.0, 1e-5, "record"))


def test_settings_of_opacus_and_tf_privacy_are_read(tmp_path: Path) -> None:
    opacus, tf = tmp_path / "opacus.json", tmp_path / "tf.yaml"
    opacus.write_text(json.dumps({"accountant": "rdp", "history": [list(MNIST)], "delta": 1e-5}))
    tf.write_text("noise_multiplier: 1.1\nbatch_size: 256\nnumber_of_examples: 60000\nepochs: 60\n")
    run = budget.read_run(opacus, label="a", unit="record")
    assert run.cost(1e-5) == pytest.approx(2.596556, abs=1e-6)
    other = budget.read_run(tf, label="b", unit="record", delta=1e-5)
    assert (other.sampling, other.steps[0][2]) == ("shuffle", 14_063)
    with pytest.raises(BadInput, match="no delta"):
        budget.read_run(tf, label="b", unit="record")
    opacus.write_text('{"history": [["x", 1, 2]], "delta": 0.1}')
    with pytest.raises(BadInput, match="no settings"):
        budget.read_run(opacus, label="a", unit="record")


@pytest.mark.parametrize("changes", [{"delta": -1}, {"epsilon": float("nan")}, {"epsilon": None}, {"unit": " "}, {"steps": ((0.0, 0.1, 1),)}])  # fmt: skip
def test_runs_that_mean_nothing_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        Run(**{"label": "a", "unit": "person", "delta": 1e-5, "epsilon": 1.0} | changes)


@pytest.mark.parametrize(
    ("written", "accountant", "sampling", "steps"),
    [
        ({"history": [[1.1, 0.01, 100]], "mechanism": "prv"}, "prv", "poisson", ((1.1, 0.01, 100),)),
        (
            {"privacy_accountant_state_dict": {
                "history": [[1.1, 0.01, 100], [0.9, 0.01, 50]],
                "mechanism": "<bound method RDPAccountant.mechanism of <class 'opacus.accountants.rdp.RDPAccountant'>>"}},
            "rdp", "poisson", ((1.1, 0.01, 100), (0.9, 0.01, 50)),
        ),
        (
            {"number_of_examples": 10_000, "batch_size": 100, "num_epochs": 1.5, "noise_multiplier": 2.0,
             "used_microbatching": False},
            "rdp", "shuffle", ((2.0, 0.01, 150),),
        ),
        (
            {"number_of_examples": 10_000, "batch_size": 100, "num_epochs": 2, "noise_multiplier": 2.0},
            "rdp", "shuffle", ((1.0, 0.01, 200),),
        ),
        (
            {"N": 10_000, "batch_size": 100, "epochs": 1, "noise_multiplier": 2.0, "num_microbatches": 100},
            "rdp", "shuffle", ((2.0, 0.01, 100),),
        ),
    ],
    ids=["Opacus", "Opacus checkpoint", "TF Privacy statement", "its default", "older TF Privacy"],
)  # fmt: skip
def test_settings_are_read_in_the_shapes_that_the_libraries_write(
    written, accountant, sampling, steps, tmp_path: Path
) -> None:
    """opacus/accountants/accountant.py, privacy_engine.py; tf_privacy.compute_dp_sgd_privacy_statement."""
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"delta": 1e-5} | written))
    run = budget.read_run(file, label="a", unit="record")
    assert (run.accountant, run.sampling, run.steps) == (accountant, sampling, steps)


def test_recounting_needs_steps_and_the_extra() -> None:
    with pytest.raises(BadInput, match="counted again"):
        budget.recounted(Run("a", "person", 1e-5, epsilon=1.0))
    if importlib.util.find_spec("dp_accounting") is None:
        with pytest.raises(BadInput, match="not installed"):
            budget.recounted(Run("a", "person", 1e-5, steps=(MNIST,)))


def test_the_register_keeps_whose_figure_it_is_and_of_which_version(records: Records) -> None:
    ana, otto = Actor.person("ana"), Actor.person("otto")
    budget.set_budget(records, otto, Budget("ds-2", 3.0, 1e-5, "person"))
    run = Run(
        "tight",
        "person",
        1e-5,
        accountant="pld",
        version="dp-accounting 0.6.0",
        epsilon=2.381686,
        steps=(MNIST,),
    )
    found = budget.record_run(records, ana, "ds-2", run)
    assert found.notes == ()
    with records.read() as connection:
        (kept,) = budget.list_runs(connection, "ds-2")
    assert (kept.accountant, kept.version, kept.epsilon) == ("pld", "dp-accounting 0.6.0", 2.381686)
