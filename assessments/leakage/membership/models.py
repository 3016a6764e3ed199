"""Reference models for any scikit-learn estimator, trained on random halves of one pool.

Models 2i and 2i + 1 share a split and take a half each, so every example is outside of every second
model (the layout of ML Privacy Meter). Every model's signals are one file, written whole or not at
all: a run that was killed goes on where it stopped and ends with the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from assessments.errors import BadInput
from assessments.leakage.membership.signals import Bools, Floats

PLAN = "plan.json"
SIGNALS = "references.parquet"
TINY = 1e-300

Progress = Callable[[int, int], None]


def train_references(
    estimator: Any, x: Any, y: Any, count: int, seed: int, folder: str | Path, jobs: int = 1, *,
    ids: Sequence[Any] | None = None, progress: Progress | None = None,
) -> Path:  # fmt: skip
    """Train what is not there yet, and give the file that the attacks read as references.

    ``folder`` belongs to one estimator, pool and seed; ``count`` may grow later. ``progress`` is
    called with how many models are done, and of how many.
    """
    from sklearn.utils.parallel import Parallel, delayed

    labels = np.asarray(y)
    _refuse(estimator, labels, count)
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    _hold_to_plan(place, _plan(estimator, x, labels, seed))
    todo = [i for i in range(count) if not _is_done(_file(place, i), len(labels))]
    tell = progress or (lambda done, of: None)
    tell(count - len(todo), count)
    trained = Parallel(n_jobs=jobs, return_as="generator_unordered")(
        delayed(_train)(estimator, x, labels, i, seed, _file(place, i)) for i in todo
    )
    for done, _ in enumerate(trained, count - len(todo) + 1):
        tell(done, count)
    return _gather(place, estimator, count, seed, len(labels), ids)


def signals_of(
    estimator: Any,
    x: Any,
    y: Any,
    member: Sequence[Any] | Bools,
    *,
    ids: Sequence[Any] | NDArray[Any] | None = None,
    groups: Sequence[Any] | NDArray[Any] | None = None,
) -> pd.DataFrame:
    """A trained target's signals in the form that ``evaluate`` reads."""
    table = {
        "id": _ids(ids, len(np.asarray(y))),
        transform_of(estimator): _signals(estimator, x, np.asarray(y)),
        "member": np.asarray(member, dtype=bool),
    }
    return pd.DataFrame(table if groups is None else table | {"group": list(groups)})


def transform_of(estimator: Any) -> str:
    """A classifier gives the probability of the true label, a regressor its loss.

    That is the squared error over twice the variance of the labels: whatever their unit, the
    attacks see the same figures.
    """
    from sklearn.base import is_classifier

    return "probability" if is_classifier(estimator) else "loss"


def membership(model: int, rows: int, seed: int) -> Bools:
    """On which rows a model is trained: a half, its twin on the other."""
    order = np.random.default_rng([seed, model // 2]).permutation(rows)
    inside = np.zeros(rows, bool)
    inside[order[: rows // 2]] = True
    return inside if model % 2 == 0 else ~inside


def _train(estimator: Any, x: Any, y: NDArray[Any], model: int, seed: int, file: Path) -> None:
    from sklearn.base import clone

    inside = np.flatnonzero(membership(model, len(y), seed))
    fresh = clone(estimator)
    state = int(np.random.default_rng([seed, model, 1]).integers(2**31))
    names = [name for name in fresh.get_params() if name.split("__")[-1] == "random_state"]
    fresh.set_params(**dict.fromkeys(names, state))
    fresh.fit(_rows(x, inside), y[inside])
    _write(file, lambda handle: np.save(handle, _signals(fresh, x, y)))


def _signals(estimator: Any, x: Any, y: NDArray[Any]) -> Floats:
    if transform_of(estimator) == "loss":
        missed = np.asarray(estimator.predict(x), dtype=np.float64) - y
        return np.square(missed) / (2 * max(float(np.var(y)), TINY))
    shares = np.asarray(estimator.predict_proba(x), dtype=np.float64)
    classes = np.asarray(estimator.classes_)
    place = np.minimum(np.searchsorted(classes, y), len(classes) - 1)
    chosen = shares[np.arange(len(y)), place]
    return np.where(classes[place] == y, np.clip(chosen, 0.0, 1.0), 0.0)


def _refuse(estimator: Any, y: NDArray[Any], count: int) -> None:
    if count < 2:
        raise BadInput("At least two reference models are needed.", field="count")
    if transform_of(estimator) == "probability" and not hasattr(estimator, "predict_proba"):
        raise BadInput(
            f"{type(estimator).__name__} gives no probabilities.",
            "Wrap it, for instance in CalibratedClassifierCV.", field="estimator",
        )  # fmt: skip
    if y.ndim != 1 or len(y) < 4:
        raise BadInput(
            "The pool needs one label an example, and examples for two halves.", field="y"
        )


def _plan(estimator: Any, x: Any, y: NDArray[Any], seed: int) -> dict[str, Any]:
    return {
        "estimator": f"{type(estimator).__module__}.{type(estimator).__qualname__}",
        "parameters": hashlib.sha256(repr(sorted(estimator.get_params().items())).encode()).hexdigest(),
        "pool": _digest(x), "labels": _digest(y), "rows": len(y), "seed": seed,
        "signal": transform_of(estimator),
    }  # fmt: skip


def _hold_to_plan(folder: Path, plan: dict[str, Any]) -> None:
    file = folder / PLAN
    if not file.is_file():
        text = json.dumps(plan, indent=1, sort_keys=True)
        return _write(file, lambda handle: handle.write(text.encode()))
    kept = json.loads(file.read_text(encoding="utf-8"))
    different = sorted(name for name in plan if kept.get(name) != plan[name])
    if different:
        raise BadInput(
            f"This folder holds references of another {', '.join(different)}.",
            "Give a new folder; the models in this one were kept.", where={"file": str(file)},
        )  # fmt: skip
    return None


def _gather(
    folder: Path, estimator: Any, count: int, seed: int, rows: int, ids: Sequence[Any] | None
) -> Path:
    name = transform_of(estimator)
    table: dict[str, Any] = {"id": _ids(ids, rows)}
    for model in range(count):
        table[f"{name}_{model}"] = np.load(_file(folder, model), allow_pickle=False)
        table[f"member_{model}"] = membership(model, rows, seed)
    file = folder / SIGNALS
    _write(file, lambda handle: pq.write_table(pa.table(table), handle))
    return file


def _write(file: Path, put: Callable[[Any], object]) -> None:
    """A file appears whole: written beside its place, flushed to disk, then renamed."""
    beside = file.with_name(f".{file.name}.part")
    with beside.open("wb") as handle:
        put(handle)
        handle.flush()
        os.fsync(handle.fileno())
    beside.replace(file)


def _is_done(file: Path, rows: int) -> bool:
    try:
        return np.load(file, allow_pickle=False).shape == (rows,)
    except (OSError, ValueError):
        return False


def _file(folder: Path, model: int) -> Path:
    return folder / f"model_{model:04d}.npy"


def _ids(ids: Sequence[Any] | NDArray[Any] | None, rows: int) -> list[str]:
    return [str(each) for each in (range(rows) if ids is None else ids)]


def _rows(x: Any, places: NDArray[np.intp]) -> Any:
    return (
        x.iloc[places]
        if hasattr(x, "iloc")
        else np.asarray(x)[places]
        if isinstance(x, (list, tuple))
        else x[places]
    )


def _digest(values: Any) -> str:
    if hasattr(values, "tocsr"):
        sparse = values.tocsr()
        parts = [np.asarray(sparse.data), sparse.indices, sparse.indptr]
        return hashlib.sha256(b"".join(part.tobytes() for part in parts)).hexdigest()
    frame = values if isinstance(values, pd.DataFrame) else pd.DataFrame(np.asarray(values))
    rows = pd.util.hash_pandas_object(frame, index=False).to_numpy()
    names = ",".join(map(str, frame.columns))
    return hashlib.sha256(names.encode() + rows.tobytes()).hexdigest()
