"""What an attacker sees: one figure an example from the target and from each reference model.

A signal is the probability of the true label, its logit, or a loss; which one is always named.
Attacks read it on two scales: probabilities, and the logit scale on which Carlini et al. 2022
("Membership Inference Attacks From First Principles", section IV) found it close to normal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from assessments.errors import BadInput

Transform = Literal["probability", "logit", "loss"]
TRANSFORMS: tuple[str, ...] = get_args(Transform)
Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]

FEWEST = 50
EDGE = 1e-6
SURE = 700.0
ECHO = 0.1
SIX = 6.0


@dataclass(frozen=True, slots=True, eq=False)
class Signals:
    """``target`` and ``member`` hold n examples, ``references`` n by m models (m may be 0).

    ``reference_member`` says which model was trained on which example. ``population`` holds
    examples that no model was trained on, in the same columns as ``references``.
    """

    transform: Transform
    target: Floats
    member: Bools
    references: Floats
    reference_member: Bools
    population: Floats | None = None
    population_references: Floats | None = None
    ids: NDArray[np.str_] | None = None
    groups: NDArray[np.str_] | None = None
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.target)

    @property
    def models(self) -> int:
        """How many reference models there are."""
        return int(self.references.shape[1])

    def __repr__(self) -> str:
        return f"<Signals {len(self)} examples, {int(self.member.sum())} members, {self.models} references>"


def from_arrays(
    target: object, member: object, transform: Transform, references: object = None,
    reference_member: object = None, *, population: object = None, population_references: object = None,
    ids: Sequence[object] | None = None, groups: Sequence[object] | None = None, notes: tuple[str, ...] = (),
) -> Signals:  # fmt: skip
    """Signals from arrays, checked; without ``reference_member`` no reference saw any example."""
    signal, inside = checked(target, transform, "target"), mask(member, "member")
    beside = np.empty((len(signal), 0))
    if references is not None:
        beside = checked(references, transform, "references")
    trained = np.zeros(beside.shape, bool)
    if reference_member is not None:
        trained = mask(reference_member, "reference_member")
    _refuse_shapes(signal, inside, beside, trained)
    _refuse_sides(inside)
    drawn, drawn_beside = _population(population, population_references, transform, beside)
    return _without_echoes(
        Signals(
            transform, signal, inside, beside, trained, drawn, drawn_beside, _texts(ids), _texts(groups), notes
        )
    )  # fmt: skip


def _population(
    population: object, beside: object, transform: Transform, references: Floats
) -> tuple[Floats | None, Floats | None]:
    if population is None:
        return None, None
    drawn = checked(population, transform, "population")
    others = None if beside is None else checked(beside, transform, "population")
    if others is None or others.shape != (len(drawn), references.shape[1]):
        raise BadInput(
            "The population needs a signal from every reference model.", field="population"
        )
    return drawn, others


def _texts(values: Sequence[object] | None) -> NDArray[np.str_] | None:
    return None if values is None else np.asarray([str(each) for each in values], dtype=np.str_)


def checked(values: object, transform: str, name: str) -> Floats:
    """Numbers that can be what they are said to be; nothing is repaired."""
    if transform not in TRANSFORMS:
        known = ", ".join(TRANSFORMS)
        raise BadInput(
            "It is not said what the signal is.",
            f"Name one of {known}; it is never guessed from the values.",
            field="transform",
        )
    numbers = _numbers(values, name)
    if not numbers.size:
        return numbers
    missing = np.isnan(numbers)
    if missing.all():
        raise BadInput("The signal holds no value at all.", where={"column": name})
    if missing.any():
        row = int(np.argwhere(missing)[0][0]) + 1
        raise BadInput(
            f"{int(missing.sum())} signals are missing.", where={"column": name, "row": row}
        )
    _refuse_range(numbers, transform, name)
    return numbers


def _numbers(values: object, name: str) -> Floats:
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise BadInput("A signal is a number.", where={"column": name}) from error


def mask(values: object, name: str) -> Bools:
    """True and false, or 1 and 0; anything else is refused."""
    given = np.asarray(values)
    if given.dtype == np.bool_:
        return given
    try:
        numbers = given.astype(np.float64)
    except (TypeError, ValueError):
        numbers = np.full(given.shape, np.nan)
    if not np.isin(numbers, (0.0, 1.0)).all():
        raise BadInput(
            "Membership has to be true or false (or 1 or 0) everywhere.", where={"column": name}
        )
    return numbers == 1.0


def probabilities(values: Floats, transform: Transform) -> Floats:
    """The signal as a probability; a loss is taken for a negative log-likelihood."""
    if transform == "probability":
        return values
    if transform == "loss":
        return np.exp(-values)
    return 1 / (1 + np.exp(-np.clip(values, -SURE, SURE)))


def logits(values: Floats, transform: Transform) -> Floats:
    """log((p + e)/(1 − p + e)) with e = 1e-6, so that a certain model stays finite.

    From a loss, log p is known without underflow, so only 1 − p takes the e.
    """
    if transform == "logit":
        return np.clip(values, -SURE, SURE)
    if transform == "loss":
        return -np.minimum(values, SURE) - np.log(EDGE - np.expm1(-values))
    return np.log(values + EDGE) - np.log(1 - values + EDGE)


def _refuse_range(numbers: Floats, transform: str, name: str) -> None:
    low, high = float(numbers.min()), float(numbers.max())
    if transform == "probability" and (low < 0 or high > 1):
        raise BadInput(
            "These are not probabilities.", f"They run from {low:.6g} to {high:.6g}.",
            where={"column": name}, field="transform",
        )  # fmt: skip
    if transform == "loss" and low < 0:
        raise BadInput(
            "A loss cannot be negative.", f"The lowest is {low:.6g}.",
            where={"column": name}, field="transform",
        )  # fmt: skip
    if transform == "logit" and not np.isfinite(numbers).all():
        raise BadInput("A logit has to be finite.", where={"column": name})


def _refuse_shapes(target: Floats, member: Bools, references: Floats, trained: Bools) -> None:
    if target.ndim != 1 or member.shape != target.shape:
        raise BadInput(
            "Every example needs one signal and one membership.",
            f"There are {target.shape} signals and {member.shape} memberships.",
        )
    if references.ndim != 2 or len(references) != len(target):
        raise BadInput(
            "Every example needs a signal from every reference model.",
            f"Target: {len(target)} examples; references: {references.shape}.",
        )
    if trained.shape != references.shape:
        raise BadInput(
            "Each reference signal needs its membership.",
            f"Signals: {references.shape}; memberships: {trained.shape}.",
        )


def _refuse_sides(member: Bools) -> None:
    inside, outside = int(member.sum()), int((~member).sum())
    if not inside or not outside:
        side = "non-members" if inside else "members"
        raise BadInput(
            f"There are no {side}.", "An attack is measured on both sides.", field="member"
        )
    if min(inside, outside) < FEWEST:
        raise BadInput(
            f"{inside} members and {outside} non-members are too few to tell leakage from luck.",
            f"At least {FEWEST} are needed on each side.",
        )


def _without_echoes(signals: Signals) -> Signals:
    """Leave out references whose training set goes with, or against, that of the target.

    Which examples such a model was trained on gives the answer away, wholly (the same or the other
    half of a split) or in part (subsets of the target's training data), so an attack would read the
    answer from its own input. Independent halves stay far below six standard errors.
    """
    keep = np.abs(_correlations(signals)) <= max(ECHO, SIX / np.sqrt(len(signals)))
    if keep.all():
        return signals
    left_out = ", ".join(str(i) for i in np.flatnonzero(~keep))
    note = f"Reference models {left_out} (counted from 0) were left out: their training set goes with or against the target's."
    beside = signals.population_references
    return replace(
        signals,
        references=signals.references[:, keep],
        reference_member=signals.reference_member[:, keep],
        population_references=None if beside is None else beside[:, keep],
        notes=(*signals.notes, note),
    )


def _correlations(signals: Signals) -> Floats:
    """Of each reference's membership with the target's; 0 for one that saw all or none."""
    target = signals.member - signals.member.mean()
    trained = signals.reference_member - signals.reference_member.mean(axis=0)
    scale = np.sqrt((target**2).sum() * (trained**2).sum(axis=0))
    return np.where(scale > 0, target @ trained / np.maximum(scale, 1e-12), 0.0)
