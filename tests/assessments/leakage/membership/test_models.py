"""Reference models: halves, resumption to the byte, and the order of known leaks."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from assessments.errors import BadInput
from assessments.leakage.measurement import Measurement
from assessments.leakage.membership import evaluate, signals_of, train_references

N = 2000
X, Y = make_classification(N, 10, n_informative=6, flip_y=0.15, random_state=0)
MEMBER = np.random.default_rng(9).permutation(N) < N // 2


class Slow(KNeighborsClassifier):
    """Takes its time, so that it can be killed."""

    def fit(self, x: Any, y: Any) -> Slow:
        time.sleep(float(os.environ.get("PAUSE", "0")))
        super().fit(x, y)
        return self


class Noisy(LogisticRegression):
    """Output perturbation: the weights drown in noise."""

    def fit(self, x: Any, y: Any) -> Noisy:
        super().fit(x, y)
        rng = np.random.default_rng(self.random_state)
        self.coef_ = self.coef_ + rng.laplace(0, 20, self.coef_.shape)
        return self


def attacked(estimator: Any, labels: np.ndarray, folder: Path) -> Measurement:
    file = train_references(estimator, X, labels, 8, 1, folder)
    estimator.fit(X[MEMBER], labels[MEMBER])
    return evaluate(signals_of(estimator, X, Y, MEMBER), file)


def test_a_memoriser_leaks_more_than_an_ordinary_model_and_noise_or_random_labels_nothing(
    tmp_path: Path,
) -> None:
    ordinary = DecisionTreeClassifier(min_samples_leaf=20, random_state=0)
    shuffled = np.random.default_rng(4).permutation(Y)
    memorising = attacked(KNeighborsClassifier(1), Y, tmp_path / "memorising")
    plain = attacked(ordinary, Y, tmp_path / "ordinary")
    random = attacked(ordinary, shuffled, tmp_path / "random")
    noisy = attacked(Noisy(random_state=0), Y, tmp_path / "noisy")
    scores = [each.severity or 0.0 for each in (memorising, plain, random, noisy)]
    assert scores[0] > scores[1] > scores[2] >= scores[3] == 0
    assert scores[0] > 0.8


def test_models_come_in_pairs_that_share_the_pool(tmp_path: Path) -> None:
    file = train_references(KNeighborsClassifier(1), X[:200], Y[:200], 4, 0, tmp_path)
    table = pd.read_parquet(file)
    assert list(table)[:3] == ["id", "probability_0", "member_0"]
    assert (table["member_0"] ^ table["member_1"]).all()
    assert table["member_2"].sum() == 100
    assert (table["member_0"] != table["member_2"]).any()
    assert (table.loc[table["member_0"], "probability_0"] == 1).all()


def test_equal_seeds_give_equal_bytes_with_any_number_of_jobs(tmp_path: Path) -> None:
    tree = DecisionTreeClassifier(max_features=2)
    files = [
        train_references(tree, X[:200], Y[:200], 4, seed, tmp_path / name, jobs)
        for name, seed, jobs in (("a", 5, 1), ("b", 5, 2), ("c", 6, 1))
    ]
    first, second, other = (file.read_bytes() for file in files)
    assert first == second
    assert first != other


def test_a_killed_run_goes_on_and_ends_with_the_same_bytes(tmp_path: Path) -> None:
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    train_references(Slow(1), X[:300], Y[:300], 6, 3, whole)
    process = _start(killed)
    while not (killed / "model_0001.npy").exists():
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait(60)
    done = sorted(killed.glob("model_*.npy"))
    before = {file: file.stat().st_mtime_ns for file in done}
    assert 2 <= len(done) < 6
    assert not (killed / "references.parquet").exists()
    train_references(Slow(1), X[:300], Y[:300], 6, 3, killed)
    assert {file: file.stat().st_mtime_ns for file in done} == before
    names = sorted(file.name for file in whole.iterdir())
    assert names == sorted(file.name for file in killed.iterdir())
    assert all((whole / name).read_bytes() == (killed / name).read_bytes() for name in names)


def test_more_models_may_be_added_later_without_training_the_first_again(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    train_references(KNeighborsClassifier(1), X[:100], Y[:100], 2, 0, tmp_path)
    train_references(
        KNeighborsClassifier(1),
        X[:100],
        Y[:100],
        4,
        0,
        tmp_path,
        progress=lambda *at: seen.append(at),
    )
    assert seen == [(2, 4), (3, 4), (4, 4)]


def test_a_torn_file_is_trained_again(tmp_path: Path) -> None:
    file = train_references(KNeighborsClassifier(1), X[:100], Y[:100], 2, 0, tmp_path)
    before = file.read_bytes()
    (tmp_path / "model_0001.npy").write_bytes(b"torn")
    assert (
        train_references(KNeighborsClassifier(1), X[:100], Y[:100], 2, 0, tmp_path).read_bytes()
        == before
    )


@pytest.mark.parametrize(
    ("estimator", "x", "seed", "what"),
    [
        (KNeighborsClassifier(3), X[:100], 0, "parameters"),
        (KNeighborsClassifier(1), X[:100] + 1, 0, "pool"),
        (KNeighborsClassifier(1), X[:100], 1, "seed"),
    ],
)
def test_a_folder_of_another_plan_is_refused(
    tmp_path: Path, estimator: Any, x: np.ndarray, seed: int, what: str
) -> None:
    train_references(KNeighborsClassifier(1), X[:100], Y[:100], 2, 0, tmp_path)
    with pytest.raises(BadInput, match=what):
        train_references(estimator, x, Y[:100], 2, seed, tmp_path)


def test_a_regressor_gives_its_loss_and_an_overfit_one_leaks_in_any_unit(tmp_path: Path) -> None:
    frame, rng = pd.DataFrame(X), np.random.default_rng(0)
    euros = 100_000 * (frame[0] + rng.normal(size=N))
    severities = []
    for unit in (1, 1000):
        tree, labels = DecisionTreeRegressor(random_state=0), euros / unit
        file = train_references(tree, frame, labels, 8, 0, tmp_path / str(unit))
        assert np.allclose(pd.read_parquet(file).query("member_0")["loss_0"], 0)
        tree.fit(frame[MEMBER], labels[MEMBER])
        severities.append(evaluate(signals_of(tree, frame, labels, MEMBER), file).severity)
    assert severities[0] == pytest.approx(severities[1])
    assert severities[0] > 0.9


def test_a_class_that_a_half_never_saw_has_no_probability(tmp_path: Path) -> None:
    labels = Y[:100].copy()
    labels[0] = 7
    table = pd.read_parquet(
        train_references(KNeighborsClassifier(1), X[:100], labels, 2, 0, tmp_path)
    )
    without = 0 if not table["member_0"][0] else 1
    assert table[f"probability_{without}"][0] == 0


def test_a_classifier_without_probabilities_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="LinearSVC gives no probabilities"):
        train_references(LinearSVC(), X[:100], Y[:100], 2, 0, tmp_path)


def _start(folder: Path) -> subprocess.Popen[bytes]:
    module = "tests.assessments.leakage.membership.test_models"
    program = (
        f"from {module} import *; train_references(Slow(1), X[:300], Y[:300], 6, 3, sys.argv[1])"
    )
    paths = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[4]), "PAUSE": "0.5"}
    return subprocess.Popen([sys.executable, "-c", program, str(folder)], env=paths)
