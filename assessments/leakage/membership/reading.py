"""Signals from files and tables: Parquet, CSV or npz, matched by id, never by guess.

A file of the target has one signal an example; a file of references one a model and example, in
long form (a column ``model``) or wide form (``loss_0``, ``member_0``, ...). The name of a column says
what the signal is, or the caller does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias, cast

import numpy as np
import pandas as pd

from assessments.errors import BadInput
from assessments.leakage.measurement import Source
from assessments.leakage.membership.arrays import read_arrays
from assessments.leakage.membership.sheet import IDS, Columns, Sheet, read_frame
from assessments.leakage.membership.signals import Bools, Floats, Signals, Transform, from_arrays
from assessments.leakage.relation import Data, open_relations

__all__ = ["Columns", "Given", "read", "read_sheet"]

Given: TypeAlias = Data
TWINS = 0.05


def read(
    target: Given,
    reference: Given | None,
    nonmembers: Given | None,
    population: Given | None,
    columns: Columns,
) -> tuple[Signals, tuple[Source, ...]]:
    """Signals and the origins of all that was read."""
    _refuse_permuted(target, reference)
    first = read_sheet(target, columns, references=False)
    others = () if nonmembers is None else (read_sheet(nonmembers, columns, references=False),)
    whole = _two_files(first, others[0]) if others else first
    same = (
        reference is not None
        and isinstance(reference, (str, Path))
        and str(reference) == str(target)
    )
    beside = None if reference is None or same else read_sheet(reference, columns, references=True)
    drawn = None if population is None else read_sheet(population, columns, references=True)
    read_from = (first, *others, *(each for each in (beside, drawn) if each))
    return _assemble(whole, beside, drawn), tuple(each.source for each in read_from)


def read_sheet(data: Given, columns: Columns, *, references: bool) -> Sheet:
    """One file of the target or of references."""
    if isinstance(data, (str, Path)) and Path(data).suffix.lower() == ".npz":
        return read_arrays(data, columns, references=references)
    with open_relations(data, ordered=True) as (relation,):
        frame = relation.connection.execute(f"select * from {relation.view}").df()
        frame.columns = pd.Index([column.name for column in relation.columns])
        return read_frame(frame, relation.path, relation.sha256, columns, references=references)


def _two_files(inside: Sheet, outside: Sheet) -> Sheet:
    """Members and non-members from a file each."""
    if inside.transform != outside.transform:
        raise BadInput("The two files hold different signals.", where={"file": outside.path})
    if (inside.ids is None) != (outside.ids is None):
        raise BadInput("Only one of the two files has ids.", where={"file": outside.path})
    if inside.signals.shape[1] != outside.signals.shape[1]:
        raise BadInput(
            "The two files hold different numbers of models.", where={"file": outside.path}
        )
    sides = np.repeat([True, False], [len(inside.signals), len(outside.signals)])
    joined = np.concatenate([inside.signals, outside.signals])
    member = _stacked(inside.members, outside.members)
    first = sides[:, None] if member is None else np.column_stack([sides, member[:, 1:]])
    return replace(
        inside, signals=joined, members=first,
        ids=_stacked_names(inside.ids, outside.ids), groups=_stacked_names(inside.groups, outside.groups),
    )  # fmt: skip


def _assemble(target: Sheet, beside: Sheet | None, drawn: Sheet | None) -> Signals:
    if target.members is None:
        raise BadInput(
            "It is not said which examples were in the training data.",
            "Add a column member (1 or 0), or give members and non-members as two files.",
            where={"file": target.path},
        )
    member, notes = target.members[:, 0], list(target.notes)
    _refuse_repeats(target, member)
    references, trained = target.signals[:, 1:], target.members[:, 1:]
    if beside is not None:
        references, trained, more = _matched(target, beside)
        notes += more
    if target.ids is None:
        notes += _twins(target.signals[:, 0], references, member)
    own = target.population if drawn is None else drawn.signals
    if drawn is not None and own is not None and own.shape[1] != references.shape[1] + 1:
        raise BadInput(
            "The population needs one signal of the target and one of every reference, in that order.",
            f"{own.shape[1]} columns instead of {references.shape[1] + 1}.", where={"file": drawn.path},
        )  # fmt: skip
    usable = own is not None and own.shape[1] == references.shape[1] + 1 and references.shape[1] > 0
    return from_arrays(
        target.signals[:, 0], member, cast(Transform, target.transform), references, trained,
        population=own[:, 0] if usable and own is not None else None,
        population_references=own[:, 1:] if usable and own is not None else None,
        ids=_shown_ids(target.ids, notes), groups=None if target.groups is None else target.groups.tolist(),
        notes=tuple(notes),
    )  # fmt: skip


def _matched(target: Sheet, beside: Sheet) -> tuple[Floats, Bools, list[str]]:
    """References in the order of the target's examples."""
    if beside.transform != target.transform:
        raise BadInput(
            "Target and references hold different signals.",
            f"The target has {target.transform}, the references {beside.transform}.",
            where={"file": beside.path},
        )
    trained = np.zeros(beside.signals.shape, bool) if beside.members is None else beside.members
    notes = [*beside.notes]
    if beside.members is None:
        notes.append(
            "The references name no members: all of them are taken to be without the examples."
        )
    if target.ids is None or beside.ids is None:
        _refuse_sizes(target, beside)
        notes.append(
            "Examples of target and references were matched by position: no id is in both."
        )
        return beside.signals, trained, notes
    _refuse_repeated(beside)
    places = pd.Index(beside.ids).get_indexer(pd.Index(target.ids))
    lost = int((places < 0).sum())
    if lost:
        raise BadInput(
            f"{lost} of {len(target.ids)} examples have no reference signals.",
            "Every example of the target needs a row with its id.", where={"file": beside.path},
        )  # fmt: skip
    return beside.signals[places], trained[places], notes


def _refuse_sizes(target: Sheet, beside: Sheet) -> None:
    if len(target.signals) != len(beside.signals):
        raise BadInput(
            "Without an id in both files, examples are matched by position, and the sizes differ.",
            f"Target: {len(target.signals)}; references: {len(beside.signals)}.", where={"file": beside.path},
        )  # fmt: skip


def _refuse_repeats(target: Sheet, member: Bools) -> None:
    if target.ids is None:
        return
    both = np.intersect1d(target.ids[member], target.ids[~member])
    if len(both):
        raise BadInput(
            f"{len(both)} examples are members and non-members at once.",
            "A control set that overlaps the training data hides every leak.", where={"file": target.path},
        )  # fmt: skip
    _refuse_repeated(target)


def _refuse_repeated(sheet: Sheet) -> None:
    repeated = 0 if sheet.ids is None else len(sheet.ids) - len(np.unique(sheet.ids))
    if repeated:
        raise BadInput(f"{repeated} ids occur more than once.", where={"file": sheet.path})


def _twins(signal: Floats, references: Floats, member: Bools) -> list[str]:
    """Non-members whose signals from every model equal those of a member, without ids to tell."""
    if references.shape[1] < 2:
        return []
    rows = np.column_stack([signal, references])
    keys = pd.util.hash_pandas_object(pd.DataFrame(rows), index=False).to_numpy()
    inside, outside = keys[member], keys[~member]
    _, counts = np.unique(inside, return_counts=True)
    natural = float(counts[counts > 1].sum()) / len(inside)
    shared = float(np.isin(outside, inside).mean())
    if shared <= natural + TWINS:
        return []
    return [
        f"{shared:.0%} of the non-members have the signals of a member from every model: "
        "the control may be drawn from the training data, which hides leaks."
    ]


def _shown_ids(ids: np.typing.NDArray[np.str_] | None, notes: list[str]) -> Sequence[str] | None:
    """Ids that look like names or addresses are not repeated in a result."""
    if ids is None:
        return None
    if any("@" in each or (" " in each.strip() and any(map(str.isalpha, each))) for each in ids):
        notes.append(
            "The ids look like names or addresses; results show row numbers instead. Use pseudonyms."
        )
        return None
    return ids.tolist()


def _refuse_permuted(target: Given, reference: Given | None) -> None:
    if not (isinstance(target, pd.DataFrame) and isinstance(reference, pd.DataFrame)):
        return
    if all(any(name in frame for name in IDS) for frame in (target, reference)):
        return
    if len(target) == len(reference) and not target.index.equals(reference.index):
        raise BadInput(
            "The rows of target and references carry different indexes.",
            "Sort both alike, or add a column id to both: rows are never matched by position against their index.",
        )


def _stacked(first: Bools | None, second: Bools | None) -> Bools | None:
    return None if first is None or second is None else np.concatenate([first, second])


def _stacked_names(
    first: np.typing.NDArray[np.str_] | None, second: np.typing.NDArray[np.str_] | None
) -> np.typing.NDArray[np.str_] | None:
    return None if first is None or second is None else np.concatenate([first, second])
