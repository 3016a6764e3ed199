"""Verbatim memorisation: outputs of a text model that repeat its training texts word by word.

A run of 50 words or more counts (Carlini et al. 2023), and is k-eidetic when k training texts hold
it (Carlini et al. 2021): few holders mean that a person's text was remembered, many that it is
boilerplate. The comparator is a control corpus of the same size and kind, never trained on.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from assessments.errors import BadInput
from assessments.leakage.attributes.comparison import (
    Hits,
    compare,
    null_check,
    power_check,
    severity,
)
from assessments.leakage.measurement import Check, Estimate, Measurement, Table, stamped
from assessments.leakage.rates import clopper_pearson
from assessments.leakage.relation import Data, Relation
from assessments.leakage.text.reading import open_text
from assessments.leakage.text.suffixes import Overlap, overlaps, words

VERSION = "1"
FEWEST, MOST_WORDS = 20, 20_000_000
ASSUMPTIONS = (
    "The outputs are what an attacker gets with the prompts that were used; other prompts may get more.",
    "Training and control texts are of one kind, and the control was never trained on.",
    "Only word-by-word repetition shows: a paraphrase or a changed name does not.",
)


@dataclass(frozen=True, slots=True)
class Options:
    """The shortest run that counts, the largest k that concerns a person, the text column, the seed."""

    words: int = 50
    eidetic: int = 10
    column: str | None = None
    confidence: float = 0.95
    seed: int = 0


def evaluate(
    outputs: Data | Sequence[str],
    training: Data | Sequence[str],
    control: Data | Sequence[str],
    options: Options | None = None,
) -> Measurement:
    """Outputs that repeat training minus outputs that repeat control, over the same outputs."""
    options = options or Options()
    started = time.perf_counter()
    if options.words < 5 or options.eidetic < 1:
        raise BadInput("Runs under 5 words are language, not memory.", field="words")
    read = [_texts(each, options.column) for each in (outputs, training, control)]
    produced, taught, held = (texts for texts, _ in read)
    _refuse(produced, taught, held, [relation for _, relation in read])
    rng = np.random.default_rng(options.seed)
    taught, held, notes = _equal(taught, held, rng)
    found = _measurement(produced, taught, held, options, rng)
    inputs = tuple(relation.source(len(texts)) for texts, relation in read)
    return stamped(replace(found, inputs=inputs, caveats=(*notes, *found.caveats)), started)


def _texts(data: Data | Sequence[str], column: str | None) -> tuple[list[str], Relation]:
    with open_text(data) as relation:
        picked = relation.column(column) if column else relation.columns[0]
        rows = relation.connection.execute(
            f"select {picked.sql}::varchar from {relation.view} where {picked.sql} is not null"
        ).fetchall()
        return [str(row[0]) for row in rows], relation


def _refuse(
    produced: list[str], taught: list[str], held: list[str], relations: list[Relation]
) -> None:
    for texts, relation in zip((produced, taught, held), relations, strict=True):
        if len(texts) < FEWEST:
            raise BadInput(f"{len(texts)} texts are too few.", f"At least {FEWEST} are needed in each.", where={"file": relation.path})  # fmt: skip
    total = sum(len(text) for texts in (produced, taught, held) for text in texts) // 5
    if total > MOST_WORDS:
        raise BadInput("These texts are too large for an exact search.", f"At most about {MOST_WORDS} words together.")  # fmt: skip
    shared = len(set(taught) & set(held)) / len(set(held))
    if shared > 0.1:
        raise BadInput(f"{shared:.0%} of the control texts are training texts.", "It would hide every leak.", where={"file": relations[2].path})  # fmt: skip


def _equal(
    taught: list[str], held: list[str], rng: np.random.Generator
) -> tuple[list[str], list[str], tuple[str, ...]]:
    size = min(len(taught), len(held))
    if len(taught) == len(held):
        return taught, held, ()
    note = f"Training ({len(taught)}) and control ({len(held)}) were resampled to {size} texts each; a smaller training sample hides leaks."
    sampled = [[texts[i] for i in np.sort(rng.choice(len(texts), size, replace=False))] for texts in (taught, held)]  # fmt: skip
    return sampled[0], sampled[1], (note,)


def _hits(found: Sequence[Overlap], options: Options) -> Hits:
    """Long enough, and held by few enough texts to concern somebody."""
    return np.array([o.length >= options.words and o.documents <= options.eidetic for o in found])


def _measurement(
    produced: list[str],
    taught: list[str],
    held: list[str],
    options: Options,
    rng: np.random.Generator,
) -> Measurement:
    found = overlaps(produced, taught, options.words)
    apart = overlaps(produced, held, options.words)
    hits, chance = _hits(found, options), _hits(apart, options)
    paired = compare(hits, chance, options.confidence, rng)
    power, null = _power(taught, chance, options, rng), _null(produced, taught, held, options, rng)
    proven = power.verdict == null.verdict == "passed"
    n, repeated = len(produced), int(hits.sum())
    low, high = severity(paired)
    return Measurement(
        channel="memorisation", method="verbatim overlap minus control", method_version=VERSION,
        value=paired.difference.value, ci_low=paired.difference.low, ci_high=paired.difference.high,
        confidence=options.confidence, n=n, baseline=paired.comparator, baseline_kind="control texts of equal number",
        severity=low, severity_high=high, extent=repeated / n, status="measured" if proven else "inconclusive",
        power_check=power, null_check=null,
        results={
            "verbatim": paired.difference, "repeats_training": clopper_pearson(repeated, n, options.confidence),
            "longest_run": Estimate.exact(float(max(each.length for each in found))),
        },
        assumptions=ASSUMPTIONS, seed=options.seed,
        params={"words": options.words, "eidetic": options.eidetic, "column": options.column},
        tables={"k_eidetic": _by_holders(found, options)},
    )  # fmt: skip


def _by_holders(found: Sequence[Overlap], options: Options) -> Table:
    long = [each for each in found if each.length >= options.words]
    return tuple(
        {"k": k, "outputs": sum(each.documents <= k for each in long), "of": len(found)}
        for k in (1, 2, 5, 10, 100, 1000)
    )


def _power(taught: list[str], base: Hits, options: Options, rng: np.random.Generator) -> Check:
    """Excerpts of training in place of a tenth of the outputs (ten at least)."""
    long = [text for text in taught if len(words(text)) >= options.words]
    if not long:
        return Check(
            "failed", f"no training text has {options.words} words, so nothing could be found"
        )
    count = min(len(base), max(10, len(base) // 10))
    picked = [long[int(i)] for i in rng.integers(len(long), size=count)]
    planted = base.copy()
    planted[:count] |= _hits(overlaps(picked, taught, options.words), options)
    return power_check(planted, base, options.confidence, rng, f"{count} planted excerpts")


def _null(
    produced: list[str],
    taught: list[str],
    held: list[str],
    options: Options,
    rng: np.random.Generator,
) -> Check:
    """Training and control texts mixed and dealt out again: the sides cannot differ."""
    mixed = [*taught, *held]
    dealt = [mixed[int(i)] for i in rng.permutation(len(mixed))]
    sides = [_hits(overlaps(produced, part, options.words), options) for part in (dealt[: len(taught)], dealt[len(taught) :])]  # fmt: skip
    return null_check(sides[0], sides[1], options.confidence, rng, "texts dealt out again")
