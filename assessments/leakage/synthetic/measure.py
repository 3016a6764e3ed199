"""Measure a synthetic release against its original and a control that it never saw."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from assessments.errors import BadInput
from assessments.leakage.measurement import Check, Estimate, Measurement, Source, Table, stamped
from assessments.leakage.relation import Data, Relation, open_relations
from assessments.leakage.synthetic import battery, closeness, copies, fidelity
from assessments.leakage.synthetic.linkability import halves
from assessments.leakage.synthetic.tables import Rows, encode

VERSION = "2"
FEWEST_ROWS = 100
LARGEST = 30_000
SECRETS = 8
LOW_POWER = 500
ASSUMPTIONS = (
    "The attacker holds the synthetic rows and, about the target, the known attributes; never the generator.",
    "Control rows come from the same population as the original and were never used to make the release.",
    "It does not show what an attacker with the model, or with other auxiliary data, would add.",
)


@dataclass(frozen=True, slots=True)
class Options:
    """Secrets to infer, attributes the attacker knows, and how hard to try."""

    secrets: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    attacks: int = 500
    neighbours: int = 1
    confidence: float = 0.95
    seed: int = 0


def evaluate(
    original: Data, synthetic: Data, control: Data, options: Options | None = None
) -> Measurement:
    """Every attack at equal sizes, with self-tests, fidelity and subgroup bias beside them."""
    options = options or Options()
    started = time.perf_counter()
    rng = np.random.default_rng(options.seed)
    with open_relations(original, synthetic, control, ordered=True) as relations:
        tables = encode(relations)
        _refuse_small(relations, tables)
        plan, notes = _plan(relations, tables[0], options, rng)
        sources = tuple(
            each.source(len(rows)) for each, rows in zip(relations, tables, strict=True)
        )
    notes += _overlap(sources, tables[0], tables[2])
    training, made, held = _equal(tables, rng, notes)
    findings = battery.run(training, made, held, plan, rng)
    beside = _beside(training, made, held, plan, rng)
    checks = (
        battery.power_check(training, made, held, plan, rng),
        battery.null_check(made, held, plan, rng),
    )
    reach = battery.reach(training, made, held, plan, rng)
    found = replace(
        _measurement(findings, checks, training, plan, options),
        results=_results(findings, options.confidence) | beside,
        inputs=sources,
        caveats=(*notes, *_unseen(reach)),
        tables=_tables(findings, training, made) | {"planted": reach},
    )
    return stamped(found, started)


def _plan(
    relations: Sequence[Relation], rows: Rows, options: Options, rng: np.random.Generator
) -> tuple[battery.Plan, list[str]]:
    for relation in relations:
        for name in (*options.secrets, *options.known):
            relation.column(name)
    secrets = options.secrets or rows.names[:SECRETS]
    known = options.known or rows.names
    overlap = set(options.secrets) & set(options.known)
    if overlap:
        raise BadInput(
            "A secret cannot be known already.", where={"column": min(overlap)}, field="secret"
        )
    left_out = [c.name for c in relations[0].columns if c.name not in rows.names]
    notes = [f"Not in every table, so not measured: {', '.join(left_out)}."] if left_out else []
    empty = [name for i, name in enumerate(rows.names) if not rows.codes[:, i].any()]
    if set(empty) & set(secrets[: len(options.secrets)]):
        raise BadInput(
            "The secret holds no value at all.",
            where={"file": relations[0].path, "column": empty[0]},
        )
    notes += [f"No value at all in the original: {', '.join(empty)}."] if empty else []
    sides = halves(rows, rng)
    plan = battery.Plan(
        tuple(rows.positions(secrets)), tuple(rows.positions(known)), sides,
        options.attacks, options.confidence, options.neighbours,
    )  # fmt: skip
    return plan, notes


def _refuse_small(relations: Sequence[Relation], tables: Sequence[Rows]) -> None:
    for relation, rows in zip(relations, tables, strict=True):
        if len(rows) < FEWEST_ROWS:
            raise BadInput(
                f"{len(rows)} rows are too few to tell leakage from luck.",
                f"At least {FEWEST_ROWS} are needed in each of original, synthetic and control.",
                where={"file": relation.path},
            )


def _overlap(sources: Sequence[Source], training: Rows, control: Rows) -> list[str]:
    shared, twins = copies.overlap(training, control)
    if (shared.low or 0) > (twins.high or 1) + 0.1:
        raise BadInput(
            f"{shared.value:.0%} of the control rows are rows of the original.",
            "A control has to be independent of the original; as it is, it would hide every leak.",
            where={"file": sources[2].path},
        )
    if (shared.low or 0) > (twins.high or 1):
        return [
            f"{shared.value:.1%} of the control rows also occur in the original, more than twins explain."
        ]
    return []


def _equal(
    tables: Sequence[Rows], rng: np.random.Generator, notes: list[str]
) -> tuple[Rows, Rows, Rows]:
    training, made, held = tables
    size = min(len(training), len(held), LARGEST)
    if len(training) != len(held):
        notes.append(
            f"Original ({len(training)}) and control ({len(held)}) were resampled to {size} rows each: "
            "at unequal sizes singling out and distances raise false alarms."
        )
    if size < LOW_POWER:
        notes.append(f"Only {size} rows a side: small leaks cannot be told from luck.")
    return training.sample(size, rng), made.sample(LARGEST, rng), held.sample(size, rng)


def _beside(
    training: Rows, made: Rows, held: Rows, plan: battery.Plan, rng: np.random.Generator
) -> dict[str, Estimate]:
    columns = fidelity.columns(training, made)
    return {
        "dcr_closer_to_training": closeness.closer_to_training(
            training, made, held, 2 * plan.n, rng, plan.confidence
        ),
        "density_ratio_auc": closeness.density_ratio(training, made, held, 2 * plan.n, rng),
        "fidelity": Estimate.exact(float(np.mean([row["fidelity"] for row in columns]))),
    }


def _results(findings: battery.Findings, confidence: float) -> dict[str, Estimate]:
    single = {each.name: each.risk(confidence) for each in findings.outcomes}
    named = {
        "singling_out": [risk for name, risk in single.items() if name.startswith("singling_out")],
        "linkability": [single["linkability"]],
        "inference": [risk for name, risk in single.items() if name.startswith("inference")],
    }
    worst = {
        name: max(risks, key=lambda risk: risk.value or 0.0)
        for name, risks in named.items()
        if risks
    }
    copied = findings.copies
    return {
        "exact_copies": copied.training,
        "exact_copies_control": copied.control,
        "exact_copies_advantage": copied.advantage,
        **worst,
        **{name: risk for name, risk in single.items() if name not in worst},
    }


def _measurement(
    findings: battery.Findings,
    checks: tuple[Check, Check],
    training: Rows,
    plan: battery.Plan,
    options: Options,
) -> Measurement:
    low, high = findings.severity
    proven = all(check.verdict == "passed" for check in checks)
    return Measurement(
        channel="synthetic",
        method="copies, singling out, linkability, inference at equal sizes",
        method_version=VERSION,
        value=(low + high) / 2, ci_low=low, ci_high=high, confidence=options.confidence,
        n=len(training),
        baseline=None, baseline_kind="control of equal size, imputation and chance, whichever does best",
        severity=low, severity_high=high, extent=findings.copies.exposed,
        status="measured" if proven else "inconclusive",
        power_check=checks[0], null_check=checks[1], assumptions=ASSUMPTIONS, seed=options.seed,
        params={
            "secrets": [training.names[i] for i in plan.secrets], "known": [training.names[i] for i in plan.known],
            "attacks": plan.n, "neighbours": plan.neighbours,
        },
    )  # fmt: skip


def _unseen(reach: Table) -> list[str]:
    return [
        f"Planted for a test in {row['share']:.0%} of the rows, {row['plant']} were not noticed: "
        "the data are too few, or too alike, to rule such a leak out."
        for row in reach
        if not row["seen_by"]
    ]


def _tables(findings: battery.Findings, training: Rows, made: Rows) -> dict[str, Table]:
    return {
        "attacks": findings.as_table(),
        "fidelity": fidelity.columns(training, made),
        "subgroup_bias": fidelity.subgroup_bias(training, made),
    }
