"""From one version of a template to the next: what differs, what moves, what stays behind, and back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import update

from assessments import questionnaire as q
from assessments.errors import BadInput, NotPermitted, NotPossibleNow
from assessments.ledger import body, store
from assessments.questionnaire import library
from assessments.questionnaire.upgrade import (
    last_upgrade,
    left_answers,
    newer_template,
    undo_upgrade,
    upgrade,
)
from assessments.questionnaire.versions import Kind, compare_versions
from assessments.records import Actor, Records
from assessments.records.tables import assessment
from tests.assessments.questionnaire.cases import consistent_dpia, join, sample_inventory

HEAD = """
id: small
version: '{version}'
title: Small
kind: test
source: own words
roles: [author]
{renamed}
sections:
  - id: one
    title: Say
    source: own words
    questions:
"""
OLD = """
      - {id: stays, type: text, title: What stays?, source: s}
      - {id: called, type: text, title: What is it called?, source: s}
      - {id: plain, type: text, title: How long?, source: s}
      - {id: gone, type: text, title: Who faxes it?, source: s}
      - id: systems
        type: table
        title: Which systems?
        source: s
        columns:
          - {id: name, title: Name, type: text}
          - {id: place, title: Place, type: text}
          - {id: floor, title: Floor, type: number}
"""
NEW = """
      - {id: stays, type: text, title: What stays here?, source: s}
      - {id: name_of_it, type: text, title: What is it called?, source: s}
      - {id: plain, type: duration, title: How long?, source: s}
      - {id: fresh, type: text, title: Who answers for it?, source: s, prefill: {source: project, value: {take: owner_id}}}
      - id: systems
        type: table
        title: Which systems?
        source: s
        columns:
          - {id: name, title: Name, type: text}
          - {id: site, title: Site, type: text}
"""
RENAMED = "renamed: {called: name_of_it, systems.place: systems.site}"


def text(version: str, questions: str, renamed: str = "") -> str:
    return HEAD.format(version=version, renamed=renamed) + questions


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    made = tmp_path / "templates"
    (made / "archive").mkdir(parents=True)
    (made / "small.yaml").write_text(text("1.0", OLD), encoding="utf-8")
    monkeypatch.setattr(library, "_folder", lambda: made)
    library.find_template.cache_clear()
    yield made
    library.find_template.cache_clear()


def publish(folder: Path, questions: str = NEW, renamed: str = RENAMED) -> None:
    """The old version goes to the archive, the new one takes its place."""
    (folder / "archive" / "small-1.0.yaml").write_text(text("1.0", OLD), encoding="utf-8")
    (folder / "small.yaml").write_text(text("2.0", questions, renamed), encoding="utf-8")
    library.find_template.cache_clear()


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return Records.open(f"sqlite:///{tmp_path / 'records.sqlite'}")


@pytest.fixture
def ann(records: Records) -> Actor:
    return join(records, "ann", "author")


@pytest.fixture
def made(records: Records, ann: Actor, folder: Path) -> str:
    found = q.start(records, ann, "small", "p", "Small")
    for name, raw in {"stays": "All", "called": "Triage", "plain": "about two years", "gone": "Bo"}.items():  # fmt: skip
        q.save_answer(records, ann, found, name, raw)
    rows = [{"id": "s1", "name": "Lake", "place": "Oslo", "floor": 3}, {"id": "s2", "name": "Hub"}]
    q.save_answer(records, ann, found, "systems", rows)
    return found


def values(records: Records, assessment_id: str) -> dict[str, object]:
    return {name: answer.value for name, answer in q.load(records, assessment_id).answers.items()}


def test_an_assessment_stays_on_its_version_until_somebody_takes_it_on(
    records: Records, made: str, folder: Path
) -> None:
    assert newer_template(q.load(records, made)) is None
    before = values(records, made)
    publish(folder)
    found = q.load(records, made)
    assert found.template.version == "1.0"
    assert values(records, made) == before
    newer = newer_template(found)
    assert newer is not None
    assert newer.version == "2.0"


def test_new_gone_renamed_reworded_and_retyped_questions_are_told(folder: Path) -> None:
    old = q.find_template("small")
    publish(folder)
    found = {(c.kind, (c.new or c.old).id): c.parts for c in compare_versions(old, q.find_template("small"))}  # type: ignore[union-attr]  # fmt: skip
    assert found == {
        (Kind.REWORDED, "stays"): ("title",),
        (Kind.RENAMED, "name_of_it"): (),
        (Kind.RETYPED, "plain"): ("type",),
        (Kind.NEW, "fresh"): (),
        (Kind.RETYPED, "systems"): ("columns",),
        (Kind.GONE, "gone"): (),
    }


def test_answers_move_with_their_questions_and_what_does_not_fit_is_kept_with_the_reason(
    records: Records, ann: Actor, made: str, folder: Path
) -> None:
    publish(folder)
    upgrade(records, ann, made, sample_inventory())
    assert q.load(records, made).template.version == "2.0"
    assert values(records, made) == {
        "stays": "All",
        "name_of_it": "Triage",
        "fresh": "own",
        "systems": [
            {"id": "s1", "name": "Lake", "site": "Oslo"},
            {"id": "s2", "name": "Hub", "site": None},
        ],
    }
    with records.read() as connection:
        left = {item.question_id: item for item in left_answers(connection, made)}
    assert set(left) == {"gone", "plain", "systems"}
    assert (left["gone"].text, left["gone"].reason) == ("Bo", "The question is not asked any more.")
    assert "does not fit the question" in left["plain"].reason
    assert left["systems"].reason.startswith("1 cells")
    assert "3" in left["systems"].text


def test_the_step_is_in_the_ledger_with_both_versions_and_no_answer(
    records: Records, ann: Actor, made: str, folder: Path
) -> None:
    publish(folder)
    upgrade(records, ann, made)
    with records.read() as connection:
        entry = body.read(store.entries(connection)[0])
    assert entry["action"] == "assessment.upgraded"
    assert (entry["facts"]["from"], entry["facts"]["to"]) == ("1.0", "2.0")
    assert "Triage" not in str(entry)


def test_going_back_puts_everything_as_it_was(
    records: Records, ann: Actor, made: str, folder: Path
) -> None:
    before = values(records, made)
    publish(folder)
    upgrade(records, ann, made, sample_inventory())
    assert undo_upgrade(records, ann, made) == "1.0"
    assert values(records, made) == before
    assert q.load(records, made).template.version == "1.0"
    with records.read() as connection:
        assert left_answers(connection, made) == []
        assert last_upgrade(connection, made) is None
    upgrade(records, ann, made)
    assert q.load(records, made).template.version == "2.0"


def test_there_is_no_way_back_once_an_answer_changed(
    records: Records, ann: Actor, made: str, folder: Path
) -> None:
    publish(folder)
    upgrade(records, ann, made)
    q.save_answer(records, ann, made, "stays", "Some")
    with pytest.raises(NotPossibleNow, match="changed since"):
        undo_upgrade(records, ann, made)
    with pytest.raises(NotPossibleNow, match="newest version already"):
        upgrade(records, ann, made)


def test_only_who_writes_may_upgrade_and_only_while_it_is_written(
    records: Records, ann: Actor, made: str, folder: Path
) -> None:
    publish(folder)
    with pytest.raises(NotPermitted):
        upgrade(records, join(records, "bob", "author"), made)
    with records.engine.begin() as connection:
        connection.execute(update(assessment).values(state="approved"))
    with pytest.raises(NotPossibleNow):
        upgrade(records, ann, made)


@pytest.mark.parametrize(
    ("renamed", "said"),
    [
        ("renamed: {called: nowhere}", "There is no nowhere"),
        ("renamed: {stays: plain}", "still asked"),
        ("renamed: {systems.place: systems.nowhere}", "There is no systems.nowhere"),
    ],
)
def test_a_wrong_new_name_is_refused_at_its_line(renamed: str, said: str) -> None:
    with pytest.raises(BadInput, match=said) as caught:
        q.read_template(text("2.0", NEW, renamed).encode(), "small.yaml")
    assert caught.value.where["line"] == 8


def test_an_impact_assessment_of_the_archive_moves_to_the_shipped_version(
    records: Records, ann: Actor
) -> None:
    found = q.start(records, ann, "dpia", "p", "Triage")
    with records.engine.begin() as connection:
        connection.execute(update(assessment).values(template_version="1.0"))
    for name, raw in consistent_dpia().items():
        if name in q.load(records, found).template.by_id:
            with suppress(BadInput):
                q.save_answer(records, ann, found, name, raw)
    before = values(records, found)
    assert len(before) > 5, "the old version asks most of what the new one does"
    carried = upgrade(records, ann, found)
    after = q.load(records, found)
    assert after.template.version == q.find_template("dpia").version != "1.0"
    lost = {item.question.id for item in carried.left}
    assert set(before) - set(carried.answers) <= lost, "nothing disappears without a word"
    assert carried.answers.keys() <= after.answers.keys()
    undo_upgrade(records, ann, found)
    assert values(records, found) == before
