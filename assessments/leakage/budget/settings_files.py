"""Settings of Opacus and TF Privacy, read from JSON or YAML without their libraries.

Opacus: ``{"accountant": "rdp", "history": [[sigma, rate, steps], ...], "delta": ...}``, as its
accountants keep it (``state_dict``). TF Privacy: ``noise_multiplier``, ``batch_size``, ``epochs`` or
``steps``, ``number_of_examples`` (its statement's arguments), ``num_microbatches``.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from assessments.errors import BadInput, NotFound
from assessments.leakage.budget.spending import Run, Step

LARGEST = 5_000_000


def read_run(path: str | Path, *, label: str, unit: str, delta: float | None = None) -> Run:
    """A run from a settings file; δ may be given where the file has none."""
    file = Path(path)
    data = load(file)
    chosen = data.get("delta", delta)
    if chosen is None:
        raise BadInput("The file names no delta.", "Give it.", field="delta", where={"file": str(path)})  # fmt: skip
    try:
        run = _opacus if "history" in data else _tf_privacy
        return run(data, label, unit, float(chosen), hashlib.sha256(file.read_bytes()).hexdigest())
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(
            "These are no settings of Opacus or TF Privacy.",
            f"A field is missing or no number: {type(error).__name__}.",
            where={"file": str(path)},
        ) from error


def load(file: Path) -> dict[str, Any]:
    """A JSON or YAML mapping of bounded size."""
    if not file.is_file():
        raise NotFound("This file does not exist.", where={"file": str(file)})
    if file.stat().st_size > LARGEST:
        raise BadInput("A settings file of this size is not read.", where={"file": str(file)})
    try:
        data = yaml.safe_load(file.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadInput("This is neither JSON nor YAML.", where={"file": str(file)}) from error
    if not isinstance(data, dict):
        raise BadInput("Settings are a mapping of names and values.", where={"file": str(file)})
    return data


def _opacus(data: Mapping[str, Any], label: str, unit: str, delta: float, digest: str) -> Run:
    steps: tuple[Step, ...] = tuple((float(s), float(q), int(n)) for s, q, n in data["history"])
    poisson = bool(data.get("poisson_sampling", True))
    mechanism = str(data.get("accountant") or data.get("mechanism") or "rdp")
    return Run(
        label, unit, delta, "add_remove", "poisson" if poisson else "shuffle", mechanism,
        f"opacus {data.get('version', 'unknown')}", _optional(data.get("epsilon")), steps, digest,
    )  # fmt: skip


def _tf_privacy(data: Mapping[str, Any], label: str, unit: str, delta: float, digest: str) -> Run:
    rows, batch = int(data["number_of_examples"]), int(data["batch_size"])
    if not 0 < batch <= rows:
        raise BadInput("The batch is larger than the data, or empty.", field="batch_size")
    count = int(data["steps"]) if "steps" in data else math.ceil(float(data["epochs"]) * rows / batch)  # fmt: skip
    sigma = float(data["noise_multiplier"])
    micro = data.get("num_microbatches")
    if micro is not None and int(micro) < batch:
        sigma /= 2
    poisson = bool(data.get("used_poisson_sampling", data.get("poisson_sampling", False)))
    return Run(
        label, unit, delta, "add_remove", "poisson" if poisson else "shuffle", "rdp",
        f"tensorflow-privacy {data.get('version', 'unknown')}", _optional(data.get("epsilon")),
        ((sigma, batch / rows, count),), digest,
    )  # fmt: skip


def _optional(value: Any) -> float | None:
    return None if value is None else float(value)
