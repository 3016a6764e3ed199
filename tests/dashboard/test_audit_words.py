"""An audit refutes what was accounted or does not; pages never say that it confirms."""

from __future__ import annotations

import numpy as np

from assessments.leakage.membership import audit
from dashboard.leakage_words import verdict


def test_an_audit_contradicts_or_does_not_and_never_confirms() -> None:
    rng = np.random.default_rng(0)
    coins = rng.random(2000) < 0.5
    leaky, silent = rng.normal(size=2000) + 0.9 * coins, rng.normal(size=2000)
    refuted = verdict(audit(leaky, coins, "logit", delta=1e-5, accounted_epsilon=0.01), limit=33)
    quiet = verdict(audit(silent, coins, "logit", delta=1e-5, accounted_epsilon=0.01), limit=33)
    assert (refuted.tag.text, refuted.tag.tone) == ("Accounting refuted", "bad")
    assert "0.01 was accounted" in refuted.reason
    assert quiet.tag.text == "No contradiction"
    assert "cannot confirm" in quiet.reason
