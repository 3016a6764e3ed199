"""The frozen result contract of every leakage measure.

A measured fact carries its origin: inputs and code by digest, method and version, seed, sample
size, interval, comparator, and whether the same run found a planted leak and stayed silent on a
null. The notebook, the command line, the gate and the pages all read this one value.
"""

from __future__ import annotations

import hashlib
import html
import json
import math
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

Status = Literal["measured", "inconclusive", "not_measured"]
Verdict = Literal["passed", "failed", "not_applicable", "not_run"]
Table = tuple[Mapping[str, Any], ...]

SCHEMA = "privacy-workbench/leakage-measurement/v1"
SCHEMA_VERSION = "1.1"
RESULT_SCHEMA = Path(__file__).with_name("measurement.schema.json")


@dataclass(frozen=True, slots=True)
class Estimate:
    """One figure under its name in the literature, with its interval.

    A figure counted from the whole table has ``low == value == high``. ``infinite`` says that the
    defined quantity has no bound; ``value`` is then the figure over the values present, or nothing.
    """

    value: float | None
    low: float | None
    high: float | None
    infinite: bool = False

    @classmethod
    def exact(cls, value: float, *, infinite: bool = False) -> Estimate:
        """A figure that was counted rather than estimated."""
        return cls(value, value, value, infinite)

    def as_dict(self) -> dict[str, Any]:
        """The JSON form; the flag appears only where it is raised."""
        figures: dict[str, Any] = {
            "value": _finite(self.value), "low": _finite(self.low), "high": _finite(self.high)
        }  # fmt: skip
        return figures | {"infinite": True} if self.infinite else figures


@dataclass(frozen=True, slots=True)
class Check:
    """What a run of the same method on a planted leak, or on a null, showed."""

    verdict: Verdict
    detail: str
    value: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {"verdict": self.verdict, "detail": self.detail, "value": _finite(self.value)}


@dataclass(frozen=True, slots=True)
class Source:
    """A table that was measured: where it came from, its digest and its size."""

    path: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class Measurement:
    """The outcome of one leakage measure.

    ``severity`` is what the run demonstrated, from the lower confidence bound, between 0 (nothing
    shown) and 1; ``severity_high`` is the same from the upper bound. ``extent`` is the share of
    people above the policy's threshold. ``value`` with its interval is the headline figure.
    """

    channel: str
    method: str
    method_version: str
    value: float | None
    ci_low: float | None
    ci_high: float | None
    confidence: float
    n: int
    baseline: float | None
    baseline_kind: str
    severity: float | None
    severity_high: float | None
    extent: float | None
    status: Status
    power_check: Check
    null_check: Check
    results: Mapping[str, Estimate] = field(default_factory=dict)
    assumptions: tuple[str, ...] = ()
    inputs: tuple[Source, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)
    seed: int | None = None
    input_digest: str = ""
    code_digest: str = ""
    seconds: float = 0.0
    peak_mb: float = 0.0
    caveats: tuple[str, ...] = ()
    tables: Mapping[str, Table] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The JSON form, with ``measure`` as the command line names the channel."""
        plain = {
            item.name: getattr(self, item.name) for item in fields(self) if item.name != "results"
        }
        plain |= {
            "schema": SCHEMA,
            "schema_version": SCHEMA_VERSION,
            "measure": self.channel,
            "results": {name: each.as_dict() for name, each in self.results.items()},
            "power_check": self.power_check.as_dict(),
            "null_check": self.null_check.as_dict(),
            "inputs": [asdict(source) for source in self.inputs],
        }
        return {key: _plain(plain[key]) for key in sorted(plain)}

    def as_json(self) -> str:
        """JSON with sorted keys: equal measurements are equal texts."""
        return json.dumps(self.as_dict(), sort_keys=True, ensure_ascii=False, allow_nan=False)

    @property
    def digest(self) -> str:
        """SHA-256 of :meth:`as_json`; it goes into the signed assessment."""
        return hashlib.sha256(self.as_json().encode()).hexdigest()

    @property
    def trend_key(self) -> str:
        """Runs are comparable over time only while method, version and parameters stay the same."""
        key = json.dumps(
            [self.channel, self.method, self.method_version, _plain(self.params)], sort_keys=True
        )
        return hashlib.sha256(key.encode()).hexdigest()[:16]

    def to_frame(self) -> pd.DataFrame:
        """One row a result: name, value, low, high, infinite."""
        import pandas as pd

        columns = ["value", "low", "high", "infinite"]
        rows = [[getattr(each, column) for column in columns] for each in self.results.values()]
        return pd.DataFrame(rows, index=pd.Index(list(self.results), name="name"), columns=columns)

    def __repr__(self) -> str:
        severity = (
            "not measured" if self.severity is None else f"severity {100 * self.severity:.1f}/100"
        )
        return (
            f"<Measurement {self.channel} by {self.method}: {severity}, n={self.n}, {self.status}>"
        )

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th scope='row'>{html.escape(name)}</th><td>{_shown(each.value)}</td>"
            f"<td>{_shown(each.low)}</td><td>{_shown(each.high)}</td></tr>"
            for name, each in self.results.items()
        )
        notes = "".join(
            f"<li>{html.escape(note)}</li>" for note in (*self.caveats, *self.assumptions)
        )
        return (
            f"<p><strong>{html.escape(repr(self)[1:-1])}</strong></p><table><thead><tr><th>measure</th>"
            f"<th>value</th><th>low</th><th>high</th></tr></thead><tbody>{rows}</tbody></table><ul>{notes}</ul>"
        )


def from_dict(data: Mapping[str, Any]) -> Measurement:
    """Read a result file back, for instance one that a build elsewhere produced.

    What the schema leaves optional is absent, not an error; what it does not know is passed over.
    """
    optional = ("value", "ci_low", "ci_high", "baseline", "extent")
    values: dict[str, Any] = dict.fromkeys(optional)
    values |= {"baseline_kind": "", "caveats": (), "tables": {}} | _known(Measurement, data)
    values["power_check"] = Check(**_known(Check, data["power_check"]))
    values["null_check"] = Check(**_known(Check, data["null_check"]))
    results = data["results"].items()
    values["results"] = {name: Estimate(**_known(Estimate, each)) for name, each in results}
    values["inputs"] = tuple(Source(**_known(Source, each)) for each in data["inputs"])
    values["assumptions"], values["caveats"] = tuple(data["assumptions"]), tuple(values["caveats"])
    values["tables"] = {name: tuple(rows) for name, rows in values["tables"].items()}
    return Measurement(**values)


def _known(kind: type[Any], data: Mapping[str, Any]) -> dict[str, Any]:
    names = {item.name for item in fields(kind)}
    return {name: value for name, value in data.items() if name in names}


@cache
def code_digest() -> str:
    """SHA-256 over the source of this package: the program that measured."""
    root = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(path for path in root.rglob("*") if path.suffix in {".py", ".sql", ".yaml"}):
        digest.update(
            path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0"
        )
    return digest.hexdigest()


def stamped(measurement: Measurement, started: float) -> Measurement:
    """The same measurement with the digests of its inputs and code, its time and its memory."""
    return replace(
        measurement,
        input_digest=input_digest(measurement.inputs),
        code_digest=code_digest(),
        seconds=time.perf_counter() - started,
        peak_mb=peak_mb(),
    )


def input_digest(inputs: tuple[Source, ...]) -> str:
    """SHA-256 over the digests of all inputs, in order."""
    return hashlib.sha256("".join(source.sha256 for source in inputs).encode()).hexdigest()


def peak_mb() -> float:
    """The largest resident memory of this process so far, in megabytes (0 where unknown)."""
    try:
        import resource
    except ImportError:
        return 0.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.6g}"


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return _finite(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
