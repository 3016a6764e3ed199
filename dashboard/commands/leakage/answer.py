"""How every measure answers: JSON for scripts, a table and one sentence for people."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click

from assessments.leakage.measurement import Estimate, Measurement
from dashboard.commands.plumbing import Session, emit


class Repeating(click.Command):
    """A command whose repeatable options also take several values: ``--on name city``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Spell ``--on a b`` as ``--on a --on b`` once all positional arguments are there."""
        flags = {
            flag
            for each in self.params
            if isinstance(each, click.Option) and each.multiple
            for flag in each.opts
        }
        positional = sum(isinstance(each, click.Argument) for each in self.params)
        return super().parse_args(ctx, _spelled(args, flags, positional))


def answer(session: Session, measurements: Sequence[Measurement]) -> None:
    """Print the first measurement, with the others under their own names; exit 3 when inconclusive."""
    first, others = measurements[0], measurements[1:]
    data: dict[str, Any] = first.as_dict() | {each.channel: each.as_dict() for each in others}
    emit(session, data, lambda: "\n".join([text(first), *(repr(each)[1:-1] for each in others)]))
    if any(each.status == "inconclusive" for each in measurements):
        sys.exit(3)


def text(measurement: Measurement) -> str:
    """A measurement in plain text."""
    width = max((len(name) for name in measurement.results), default=0)
    from dashboard.leakage_words import meaning

    lines = [repr(measurement)[1:-1], f"  means: {meaning(measurement)}"]
    lines += [f"  {name:<{width}}  {_shown(each)}" for name, each in measurement.results.items()]
    checks = (("power check", measurement.power_check), ("null check", measurement.null_check))
    lines += [f"  {name}: {check.verdict}, {check.detail}" for name, check in checks]
    lines += [f"  ! {note}" for note in measurement.caveats]
    lines += [f"  assumes: {note}" for note in measurement.assumptions]
    return "\n".join(lines)


def _shown(estimate: Estimate) -> str:
    if estimate.value is None:
        return "infinite" if estimate.infinite else "not estimated"
    value = f"{estimate.value:.6g}"
    if estimate.infinite:
        return f"infinite ({value} over the values present)"
    if estimate.low == estimate.high or estimate.low is None or estimate.high is None:
        return value
    return f"{value}  [{estimate.low:.6g}, {estimate.high:.6g}]"


def _spelled(args: list[str], flags: set[str], positional: int) -> list[str]:
    spelled: list[str] = []
    current, seen, expects_value = "", 0, False
    for token in args:
        if token.startswith("--") or expects_value:
            current = token if token.startswith("--") else current
            expects_value = (
                token.startswith("--") and token not in {"--json", "--help"} and "=" not in token
            )
            spelled.append(token)
        elif current in flags and seen >= positional:
            spelled += [current, token]
        else:
            seen += 1
            spelled.append(token)
    return spelled
