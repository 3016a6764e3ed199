"""The loss report as text: what arrived or was written, and what had no place, with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assessments.exchange.loss import Loss

NOTHING_LOST = "Nothing was lost."
MAX_LISTED = 40


def loss_report(
    title: str, counts: Mapping[str, int], losses: Sequence[Loss], *, most: int | None = None
) -> str:
    """Readable text; most shortens the list and says so, a file has all of it."""
    lines = [title, ""]
    lines += [f"  {number:>6}  {name.replace('_', ' ')}" for name, number in counts.items()]
    lines += [""] if counts else []
    if not losses:
        return "\n".join([*lines, NOTHING_LOST])
    shown = losses if most is None else losses[:most]
    plural = "thing has" if len(losses) == 1 else "things have"
    lines.append(f"{len(losses)} {plural} no place:")
    lines += [f"  {loss.where}: {loss.what}. {loss.why}" for loss in shown]
    if len(shown) < len(losses):
        lines.append(f"  and {len(losses) - len(shown)} more")
    return "\n".join(lines)
