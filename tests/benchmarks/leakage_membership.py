"""Time and memory of the membership attacks at 100,000 records and 64 references.

    python tests/benchmarks/leakage_membership.py [RECORDS] [REFERENCES]

The peer is ML Privacy Meter's rule for RMIA (the n-by-z matrix of ratios), written out here at a size
that it can hold: its maintained code has no release on the package index.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np

from assessments.leakage.measurement import peak_mb
from assessments.leakage.membership import Signals, battery, from_arrays, measure, rmia
from assessments.leakage.membership.attacks import calibrated, lira_offline, lira_online, loss

PEER_RECORDS = 20_000


def main(records: int = 100_000, references: int = 64) -> None:
    """Print one line an attack, the whole measurement, and the ratio for RMIA."""
    signals = _signals(records, references, 20_000)
    for attack in (loss, calibrated, lira_offline, lira_online, rmia):
        _clock(attack.__name__, lambda attack=attack: attack(signals), records, references)
    _clock("whole measurement", lambda: measure(signals), records, references)
    small = _signals(PEER_RECORDS, 2, PEER_RECORDS)
    ours = _clock("rmia", lambda: rmia(small), PEER_RECORDS, 2)
    found: list[np.ndarray] = []
    theirs = _clock("rmia, whole matrix", lambda: found.append(_matrix(small)), PEER_RECORDS, 2)
    assert np.allclose(found[0], battery(small)["rmia"])
    print(f"{'rmia by ranks':<20} {theirs / ours:.0f} times faster, equal scores")


def _signals(records: int, references: int, population: int) -> Signals:
    rng = np.random.default_rng(0)
    member, trained = rng.random(records) < 0.5, rng.random((records, references)) < 0.5
    base = rng.normal(size=records)
    return from_arrays(
        base + member + rng.normal(size=records), member, "logit",
        base[:, None] + trained + rng.normal(size=trained.shape), trained,
        population=rng.normal(size=population),
        population_references=rng.normal(size=(population, references)),
    )  # fmt: skip


def _matrix(signals: Signals, a: float = 0.3) -> np.ndarray:
    from assessments.leakage.membership.signals import probabilities

    p, beside = (probabilities(v, "logit") for v in (signals.target, signals.references))
    outside = ~signals.reference_member
    counts = outside.sum(axis=1)
    sums = (beside * outside).sum(axis=1)
    mean = np.where(counts > 0, sums / np.maximum(counts, 1), sums.sum() / counts.sum())
    pz = probabilities(signals.population, "logit")
    oz = probabilities(signals.population_references, "logit").mean(axis=1)
    x, z = p / ((1 + a) * mean / 2 + (1 - a) / 2), pz / ((1 + a) * oz / 2 + (1 - a) / 2)
    return (x[:, None] / z[None] > 1).mean(axis=1)


def _clock(name: str, run: Callable[[], object], records: int, references: int) -> float:
    started = time.perf_counter()
    run()
    spent = time.perf_counter() - started
    print(
        f"{name:<20} {records:,} records, {references} references: {spent:7.3f} s, {peak_mb():,.0f} MB so far"
    )
    return spent


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:]))
