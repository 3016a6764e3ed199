"""A black-box attack that makes the table of guesses: try each value, keep the one the model likes.

The value v of the attribute scores P(true label | record with v) · P(v | auxiliary attributes), the
confidence-score attack of Fredrikson et al. 2014 with the imputation as its prior; the imputation
alone is the comparator. Members and non-members are attacked alike.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from assessments.errors import BadInput

Predict = Callable[[pd.DataFrame], NDArray[np.float64]]
MOST_VALUES, FEWEST = 30, 100
TINY = 1e-6


def guess(
    predict: Predict,
    records: pd.DataFrame,
    member: Sequence[bool],
    sensitive: str,
    label: str,
    auxiliary: pd.DataFrame,
    *,
    seed: int = 0,
) -> pd.DataFrame:
    """``predict`` gives, per record, the probability of its own label; the records hold the truth.

    ``auxiliary`` are other people of the population, whom neither the model nor the attack saw.
    """
    values = _values(records, sensitive, label, auxiliary)
    prior = _imputed(auxiliary, records, sensitive, values, seed)
    liked = np.column_stack([predict(records.assign(**{sensitive: value})) for value in values])
    if liked.shape != prior.shape or not np.isfinite(liked).all():
        raise BadInput("The model answers no probability for some records.", field="predict")
    attack = np.log(np.clip(liked, TINY, 1)) + np.log(np.clip(prior, TINY, 1))
    chosen, imputed = (np.asarray(values, object)[each.argmax(axis=1)] for each in (attack, prior))
    return pd.DataFrame(
        {
            "truth": records[sensitive].to_numpy(),
            "attack": chosen,
            "imputation": imputed,
            "member": np.asarray(member, bool),
        }
    )


def _values(
    records: pd.DataFrame, sensitive: str, label: str, auxiliary: pd.DataFrame
) -> list[Any]:
    for frame in (records, auxiliary):
        missing = [name for name in (sensitive, label) if name not in frame.columns]
        if missing:
            raise BadInput("A column is missing.", where={"column": missing[0]})
        if frame[sensitive].isna().any():
            raise BadInput("The attribute is missing for some people.", where={"column": sensitive})
    if len(auxiliary) < FEWEST:
        raise BadInput(
            f"{len(auxiliary)} auxiliary people are too few to impute from.", field="auxiliary"
        )
    values = sorted(set(auxiliary[sensitive]), key=str)
    if not 2 <= len(values) <= MOST_VALUES:
        raise BadInput(
            f"The attribute has {len(values)} values.",
            f"Between 2 and {MOST_VALUES} can be tried.",
            where={"column": sensitive},
        )
    return list(values)


def _imputed(
    auxiliary: pd.DataFrame,
    records: pd.DataFrame,
    sensitive: str,
    values: Sequence[Any],
    seed: int,
) -> NDArray[np.float64]:
    """Probabilities of each value from all other columns, the label included."""
    known = [name for name in auxiliary.columns if name != sensitive]
    words = [name for name in known if not pd.api.types.is_numeric_dtype(auxiliary[name])]
    coded = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore", min_frequency=10), words), remainder="passthrough"
    )
    forest = RandomForestClassifier(100, min_samples_leaf=5, random_state=seed)
    model = make_pipeline(coded, forest).fit(auxiliary[known], auxiliary[sensitive])
    order = [list(model.classes_).index(value) for value in values]
    return np.asarray(model.predict_proba(records[known])[:, order], np.float64)
