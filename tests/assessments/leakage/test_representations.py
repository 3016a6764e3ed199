"""What features give away is told from what the majority or known attributes give away anyway."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from assessments.errors import BadInput
from assessments.leakage.attributes import reconstruction, recoverability

RNG = np.random.default_rng(4)
SECRET = RNG.choice(["a", "b"], 300, p=[0.7, 0.3])
NOISE = RNG.normal(size=(300, 4))


def embedded(strength: float) -> pd.DataFrame:
    frame = pd.DataFrame(NOISE, columns=[f"e{i}" for i in range(4)])
    frame["e0"] += strength * (SECRET == "b")
    return frame.assign(secret=SECRET)


def test_an_embedding_that_carries_the_attribute_is_found_and_noise_is_not() -> None:
    loud, silent = (recoverability.evaluate(embedded(s), "secret") for s in (4.0, 0.0))
    assert (loud.severity or 0) > 0.7
    assert silent.severity == 0
    for each in (loud, silent):
        assert each.status == "measured", (each.power_check, each.null_check)


def test_what_is_known_anyway_is_not_charged_to_the_embedding() -> None:
    table = embedded(4.0).assign(hint=embedded(4.0)["e0"])
    found = recoverability.evaluate(
        table, "secret", recoverability.Options(features=("e0", "e1"), known=("hint",))
    )
    assert found.severity == 0
    assert found.baseline_kind == "the same probe on what is known anyway"


def test_attributes_that_no_probe_can_learn_are_refused() -> None:
    with pytest.raises(BadInput, match="single value"):
        recoverability.evaluate(embedded(0).assign(secret="x"), "secret")
    with pytest.raises(BadInput, match="too few"):
        recoverability.evaluate(embedded(0)[:10], "secret")
    with pytest.raises(BadInput, match="too few"):
        recoverability.evaluate(embedded(0).assign(e0=np.nan), "secret")
    with pytest.raises(BadInput, match="among what the attacker holds"):
        recoverability.evaluate(
            embedded(0), "secret", recoverability.Options(features=("secret", "e0"))
        )


def test_rebuilt_values_count_beyond_imputation_only() -> None:
    original = pd.DataFrame({"pay": RNG.normal(-50, 10, 400), "age": RNG.normal(40, 9, 400)})
    close = original + 0.01
    assert (reconstruction.evaluate(original, close).severity or 0) > 0.9
    same = reconstruction.evaluate(original, close, imputed=close)
    assert same.severity == 0
    far = reconstruction.evaluate(original, original.assign(pay=0.0, age=0.0))
    assert far.severity == 0


def test_a_permuted_index_is_paired_by_the_key_and_unequal_sizes_are_refused() -> None:
    original = pd.DataFrame({"id": range(300), "pay": RNG.normal(0, 10, 300)})
    mixed = original.sample(frac=1, random_state=1)
    keyed = reconstruction.evaluate(original, mixed, options=reconstruction.Options(key="id"))
    assert (keyed.severity or 0) > 0.9
    with pytest.raises(BadInput, match="different numbers"):
        reconstruction.evaluate(original, original[:200])
