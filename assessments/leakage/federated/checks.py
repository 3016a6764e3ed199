"""Checks on the exported settings of a federated training: stated as checks, never as a score.

Settings show what was configured, not what ran and not what leaks. A check is ``met``, ``not_met``
or ``not_stated``; the last is no yes. Figures that follow from others (the cohort that is left after
dropout, local steps from epochs) are derived and said to be.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from assessments.errors import BadInput
from assessments.files import file_digest
from assessments.leakage.budget.settings_files import load
from assessments.leakage.measurement import Source

Verdict = Literal["met", "not_met", "not_stated"]
LIMITS = Path(__file__).with_name("limits.yaml")
ASSUMPTIONS = (
    "The settings are those that ran; nothing here looks at the code or at the traffic.",
    "The server follows the protocol unless a check says otherwise; clients do not collude with it.",
    "It does not show what the updates or the model leak: measure membership on the trained model.",
)


@dataclass(frozen=True, slots=True)
class SettingCheck:
    """One setting against what is wanted, with the reason and its source."""

    name: str
    verdict: Verdict
    found: str
    wanted: str
    why: str
    source: str


@dataclass(frozen=True, slots=True)
class Checks:
    """All checks of one settings file."""

    checks: tuple[SettingCheck, ...]
    source: Source
    limits_version: str

    @property
    def verdict(self) -> Verdict:
        """``not_met`` if any is, else ``not_stated`` if any is."""
        seen = {check.verdict for check in self.checks}
        return "not_met" if "not_met" in seen else "not_stated" if "not_stated" in seen else "met"

    def as_dict(self) -> dict[str, Any]:
        """The JSON form: the shape of a measure, without a figure to mistake for one."""
        silent = {"verdict": "not_applicable", "detail": "settings are read, nothing is attacked", "value": None}  # fmt: skip
        return {
            "measure": "federated", "results": {}, "severity": None, "status": "not_measured",
            "power_check": silent, "null_check": silent, "assumptions": list(ASSUMPTIONS),
            "inputs": [asdict(self.source)], "verdict": self.verdict, "limits_version": self.limits_version,
            "counts": dict(Counter(check.verdict for check in self.checks)),
            "checks": [asdict(check) for check in self.checks],
        }  # fmt: skip


def check_file(path: str | Path) -> Checks:
    """Every check on a JSON or YAML file of settings, nested or flat."""
    file = Path(path)
    settings = flat(load(file))
    limits = _limits()
    found = tuple(_judge(rule, settings) for rule in limits["checks"])
    if all(check.verdict == "not_stated" for check in found):
        names = ", ".join(rule["fields"][0] for rule in limits["checks"])
        raise BadInput("No setting of a federated training was found.", f"Looked for: {names}, ...", where={"file": str(path)})  # fmt: skip
    return Checks(found, Source(str(path), file_digest(file), len(settings)), str(limits["version"]))  # fmt: skip


def flat(data: Mapping[str, Any]) -> dict[str, Any]:
    """Names of settings wherever they stand; two different values of one name are refused."""
    found: dict[str, Any] = {}
    for name, value in _walk(data):
        key = name.strip().lower().replace("-", "_")
        if key in found and found[key] != value:
            raise BadInput("A setting has two different values.", field=key)
        found[key] = value
    return _derived(found)


def _walk(data: Mapping[str, Any]) -> Sequence[tuple[str, Any]]:
    items: list[tuple[str, Any]] = []
    for name, value in data.items():
        if isinstance(value, Mapping):
            inner = list(_walk(value))
            items += [(f"{name}_{n}", v) for n, v in inner if n in {"enabled", "threshold"}]
            items += [(n, v) for n, v in inner if n not in {"enabled", "threshold"}]
        else:
            items.append((str(name), value))
    return items


def _derived(found: dict[str, Any]) -> dict[str, Any]:
    epochs, batch = (
        found.get("local_epochs"),
        found.get("batch_size", found.get("local_batch_size")),
    )
    records = found.get("min_examples_per_client", found.get("records_per_client"))
    stated: list[Any] = [epochs, batch, records]
    known = [float(each) for each in stated if _is_number(each) and each > 0]
    if "local_steps" not in found and len(known) == 3:
        found["local_steps"] = math.ceil(known[0] * known[2] / known[1])
    return found


def _judge(rule: Mapping[str, Any], settings: Mapping[str, Any]) -> SettingCheck:
    field = next((name for name in rule["fields"] if settings.get(name) is not None), None)
    wanted = next(f"{key.replace('_', ' ')} {rule[key]}" for key in _TESTS if key in rule)
    said = (rule["name"], wanted, rule["why"], rule["source"])
    if field is None:
        return SettingCheck(said[0], "not_stated", "", *said[1:])
    value = _as_share(rule["name"], settings[field], settings)
    key = next(key for key in _TESTS if key in rule)
    met = _TESTS[key](value, rule[key])
    return SettingCheck(said[0], "met" if met else "not_met", f"{field} = {value}", *said[1:])


def _as_share(name: str, value: Any, settings: Mapping[str, Any]) -> Any:
    """A threshold given as a number of clients becomes a share of the smallest cohort."""
    cohort = next((settings[f] for f in ("min_fit_clients", "min_clients", "minimum_cohort", "cohort_size", "clients_per_round") if f in settings), None)  # fmt: skip
    if (
        name == "secure_aggregation_threshold"
        and _is_number(value)
        and value > 1
        and _is_number(cohort)
    ):
        return round(value / cohort, 4) if cohort else value
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "at_least": lambda value, limit: _is_number(value) and value >= limit,
    "at_most": lambda value, limit: _is_number(value) and 0 <= value <= limit,
    "above": lambda value, limit: _is_number(value) and value > limit,
    "is": lambda value, limit: value is limit or str(value).lower() in {"true", "yes", "on", "secagg", "secagg+"},
}  # fmt: skip


@cache
def _limits() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(LIMITS.read_text("utf-8"))
    return loaded
