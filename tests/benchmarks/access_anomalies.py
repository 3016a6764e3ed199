"""Unusual access on labelled logs: average precision, precision in front, AUROC, against simpler orders.

The log is made by ``tests.dashboard.monitoring.labelled``; who made both the log and the signals cannot
claim a level, only an order.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from scipy.stats import rankdata

from dashboard.monitoring.access_anomalies import THRESHOLD, score_days
from tests.dashboard.monitoring.labelled import Labelled, make_labelled

PEOPLE, DAYS, PLANTED, SEEDS = 600, 50, 90, (1, 2, 3)
VOLUME = """
    select actor_id, day, (ln(1 + sum(rows_read)) - avg(ln(1 + sum(rows_read))) over ())
        / stddev(ln(1 + sum(rows_read))) over () as z
    from access_use where day between ? and ? group by actor_id, day
"""


def measure(scores: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """Average precision, precision of the first hundred, AUROC, recall at 5 % false alarms."""
    order = np.argsort(-scores, kind="stable")
    hit = labels[order]
    precision = np.cumsum(hit) / np.arange(1, len(hit) + 1)
    good, bad = hit.sum(), (~hit).sum()
    ranks = rankdata(scores)
    return {
        "AP": float((precision * hit).sum() / good),
        "P@50": float(hit[:50].mean()),
        "P@100": float(hit[:100].mean()),
        "AUROC": float((ranks[labels].sum() - good * (good + 1) / 2) / (good * bad)),
        "recall at 5 % FPR": float(hit[: np.searchsorted(np.cumsum(~hit), 0.05 * bad)].sum() / good),
    }  # fmt: skip


def compare(made: Labelled) -> dict[str, dict[str, float]]:
    """Our score, and what it would be with one comparison or with volume alone."""
    started = time.process_time()
    days = score_days(made.warehouse, made.first, made.last)
    spent = time.process_time() - started
    labels = np.array([(each.actor_id, each.day) in made.planted for each in days])
    found = {
        "smaller of own and peers": np.array([each.score for each in days]),
        "own habit of that signal": np.array([each.own_z for each in days]),
        "peers of that signal": np.array([each.peer_z for each in days]),
    }
    rows = made.warehouse.execute(VOLUME, [made.first, made.last]).fetchall()
    volume = {(actor, day): z for actor, day, z in rows}
    found["volume, everybody"] = np.array([volume[each.actor_id, each.day] for each in days])
    result = {name: measure(scores, labels) for name, scores in found.items()}
    result["smaller of own and peers"]["CPU s"] = spent
    result["smaller of own and peers"]["alerts"] = float(sum(e.score >= THRESHOLD for e in days))
    result["smaller of own and peers"]["of them planted"] = float(
        np.mean(labels[found["smaller of own and peers"] >= THRESHOLD])
    )
    return result


def main() -> None:
    """The mean of the seeds."""
    runs = [compare(make_labelled(PEOPLE, DAYS, PLANTED, seed)) for seed in SEEDS]
    for name in runs[0]:
        means = {key: np.mean([run[name][key] for run in runs]) for key in runs[0][name]}
        line = "  ".join(f"{key} {value:.3g}" for key, value in means.items())
        sys.stdout.write(f"{name:28} {line}\n")


if __name__ == "__main__":
    main()
