"""How faithful the synthetic rows are, and which groups they misrepresent.

Fidelity of a column is 1 − total variation distance (categorical) or 1 − Kolmogorov–Smirnov
distance (numeric) between original and synthetic. Privacy that comes from useless data shows here.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from assessments.leakage.synthetic.tables import Rows

SMALLEST_GROUP = 30


def columns(original: Rows, synthetic: Rows) -> tuple[dict[str, object], ...]:
    """Fidelity of every column."""
    return tuple(
        {"column": name, "fidelity": 1 - _distance(original, synthetic, i)}
        for i, name in enumerate(original.names)
    )


def subgroup_bias(original: Rows, synthetic: Rows) -> tuple[dict[str, object], ...]:
    """For each categorical column, the group whose share changed most, relative to what it was."""
    found = []
    for i, name in enumerate(original.names):
        if original.numeric[i]:
            continue
        width = int(max(original.codes[:, i].max(), synthetic.codes[:, i].max())) + 1
        before, after = (
            np.bincount(side.codes[:, i], minlength=width) for side in (original, synthetic)
        )
        large = before >= SMALLEST_GROUP
        if large.any():
            ratio = np.where(
                large, (after / len(synthetic)) / (np.maximum(before, 1) / len(original)), 1.0
            )
            found.append(
                {
                    "column": name,
                    "least": float(ratio[large].min()),
                    "most": float(ratio[large].max()),
                }
            )
    return tuple(found)


def _distance(original: Rows, synthetic: Rows, i: int) -> float:
    if original.numeric[i]:
        first, second = (
            side.numbers[:, i][~np.isnan(side.numbers[:, i])] for side in (original, synthetic)
        )
        return (
            float(stats.ks_2samp(first, second, method="asymp").statistic)
            if len(first) and len(second)
            else 1.0
        )
    width = int(max(original.codes[:, i].max(), synthetic.codes[:, i].max())) + 1
    return float(np.abs(_shares(original, i, width) - _shares(synthetic, i, width)).sum() / 2)


def _shares(rows: Rows, i: int, width: int) -> NDArray[np.float64]:
    return np.bincount(rows.codes[:, i], minlength=width) / len(rows)
