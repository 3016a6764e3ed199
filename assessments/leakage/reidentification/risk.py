"""Attackers on one table: prosecutor, marketer and records at risk, from the class sizes.

Prosecutor: max 1/n_c. Marketer (no population): J/N, which is also the prosecutor's average
success (El Emam & Dankar 2008). Records at risk: Σ n_c·[1/n_c > τ] / N, with strict ">".
"""

from __future__ import annotations

import numpy as np

from assessments.leakage.measurement import Estimate
from assessments.leakage.reidentification.classes import Histogram

PUBLISHED_THRESHOLDS = (0.05, 0.09, 0.2, 0.33)
DEFAULT_THRESHOLD = 0.2


def measure(histogram: Histogram, threshold: float = DEFAULT_THRESHOLD) -> dict[str, Estimate]:
    """Every figure that the class sizes alone decide."""
    rows, classes = histogram.rows, histogram.classes
    figures: dict[str, float] = {
        "k_anonymity": histogram.k,
        "classes": classes,
        "records": rows,
        "average_class_size": rows / classes,
        "largest_class": int(histogram.sizes.max()),
        "uniques": histogram.of_size(1),
        "uniqueness": histogram.of_size(1) / rows,
        "prosecutor_risk": 1 / histogram.k,
        "lowest_risk": 1 / int(histogram.sizes.max()),
        "marketer_risk": classes / rows,
        "records_at_risk": at_risk(histogram, threshold),
        "distinction": classes / rows,
        "separation": separation(histogram),
    }
    for published in PUBLISHED_THRESHOLDS:
        figures[f"records_at_risk_{published}"] = at_risk(histogram, published)
    return {name: Estimate.exact(value) for name, value in figures.items()}


def at_risk(histogram: Histogram, threshold: float) -> float:
    """Share of records whose own risk 1/n is above the threshold."""
    above = 1 / histogram.sizes > threshold
    return float((histogram.sizes * histogram.counts)[above].sum() / histogram.rows)


def separation(histogram: Histogram) -> float:
    """Share of pairs of records that differ on the attributes (Motwani & Xu 2007)."""
    rows = histogram.rows
    if rows < 2:
        return 0.0
    together = (histogram.counts * histogram.sizes.astype(np.float64) * (histogram.sizes - 1)).sum()
    return float(1 - together / (rows * (rows - 1)))


def severity(risk: float, rows: int) -> float:
    """(r − 1/N) / (1 − 1/N): 0 when everybody looks alike, 1 when somebody stands alone."""
    if rows < 2:
        return 1.0
    return min(1.0, max(0.0, (risk - 1 / rows) / (1 - 1 / rows)))
