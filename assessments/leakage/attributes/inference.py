"""Attribute inference: attack minus imputation, on members and on non-members.

Input is a table of guesses, one row a person: the truth, what the attacker with the model guessed,
what imputation without the model guessed from the same auxiliary data, and whether the person was
in training. Leakage is the attack's gain over the best comparator (imputation or the majority
value) on members; it is specific to members when non-members show less of it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assessments.errors import BadInput
from assessments.leakage.attributes.comparison import (
    Hits,
    Paired,
    compare,
    difference_of,
    exchange_check,
    plant,
    power_check,
    severity,
)
from assessments.leakage.measurement import Check, Estimate, Measurement, Table, stamped
from assessments.leakage.rates import wilson_interval
from assessments.leakage.relation import Data, Relation, open_relations

VERSION = "1"
FEWEST = 100
SMALLEST_GROUP = 50
TOLERANCE = 0.1
PLANTED = 0.2
ASSUMPTIONS = (
    "The attacker knows the auxiliary attributes of a person, queries the model, and guesses one attribute.",
    "Imputation had the same auxiliary attributes, the label included, and never the model.",
    "It does not show what a stronger attack, other auxiliary data or white-box access would add.",
)


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of the table of guesses are called."""

    truth: str = "truth"
    attack: str = "attack"
    imputation: str = "imputation"
    member: str = "member"
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """Names of the columns, the tolerance of a numeric guess in interquartile ranges, and the seed."""

    columns: Columns = Columns()
    tolerance: float = TOLERANCE
    confidence: float = 0.95
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Guesses:
    """Who was right about whom: attack and imputation, with majority as the second comparator."""

    attack: Hits
    imputation: Hits
    majority: Hits
    member: Hits
    group: NDArray[np.object_] | None

    def comparator(self, of: Hits) -> tuple[str, Hits]:
        """Whichever comparator does better on these records."""
        better = self.imputation[of].mean() >= self.majority[of].mean()
        return ("imputation", self.imputation) if better else ("majority value", self.majority)


def evaluate(guesses: Data, options: Options | None = None) -> Measurement:
    """Attack against comparators, per membership and group, with a planted leak and a null."""
    options = options or Options()
    started = time.perf_counter()
    rng = np.random.default_rng(options.seed)
    with open_relations(guesses, ordered=True) as (relation,):
        found, notes = _read(relation, options)
        source = relation.source(len(found.attack))
    power, null = _power(found, options, rng), _null(found, options, rng)
    measured = _measurement(found, options, rng)
    proven = power.verdict == null.verdict == "passed"
    return stamped(
        replace(
            measured, inputs=(source,), power_check=power, null_check=null,
            status="measured" if proven else "inconclusive", caveats=(*notes, *measured.caveats),
        ),
        started,
    )  # fmt: skip


def _read(relation: Relation, options: Options) -> tuple[Guesses, list[str]]:
    names = options.columns
    wanted = [names.truth, names.attack, names.imputation, names.member, *([names.group] if names.group else [])]  # fmt: skip
    picked = relation.pick(wanted)
    frame = relation.connection.execute(
        f"select {', '.join(c.sql for c in picked)} from {relation.view}"
    ).df()
    frame.columns = pd.Index(["truth", "attack", "imputation", "member", "group"][: len(picked)])
    whole = frame.dropna(subset=["truth", "attack", "imputation", "member"])
    notes = [f"{len(frame) - len(whole)} rows without a truth, guess or membership were left out."] if len(whole) < len(frame) else []  # fmt: skip
    member = _flags(whole["member"], relation)
    _refuse(whole, member, relation)
    numeric = all(column.is_numeric for column in picked[:3])
    hits = _numeric_hits(whole, options.tolerance) if numeric else _equal_hits(whole)
    group = whole["group"].astype(str).to_numpy(object) if names.group else None
    if whole["truth"].nunique() > 30 and not numeric:
        notes.append("The attribute has more than 30 values; a right guess may single people out.")
    return Guesses(*hits, member, group), notes


def _flags(column: pd.Series, relation: Relation) -> Hits:
    spelled = column.astype(str).str.strip().str.lower().str.removesuffix(".0")
    yes, no = spelled.isin(["1", "true", "yes", "member"]), spelled.isin(["0", "false", "no", "nonmember"])  # fmt: skip
    if not (yes | no).all():
        raise BadInput("Membership is neither yes nor no in some rows.", "Write 1 and 0, or true and false.", where={"file": relation.path})  # fmt: skip
    return yes.to_numpy(bool)


def _refuse(frame: pd.DataFrame, member: Hits, relation: Relation) -> None:
    sides = {"members": int(member.sum()), "non-members": int((~member).sum())}
    for side, n in sides.items():
        if n < FEWEST:
            raise BadInput(f"{n} {side} are too few to tell leakage from luck.", f"At least {FEWEST} of each are needed.", where={"file": relation.path})  # fmt: skip
    if frame["truth"].nunique() < 2:
        raise BadInput("The attribute has a single value; there is nothing to infer.", where={"file": relation.path})  # fmt: skip


def _equal_hits(frame: pd.DataFrame) -> tuple[Hits, Hits, Hits]:
    truth = frame["truth"].astype(str)
    most = truth.value_counts().index[0]
    return (
        (truth == frame["attack"].astype(str)).to_numpy(bool),
        (truth == frame["imputation"].astype(str)).to_numpy(bool),
        (truth == most).to_numpy(bool),
    )


def _numeric_hits(frame: pd.DataFrame, tolerance: float) -> tuple[Hits, Hits, Hits]:
    """Within the tolerance, an absolute distance in interquartile ranges (never relative)."""
    truth = frame["truth"].to_numpy(float)
    low, middle, high = np.percentile(truth, [25, 50, 75])
    width = tolerance * (high - low)
    near = [np.abs(frame[name].to_numpy(float) - truth) <= width for name in ("attack", "imputation")]  # fmt: skip
    return near[0], near[1], np.abs(truth - middle) <= width


def _gain(
    found: Guesses, of: Hits, options: Options, rng: np.random.Generator, tests: int = 1
) -> Paired:
    """The smaller of the gains over both comparators would be lenient; the better comparator counts."""
    confidence = 1 - (1 - options.confidence) / tests
    return compare(found.attack[of], found.comparator(of)[1][of], confidence, rng)


def _measurement(found: Guesses, options: Options, rng: np.random.Generator) -> Measurement:
    member, apart = found.member, ~found.member
    groups = _groups(found, options, rng)
    inside, outside = _gain(found, member, options, rng), _gain(found, apart, options, rng)
    comparator = found.comparator(member)
    specific = difference_of(
        (found.attack[member], comparator[1][member]), (found.attack[apart], comparator[1][apart]),
        options.confidence, rng,
    )  # fmt: skip
    low, high = severity(inside)
    worst = max((float(row["severity"]) for row in groups if row["members"]), default=0.0)
    results = {
        "attribute_inference": inside.difference,
        "attribute_inference_non_members": outside.difference,
        "member_specific": specific,
        "attack_accuracy": wilson_interval(int(found.attack[member].sum()), int(member.sum())),
        "imputation_accuracy": wilson_interval(int(found.imputation[member].sum()), int(member.sum())),
        "majority_accuracy": wilson_interval(int(found.majority[member].sum()), int(member.sum())),
        "mcnemar_p": Estimate.exact(inside.p_value),
    }  # fmt: skip
    return Measurement(
        channel="attribute", method="attack minus imputation, paired", method_version=VERSION,
        value=inside.difference.value, ci_low=inside.difference.low, ci_high=inside.difference.high,
        confidence=options.confidence, n=int(member.sum()),
        baseline=inside.comparator, baseline_kind=comparator[0],
        severity=max(low, worst), severity_high=max(high, worst),
        extent=max(0.0, inside.difference.low or 0.0), status="measured",
        power_check=Check("not_run", ""), null_check=Check("not_run", ""), results=results,
        assumptions=ASSUMPTIONS, seed=options.seed,
        params={"tolerance": options.tolerance, "group": options.columns.group},
        caveats=_notes(inside, outside, specific), tables={"groups": groups},
    )  # fmt: skip


def _groups(found: Guesses, options: Options, rng: np.random.Generator) -> Table:
    """Members of each group that is large enough; intervals corrected for their number."""
    if found.group is None:
        return ()
    names = [str(name) for name in sorted(set(found.group))]
    large = [
        name for name in names if ((found.group == name) & found.member).sum() >= SMALLEST_GROUP
    ]
    rows: list[dict[str, object]] = []
    for name in large:
        paired = _gain(found, (found.group == name) & found.member, options, rng, len(large) + 1)
        gain = paired.difference
        rows.append({"group": name, "members": paired.n, "gain": gain.value, "low": gain.low, "high": gain.high,
                     "severity": severity(paired)[0]})  # fmt: skip
    small = [name for name in names if name not in large]
    return (*rows, *({"group": name, "members": 0, "note": "too few members"} for name in small))


def _notes(inside: Paired, outside: Paired, specific: Estimate) -> tuple[str, ...]:
    gain, other = inside.difference.low or 0.0, outside.difference.low or 0.0
    if gain <= 0:
        return (
            "The attack is no better than guessing without the model: an accuracy alone is no leak.",
        )
    if other > 0 and (specific.low or 0.0) <= 0:
        return (
            "Non-members lose as much: the model tells about the population, not about its members.",
        )
    return ()


def _power(found: Guesses, options: Options, rng: np.random.Generator) -> Check:
    """A fifth of the members are given away, of those whom imputation gets wrong."""
    against = found.comparator(found.member)[1][found.member]
    planted = plant(against, PLANTED, rng)
    what = f"{int((planted & ~against).sum())} planted right guesses"
    return power_check(planted, against, options.confidence, rng, what)


def _null(found: Guesses, options: Options, rng: np.random.Generator) -> Check:
    attack, against = found.attack, found.comparator(found.member)[1]
    pair = attack[found.member], against[found.member]
    return exchange_check(*pair, options.confidence, rng, "runs with exchanged guesses")
