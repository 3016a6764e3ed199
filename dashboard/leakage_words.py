"""What a measurement means, in one sentence, and its verdict against the limit of its class of data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assessments.leakage.measurement import Check, Measurement
from assessments.leakage.register.reading import Registered
from assessments.leakage.score import (
    AUDIT,
    ceiling,
    gate,
    needed_for,
    refutes_accounting,
    sample_needed,
)
from dashboard.charts_leakage import interval, percent
from dashboard.components.markup import Tag
from dashboard.inventory.leakage import Standing
from dashboard.text import number, say


@dataclass(frozen=True, slots=True)
class Verdict:
    """A tag, and the reason behind it."""

    tag: Tag
    reason: str


def verdict(found: Measurement, limit: float) -> Verdict:
    """FAIL, PASS or INCONCLUSIVE as the gate of the score says it; not measured is grey."""
    if found.severity is None:
        needs = say("Not measured is not 0. Measure with a larger sample.")
        return Verdict(Tag(say("Not measured")), needs)
    result = gate([found], limit=limit)
    if found.channel == AUDIT and (refutes_accounting(found) or result.verdict == "PASS"):
        return _audit(found)
    score, upper = number(100 * found.severity, 1), _upper(found)
    if result.verdict == "FAIL":
        return Verdict(
            Tag(say("Above the limit"), "bad"),
            say("{score} was shown, the limit is {limit}.", score=score, limit=number(limit)),
        )
    if result.verdict == "PASS":
        return Verdict(
            Tag(say("Below the limit"), "good"),
            say("Even the upper end, {upper}, is not above the limit of {limit}.", upper=upper, limit=number(limit)),
        )  # fmt: skip
    return Verdict(Tag(say("Cannot be said yet"), "warn"), _open_point(found, limit))


def standing_verdict(found: Standing, row: Registered | None) -> Verdict:
    """As :func:`verdict`, from what lists know; a row that was loaded has no upper end to judge."""
    if found.is_over:
        return Verdict(Tag(say("Above the limit"), "bad"), "")
    if row is None or row.severity_high is None or row.severity is None:
        return Verdict(Tag(say("Not above the limit")), "")
    if 100 * row.severity_high <= found.limit:
        return Verdict(Tag(say("Below the limit"), "good"), "")
    needed = needed_for(row.severity, row.severity_high, row.n, found.limit)
    upper = say("The upper end, {upper}, is above the limit of {limit}.", upper=number(100 * row.severity_high, 1), limit=number(found.limit))  # fmt: skip
    more = say("About {count} records would settle it, if the estimate stays.", count=number(needed)) if needed else ""  # fmt: skip
    return Verdict(Tag(say("Cannot be said yet"), "warn"), f"{upper} {more}".strip())


def _audit(found: Measurement) -> Verdict:
    """An audit refutes a promise or does not; it never confirms one."""
    if not refutes_accounting(found):
        return Verdict(Tag(say("No contradiction")), say("One training run did not refute the accounted epsilon; it cannot confirm it."))  # fmt: skip
    bound, accounted = number(found.value or 0.0, 2), number(found.baseline or 0.0, 2)
    return Verdict(
        Tag(say("Accounting refuted"), "bad"),
        say("Epsilon is at least {bound}, and {accounted} was accounted: the accounting or the training is wrong.", bound=bound, accounted=accounted),
    )  # fmt: skip


def _open_point(found: Measurement, limit: float) -> str:
    checks = (found.power_check.verdict, found.null_check.verdict)
    if found.status == "inconclusive" or not set(checks) <= {"passed", "not_applicable"}:
        return say("The run did not prove itself: its planted leak was not found, or it spoke where nothing was.")  # fmt: skip
    needed = sample_needed(found, limit)
    said = say("The upper end, {upper}, is above the limit of {limit}.", upper=_upper(found), limit=number(limit))  # fmt: skip
    if needed is None:
        return said
    return f"{said} {say('About {count} records would settle it, if the estimate stays.', count=number(needed))}"


def _upper(found: Measurement) -> str:
    high = found.severity if found.severity_high is None else found.severity_high
    return number(100 * (high or 0.0), 1)


def meaning(found: Measurement) -> str:
    """One sentence for somebody who has never heard of the method."""
    if found.severity is None:
        return say("This run shows nothing, neither a leak nor its absence.")
    refuted = found.results.get("exceeds_accounted_epsilon")
    if refuted is not None and refuted.value == 1:
        return say("An audit found more than the accounted privacy budget allows: the accounting or the training is wrong.")  # fmt: skip
    if found.severity == 0 and found.channel in {"membership", "membership_audit"}:
        return say("No attack told the people in the training data from others better than guessing. Stronger attackers may.")  # fmt: skip
    special = {
        "membership": _membership,
        "membership_audit": _membership,
        "reidentification": _reidentification,
    }
    if found.channel in special:
        return special[found.channel](found)
    score = number(100 * found.severity, 1)
    if found.severity == 0:
        return say("Nothing was shown beyond what could be guessed without this data.")
    return {
        "attribute": say("An attacker learns a hidden attribute better than by guessing from the rest: {score} of 100 at least.", score=score),
        "attribute_disclosure": say("Belonging to a group of alike people gives a hidden attribute away: {score} of 100.", score=score),
        "linkage": say("Rows of the two sources can be matched to the same person: {score} of 100 at least.", score=score),
        "synthetic": say("The synthetic rows say something about the real people behind them: {score} of 100 at least.", score=score),
        "text": say("Personal data stands in the text: {score} of 100.", score=score),
        "memorisation": say("The model repeats training text by heart: {score} of 100 at least.", score=score),
    }.get(found.channel, say("A leak was shown: {score} of 100 at least.", score=score))  # fmt: skip


def _membership(found: Measurement) -> str:
    at = next(
        (
            (float(fpr), each)
            for fpr in ("0.001", "0.01", "0.1")
            if (each := found.results.get(f"tpr_at_fpr_{fpr}")) is not None
            and each.value is not None
            and each.low is not None
            and each.low > float(fpr)
        ),
        None,
    )
    if at is None:
        return say("Somebody in the training data can be told from others: {score} of 100 at least.", score=number(100 * (found.severity or 0), 1))  # fmt: skip
    return say(
        "Whoever holds a person's record can find {tpr} of those in the training data while calling {fpr} of others wrongly.",
        tpr=interval(at[1]),
        fpr=percent(at[0]),
    )


def _reidentification(found: Measurement) -> str:
    unique, k = found.results.get("uniques"), found.results.get("k_anonymity")
    if unique is not None and unique.value:
        return say(
            "Whoever knows the named attributes of a person finds that person: {count} of {n} records stand alone.",
            count=number(unique.value), n=number(found.n),
        )  # fmt: skip
    smallest = number(k.value) if k is not None and k.value is not None else "?"
    return say("Nobody stands alone: the smallest group of alike people has {k}.", k=smallest)


def check_words(found: Check) -> Tag:
    """The verdict of a self-test."""
    tags = {
        "passed": Tag(say("Passed"), "good"),
        "failed": Tag(say("Failed"), "bad"),
        "not_run": Tag(say("Not run"), "warn"),
        "not_applicable": Tag(say("Not needed")),
    }
    return tags[found.verdict]


def ceiling_words(epsilon: float | None, score: float | None) -> str:
    """The second number: what a privacy budget would guarantee, if its accounting holds."""
    if epsilon is None:
        return say("No ceiling: no privacy budget is declared.")
    top = ceiling(epsilon)
    said = say("Ceiling {top} if the declared budget of ε = {epsilon} holds; that accounting is not verified here.", top=number(top, 1), epsilon=number(epsilon, 2))  # fmt: skip
    if score is not None and score > top:
        return f"{said} {say('More was shown than that allows: the accounting or the training is wrong.')}"
    return said


def channel_words(channel: str) -> str:
    """A channel as people call it."""
    names: Mapping[str, str] = {
        "membership": say("Membership inference"),
        "membership_audit": say("Membership audit"),
        "attribute": say("Attribute inference"),
        "reidentification": say("Re-identification"),
        "linkage": say("Linkage"),
        "synthetic": say("Synthetic data"),
        "text": say("Personal data in text"),
        "memorisation": say("Memorisation"),
    }
    return names.get(channel, channel)


def changed_words(names: list[str]) -> str:
    """What is different between two runs that are no trend."""
    known: Mapping[str, str] = {
        "method": say("the method"), "method_version": say("the version of the method"),
        "quasi_identifiers": say("the attributes"), "attacks": say("the attacks"),
        "references": say("the reference models"), "threshold": say("the threshold"),
    }  # fmt: skip
    return ", ".join(known.get(name, name.replace("_", " ")) for name in names)
