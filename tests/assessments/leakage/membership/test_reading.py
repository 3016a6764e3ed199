"""Signals from files: every form gives the same signals, and bad input is refused with its reason."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from assessments.errors import BadInput, NotFound
from assessments.leakage.membership import Columns, Options, Signals, evaluate
from assessments.leakage.membership.reading import Given, read
from tests.assessments.leakage.membership.cases import shifted

SIGNALS = shifted(2.0, n=150, models=4)
IDS = [f"p{i:03}" for i in range(len(SIGNALS))]


def target() -> pd.DataFrame:
    return pd.DataFrame({"id": IDS, "logit": SIGNALS.target, "member": SIGNALS.member})


def wide() -> pd.DataFrame:
    table: dict[str, object] = {"id": IDS}
    for i in range(SIGNALS.models):
        table |= {
            f"logit_{i}": SIGNALS.references[:, i],
            f"member_{i}": SIGNALS.reference_member[:, i],
        }
    return pd.DataFrame(table)


def long() -> pd.DataFrame:
    rows = {
        "id": np.repeat(IDS, SIGNALS.models), "model": np.tile(np.arange(SIGNALS.models), len(IDS)),
        "logit": SIGNALS.references.ravel(), "member": SIGNALS.reference_member.ravel(),
    }  # fmt: skip
    return pd.DataFrame(rows).sample(frac=1, random_state=0)


def signals(
    first: Given, second: Given | None = None, columns: Columns | None = None, **more: Given
) -> Signals:
    return read(
        first, second, more.get("nonmembers"), more.get("population"), columns or Columns()
    )[0]


def same(found: Signals) -> bool:
    pairs = ((found.target, SIGNALS.target), (found.references, SIGNALS.references))
    masks = ((found.member, SIGNALS.member), (found.reference_member, SIGNALS.reference_member))
    return all(np.allclose(a, b) for a, b in pairs) and all((a == b).all() for a, b in masks)


def saved(frame: pd.DataFrame, path: Path) -> Path:
    if path.suffix == ".npz":
        np.savez(path, id=IDS, logit=frame["logit"], member=frame["member"])
    elif path.suffix == ".parquet":
        frame.to_parquet(path, index=False)
    else:
        frame.to_csv(path, index=False)
    return path


@pytest.mark.parametrize("kind", [".parquet", ".csv", ".npz"])
def test_every_kind_of_file_gives_the_same_signals(tmp_path: Path, kind: str) -> None:
    first = saved(target(), tmp_path / f"target{kind}")
    if kind == ".npz":
        second = tmp_path / "references.npz"
        np.savez(second, id=IDS, logit=SIGNALS.references, member=SIGNALS.reference_member)
    else:
        second = saved(wide(), tmp_path / f"references{kind}")
    found, sources = read(first, second, None, None, Columns())
    assert same(found)
    assert [source.rows for source in sources] == [300, 300]
    assert all(len(source.sha256) == 64 for source in sources)


def test_the_long_form_in_any_order_gives_the_same_signals() -> None:
    assert same(signals(target(), long()))


def test_rows_are_matched_by_id_never_by_position() -> None:
    shuffled = wide().sample(frac=1, random_state=1)
    assert same(signals(target(), shuffled))


def test_one_archive_may_hold_the_target_and_its_references(tmp_path: Path) -> None:
    path = tmp_path / "all.npz"
    sig = np.column_stack([SIGNALS.target, SIGNALS.references])
    np.savez(path, sig=sig, mem=np.column_stack([SIGNALS.member, SIGNALS.reference_member]))
    assert same(signals(path, columns=Columns(transform="logit")))
    assert same(signals(path, path, Columns(transform="logit")))


def test_members_and_non_members_may_be_two_files() -> None:
    table = target()
    inside, outside = table[table["member"]], table[~table["member"]]
    found = signals(
        inside.drop(columns="member"), wide(), nonmembers=outside.drop(columns="member")
    )
    order = np.argsort(found.ids if found.ids is not None else [])
    assert (found.target[order] == SIGNALS.target).all()
    assert (found.references[order] == SIGNALS.references).all()
    assert found.member.sum() == 150


def test_columns_may_bear_other_names() -> None:
    renamed = (
        target()
        .rename(columns={"id": "key", "logit": "figure", "member": "seen"})
        .assign(ward="north")
    )
    columns = Columns("logit", "figure", "seen", "ward", "key")
    found = signals(renamed, None, columns)
    assert (found.target == SIGNALS.target).all()
    assert found.groups is not None
    assert set(found.groups) == {"north"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda t: t.rename(columns={"logit": "signal"}), "not said what the signal is"),
        (lambda t: t.drop(columns="logit"), "No column is called"),
        (lambda t: t.drop(columns="member"), "not said which examples"),
        (lambda t: t.assign(logit=np.nan), "holds no value at all"),
        (lambda t: t.assign(logit=t["logit"].where(t.index != 7)), "1 signals are missing"),
        (lambda t: t.assign(logit="high"), "A signal is a number"),
        (lambda t: t.assign(member=True), "There are no non-members"),
        (lambda t: t.assign(member=2), "true or false"),
        (lambda t: t.assign(member=t["member"].astype(object).where(t.index != 3)), "1 values are missing"),
        (lambda t: t[:10], "too few to tell leakage from luck"),
        (lambda t: pd.concat([t, t[t["member"]].assign(member=False)]), "members and non-members at once"),
        (lambda t: pd.concat([t, t[:1]]), "1 ids occur more than once"),
        (lambda t: t.rename(columns={"logit": "probability"}), "These are not probabilities"),
        (lambda t: t.rename(columns={"logit": "loss"}), "A loss cannot be negative"),
        (lambda t: t.assign(logit=np.inf), "has to be finite"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_with_its_reason(
    change: Callable[[pd.DataFrame], pd.DataFrame], reason: str
) -> None:
    with pytest.raises(BadInput, match=reason) as caught:
        signals(change(target()))
    assert "too few" in reason or caught.value.where or caught.value.field or caught.value.detail


def test_a_missing_signal_names_its_row_and_file(tmp_path: Path) -> None:
    table = target()
    table.loc[7, "logit"] = np.nan
    path = saved(table, tmp_path / "t.parquet")
    with pytest.raises(BadInput) as caught:
        signals(path)
    assert caught.value.where == {"file": str(path), "column": "logit", "row": 8}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda w: w[:200], "100 of 300 examples have no reference"),
        (lambda w: w.drop(columns="id")[:200], "the sizes differ"),
        (lambda w: w.rename(columns=lambda c: c.replace("logit", "loss")), "not|negative"),
        (lambda w: w.drop(columns="member_2"), "some do not"),
        (lambda w: pd.concat([w, w[:5]]), "5 ids occur more than once"),
        (lambda w: w[["id"]], "No column holds signals of reference models"),
    ],
)
def test_references_that_do_not_fit_are_refused(
    change: Callable[[pd.DataFrame], pd.DataFrame], reason: str
) -> None:
    with pytest.raises(BadInput, match=reason):
        signals(target(), change(wide()))


def test_a_long_form_with_a_gap_is_refused() -> None:
    with pytest.raises(BadInput, match="every example once"):
        signals(target(), long()[1:])


def test_a_name_that_contradicts_what_was_said_is_refused() -> None:
    with pytest.raises(BadInput, match="called logit, and loss was said"):
        signals(target(), None, Columns(transform="loss"))


def test_frames_without_ids_and_with_another_index_are_refused() -> None:
    with pytest.raises(BadInput, match="different indexes"):
        signals(
            target().drop(columns="id"), wide().drop(columns="id").sample(frac=1, random_state=0)
        )


def test_matching_by_position_is_said() -> None:
    found = signals(target().drop(columns="id"), wide().drop(columns="id"))
    assert same(found)
    assert any("by position" in note for note in found.notes)


def test_a_control_drawn_from_the_training_data_is_noticed_without_ids() -> None:
    table, beside = target().drop(columns="id"), wide().drop(columns="id")
    inside = np.flatnonzero(SIGNALS.member)
    places = np.concatenate([inside, inside[:100]])
    drawn = table.iloc[places].assign(member=np.arange(250) < 150).reset_index(drop=True)
    found = signals(drawn, beside.iloc[places].reset_index(drop=True))
    assert any("drawn from the training data" in note for note in found.notes)


def test_ids_that_look_like_people_are_not_repeated() -> None:
    named = target().assign(id=[f"{i}@example.org" for i in IDS])
    found = evaluate(named, options=Options())
    assert "example.org" not in found.as_json()
    assert any("Use pseudonyms" in note for note in found.caveats)


def test_a_population_needs_a_signal_from_every_model(tmp_path: Path) -> None:
    path = tmp_path / "z.npz"
    np.savez(path, logit=np.zeros((40, 3)))
    with pytest.raises(BadInput, match="one of every reference") as caught:
        signals(target(), wide(), population=path)
    assert caught.value.detail == "3 columns instead of 5."


def test_a_file_that_is_no_archive_or_is_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "torn.npz"
    path.write_bytes(b"PK\x03\x04 torn")
    with pytest.raises(BadInput, match="cannot be read as arrays"):
        signals(path)
    with pytest.raises(NotFound):
        signals(tmp_path / "none.npz")


def test_an_archive_of_texts_or_of_other_shapes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "odd.npz"
    np.savez(path, logit=np.array(["a", "b"]), member=[1, 0])
    with pytest.raises(BadInput, match="A signal is a number"):
        signals(path)
    np.savez(path, logit=SIGNALS.target, member=SIGNALS.member[:-1])
    with pytest.raises(BadInput, match="Each signal needs its membership"):
        signals(path)
    np.savez(path, logit=SIGNALS.target, member=SIGNALS.member, id=IDS[:-1])
    with pytest.raises(BadInput, match="one entry an example"):
        signals(path)


def test_pickled_arrays_are_never_opened(tmp_path: Path) -> None:
    path = tmp_path / "objects.npz"
    np.savez(path, logit=np.array([{"a": 1}], dtype=object), member=[1])
    with pytest.raises(BadInput, match="cannot be read as arrays"):
        signals(path)
