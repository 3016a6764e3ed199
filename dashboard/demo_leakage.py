"""Measurements of the demonstration, computed there: a model before and after, and one table.

The company is fictional, so the people measured are drawn at random from a fixed seed; attacks, intervals
and self-tests are real. The model's results are signed by the key of a build that exists for as long as
this takes; the table's waits for the privacy office.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from assessments.leakage.register import keys, signature, store
from assessments.leakage.register.store import Subject
from assessments.records import Actor, Records

if TYPE_CHECKING:
    from assessments.leakage.measurement import Measurement

PROJECT = "pr-nextoffer"
MODEL = Subject("model", "m-offer-0", PROJECT)
TABLE = Subject("dataset", "d-web-events", PROJECT)
RECORDS = 5000
RUNS = ((date(2026, 10, 5), 1, "forest-grown-out"), (date(2026, 11, 16), 40, "forest-pruned"))
"""Day, smallest leaf and name of each forest."""
MEASURED_TABLE_ON = date(2026, 11, 18)
BANDS = ("18-29", "30-44", "45-59", "60-74", "75+")


def register_measurements(
    records: Records, personas: Mapping[str, Sequence[str]], tell: Callable[[str], None]
) -> None:
    """Two signed measurements of a model and an unsigned one of a table, each through the one way in."""
    tell("Leakage: measure a model twice and a table once, and register the results")
    author, officer = (Actor.person(personas[role][0]) for role in ("author", "dpo"))
    private = ed25519.Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    keys.enrol(records, officer, "Nightly model build", public, PROJECT)
    for day, leaf, name in RUNS:
        data = measure_forest(leaf, name).as_json().encode()
        envelope = signature.sign(data, MODEL.about, day, pem)
        store.register(records, author, MODEL, data, f"{name}.json", envelope=envelope)
    table = measure_table().as_json().encode()
    store.register(records, author, TABLE, table, "web-events.json", measured_on=MEASURED_TABLE_ON)


def measure_forest(leaf: int, name: str) -> Measurement:
    """Membership inference on a forest, with eight reference models of its own kind."""
    import numpy as np
    from sklearn.ensemble import RandomForestClassifier

    from assessments.leakage.membership.measure import evaluate
    from assessments.leakage.membership.models import signals_of, train_references

    random = np.random.default_rng(3)
    x = random.normal(size=(RECORDS, 8)).round(2)
    taken = x[:, 0] + x[:, 1] * x[:, 2] + random.normal(size=RECORDS) > 0
    member = np.zeros(RECORDS, bool)
    member[random.permutation(RECORDS)[: RECORDS // 2]] = True
    ids = [f"c-{number:05d}" for number in random.permutation(RECORDS)]
    forest = RandomForestClassifier(20, min_samples_leaf=leaf, random_state=0)
    with tempfile.TemporaryDirectory() as folder:
        references = train_references(forest, x, taken, 8, 5, folder, ids=ids)
        forest.fit(x[member], taken[member])
        groups = ["heavy users" if each else "others" for each in x[:, 0] > 1]
        signals = signals_of(forest, x, taken, member, ids=ids, groups=groups)
        found = evaluate(signals, references)
    return _named(found, (f"{name}-signals.parquet", f"{name}-references.parquet"))


def measure_table() -> Measurement:
    """Re-identification in a table of visits, with a recommendation how coarse it should become."""
    import numpy as np
    import pandas as pd

    from assessments.leakage.reidentification import Options, evaluate

    random = np.random.default_rng(11)
    age = random.normal(47, 17, RECORDS).clip(18, 95).astype(int)
    visits = pd.DataFrame(
        {
            "age": [str(each) for each in age],
            "region": random.choice(["north", "east", "south", "west"], RECORDS, p=[0.4, 0.3, 0.2, 0.1]),
            "device": random.choice(["phone", "laptop", "tablet"], RECORDS, p=[0.7, 0.25, 0.05]),
            "consent": random.choice(["yes", "no"], RECORDS),
        }
    )  # fmt: skip
    coarser = {str(each): (_band(each), "any") for each in range(18, 96)}
    devices = dict.fromkeys(("phone", "laptop", "tablet"), ("any",))
    options = Options(hierarchies={"age": coarser, "device": devices})
    found = evaluate(visits, ["age", "region", "device"], options=options)[0]
    return _named(found, ("web-events.parquet",))


def _band(age: int) -> str:
    edges = (30, 45, 60, 75)
    return BANDS[sum(age >= edge for edge in edges)]


def _named(found: Measurement, names: tuple[str, ...]) -> Measurement:
    """Inputs under the names that a build would give them, not where this machine kept them."""
    inputs = tuple(
        replace(source, path=str(Path(name)))
        for source, name in zip(found.inputs, names, strict=True)
    )
    return replace(found, inputs=inputs)
