"""The extra ``dp``: dp-accounting's figures as published, and how the light core stands to them."""

from __future__ import annotations

import pytest

from assessments.leakage.budget import Run, recounted

pytest.importorskip("dp_accounting", reason="the extra dp is not installed")


@pytest.mark.parametrize(
    ("step", "rdp", "pld"),
    [
        ((1.1, 256 / 60_000, 14_062), 2.596556, 2.381686),
        ((1.3, 256 / 60_000, 3_515), 0.954430, 0.864459),
        ((0.7, 256 / 60_000, 10_546), 6.319464, 5.639447),
        ((4.0, 0.01, 10_000), 1.035490, 0.946999),
        ((1.0, 1.0, 1), 4.728507, 4.377178),
    ],
)
def test_recounting_gives_the_published_figures_and_keeps_whose_they_are(
    step: tuple[float, float, int], rdp: float, pld: float
) -> None:
    run = Run("a", "person", 1e-5, steps=(step,))
    renyi, distribution = recounted(run, "rdp"), recounted(run, "pld")
    assert renyi.epsilon == pytest.approx(rdp, abs=1e-5)
    assert distribution.epsilon == pytest.approx(pld, abs=1e-3)
    assert (distribution.accountant, distribution.version[:16]) == ("pld", "dp-accounting 0.")
    assert run.cost(1e-5) == pytest.approx(rdp, rel=3e-4)
    assert (distribution.epsilon or 0) < run.cost(1e-5)
