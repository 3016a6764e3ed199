"""What a text model repeats, and how exposed planted secrets are."""

from __future__ import annotations

import random

import numpy as np
import pandas as pd
import pytest

from assessments.errors import BadInput
from assessments.leakage.score import is_evidence
from assessments.leakage.text import exposure, verbatim
from assessments.leakage.text.suffixes import overlaps, words

RANDOM = random.Random(1)
VOCABULARY = [f"w{i}" for i in range(30)]


def texts(count: int, length: int) -> list[str]:
    return [" ".join(RANDOM.choices(VOCABULARY, k=length)) for _ in range(count)]


def longest(text: str, corpus: list[str]) -> tuple[int, int]:
    """Brute force: the longest shared run, and how many texts hold the first of that length."""
    own, others = words(text), [words(each) for each in corpus]

    def holders(run: list[str]) -> int:
        size = len(run)
        return sum(any(o[k : k + size] == run for k in range(len(o) - size + 1)) for o in others)

    for size in range(len(own), 0, -1):
        for start in range(len(own) - size + 1):
            if held := holders(own[start : start + size]):
                return size, held
    return 0, 0


def test_the_suffix_array_agrees_with_brute_force() -> None:
    corpus = texts(15, 40)
    asked = [*texts(8, 15), " ".join(words(corpus[3])[5:25]), "nothing of it"]
    found = overlaps(asked, corpus)
    assert [(each.length, each.documents) for each in found] == [longest(t, corpus) for t in asked]


def test_repeated_training_texts_are_found_and_boilerplate_is_not_charged() -> None:
    training, control = texts(60, 80), texts(60, 80)
    fresh = texts(40, 60)
    loud = verbatim.evaluate([*fresh[:30], *training[:10]], training, control)
    assert (loud.severity or 0) > 0.05
    assert loud.tables["k_eidetic"][0]["outputs"] == 10
    assert is_evidence(loud)
    banner = " ".join(words(training[0])[:55])
    common = [f"{text} {banner}" for text in training]
    quiet = verbatim.evaluate([*fresh[:30], *[banner] * 10], common, control)
    assert quiet.severity == 0
    assert quiet.tables["k_eidetic"][4]["outputs"] == 10


def test_a_control_drawn_from_training_is_refused() -> None:
    training = texts(30, 60)
    with pytest.raises(BadInput, match="training texts"):
        verbatim.evaluate(texts(30, 60), training, training)
    with pytest.raises(BadInput, match="too few"):
        verbatim.evaluate(texts(3, 60), training, texts(30, 60))


def scores(values: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"log_likelihood": values})


def test_exposure_is_the_rank_in_bits() -> None:
    references = np.arange(1023, dtype=float)
    top, middle = exposure.exposures(np.array([5000.0, 511.5]), references)
    assert top.value == pytest.approx(10)
    assert middle.value == pytest.approx(1, abs=0.01)
    assert (top.low or 0) > 8
    assert top.high is None


def test_memorised_canaries_prove_a_bound_and_others_prove_nothing() -> None:
    rng = np.random.default_rng(2)
    references = rng.normal(-50, 5, 2000)
    loud = exposure.evaluate(scores(rng.normal(-20, 2, 20)), scores(references))
    quiet = exposure.evaluate(scores(rng.normal(-50, 5, 20)), scores(references))
    assert (loud.severity or 0) > 0.9
    assert (loud.results["fit_p"].value or 0) > 0.05
    assert quiet.severity == 0
    assert is_evidence(loud)
    assert is_evidence(quiet)


def test_likelihoods_that_cannot_be_ranked_are_refused() -> None:
    rng = np.random.default_rng(3)
    references = rng.normal(size=300)
    for canaries, others, reason in (
        (np.array([np.nan] * 6), references, "not numbers"),
        (references[:10], references, "among the references"),
        (rng.normal(size=3), references, "too few"),
        (rng.normal(size=9), np.zeros(300), "one likelihood"),
    ):
        with pytest.raises(BadInput, match=reason):
            exposure.evaluate(scores(canaries), scores(others))
