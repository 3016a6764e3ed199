"""Marital status in Adult: 79 % right is no leak from a regularised forest, and is one from an overfit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.preprocessing import OrdinalEncoder

from assessments.leakage.attributes import evaluate
from assessments.leakage.attributes.attack import guess
from assessments.leakage.measurement import Measurement

ADULT = (
    Path(__file__).resolve().parents[3].parent / "shared" / "data" / "leakage" / "arx" / "adult.csv"
)
pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.skipif(not ADULT.is_file(), reason="needs the shared sample files"),
]
SECRET, LABEL, SIZE = "marital-status", "salary-class", 1500


def attacked(leaf: int) -> Measurement:
    table = pd.read_csv(ADULT, sep=";").sample(frac=1, random_state=12345, ignore_index=True)
    married = table[SECRET].str.startswith("Married").map({True: "married", False: "not"})
    table = table.assign(**{SECRET: married})
    records, auxiliary = table[: 2 * SIZE], table[2 * SIZE : 5 * SIZE]
    member = np.arange(2 * SIZE) < SIZE
    encoder = OrdinalEncoder().fit(table.drop(columns=LABEL))
    model = RandomForestClassifier(60, min_samples_leaf=leaf, random_state=0)
    model.fit(encoder.transform(records[member].drop(columns=LABEL)), records[member][LABEL])
    position = {value: i for i, value in enumerate(model.classes_)}
    own = records[LABEL].map(position).to_numpy()

    def predict(people: pd.DataFrame) -> np.ndarray:
        answered = model.predict_proba(encoder.transform(people.drop(columns=LABEL)))
        return answered[np.arange(len(own)), own]

    return evaluate(guess(predict, records, member, SECRET, LABEL, auxiliary))


def test_an_overfit_forest_leaks_about_its_members_and_a_regularised_one_does_not() -> None:
    overfit, regular = attacked(1), attacked(20)
    assert (overfit.results["attribute_inference"].low or 0) > 0
    assert (overfit.results["member_specific"].low or 0) > 0
    assert regular.severity == 0
    assert (regular.results["attack_accuracy"].value or 0) > 0.7
