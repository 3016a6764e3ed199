"""Settings of Opacus and TF Privacy, read from JSON or YAML without their libraries.

Opacus: ``{"history": [[sigma, rate, steps], ...], "mechanism": ...}``, as its accountants keep it
(``state_dict``), alone or under ``privacy_accountant_state_dict`` of a checkpoint. What it keeps as
``mechanism`` is the method itself, so that its text names the class: ``RDPAccountant.mechanism``.

TF Privacy: the arguments of ``compute_dp_sgd_privacy_statement`` (``number_of_examples``,
``batch_size``, ``num_epochs``, ``noise_multiplier``, ``delta``, ``used_microbatching``, true unless
said otherwise), or the flags of the older command (``N``, ``epochs``, ``num_microbatches``).
Microbatches double the sensitivity, which halves the noise (its statement; Ponomareva et al. 2023,
section 5.6).
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from assessments.errors import BadInput, NotFound
from assessments.leakage.budget.spending import Run, Step

LARGEST = 5_000_000
CHECKPOINT = "privacy_accountant_state_dict"
ROWS = ("number_of_examples", "N", "n")
EPOCHS = ("num_epochs", "epochs")


def read_run(path: str | Path, *, label: str, unit: str, delta: float | None = None) -> Run:
    """A run from a settings file; δ may be given where the file has none."""
    file = Path(path)
    data = _opened(load(file))
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


def _opened(data: dict[str, Any]) -> dict[str, Any]:
    """The accountant's state of an Opacus checkpoint, with what stands beside it."""
    inner = data.get(CHECKPOINT)
    return {**data, **inner} if isinstance(inner, dict) else data


def _accountant(data: Mapping[str, Any]) -> str:
    """``rdp`` of ``<bound method RDPAccountant.mechanism of ...>``, or the plain name."""
    said = str(data.get("accountant") or data.get("mechanism") or "rdp")
    found = re.search(r"(\w+?)Accountant\b", said)
    return (found[1] if found else said).lower()[:40]


def _opacus(data: Mapping[str, Any], label: str, unit: str, delta: float, digest: str) -> Run:
    steps: tuple[Step, ...] = tuple((float(s), float(q), int(n)) for s, q, n in data["history"])
    poisson = bool(data.get("poisson_sampling", True))
    return Run(
        label, unit, delta, "add_remove", "poisson" if poisson else "shuffle", _accountant(data),
        f"opacus {data.get('version', 'unknown')}", _optional(data.get("epsilon")), steps, digest,
    )  # fmt: skip


def _tf_privacy(data: Mapping[str, Any], label: str, unit: str, delta: float, digest: str) -> Run:
    rows, batch = int(_first(data, ROWS)), int(data["batch_size"])
    if not 0 < batch <= rows:
        raise BadInput("The batch is larger than the data, or empty.", field="batch_size")
    count = int(data["steps"]) if "steps" in data else math.ceil(float(_first(data, EPOCHS)) * rows / batch)  # fmt: skip
    sigma = float(data["noise_multiplier"]) / (2 if _has_microbatches(data, batch) else 1)
    poisson = bool(data.get("used_poisson_sampling", data.get("poisson_sampling", False)))
    return Run(
        label, unit, delta, "add_remove", "poisson" if poisson else "shuffle", "rdp",
        f"tensorflow-privacy {data.get('version', 'unknown')}", _optional(data.get("epsilon")),
        ((sigma, batch / rows, count),), digest,
    )  # fmt: skip


def _has_microbatches(data: Mapping[str, Any], batch: int) -> bool:
    micro = data.get("num_microbatches")
    if micro is not None:
        return int(micro) < batch
    return bool(data.get("used_microbatching", "num_epochs" in data))


def _first(data: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    """The first of several names that is there; KeyError of the usual one."""
    return data[next((name for name in names if name in data), names[0])]


def _optional(value: Any) -> float | None:
    return None if value is None else float(value)
