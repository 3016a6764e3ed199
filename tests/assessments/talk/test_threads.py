"""Threads: who opens, reads, answers, edits and resolves them, and what the ledger learns."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select, update

from assessments import questionnaire as q
from assessments import talk
from assessments.errors import BadInput, Conflict, NotFound, NotPermitted, NotPossibleNow, Refused
from assessments.ledger.tables import ledger_entry, ledger_private
from assessments.ledger.verify import verify_ledger
from assessments.records import Actor, Records, people
from assessments.records.tables import assessment
from assessments.talk import Place, Visibility
from assessments.talk.access import CLOSED
from tests.assessments.review.desk import begin, who

SECRET = "the quokka stands on the roof"
OPEN = "see you at the pond"


def hidden(records: Records, made: str, by: str = "rosa", **more: object) -> str:
    return talk.open_thread(
        records, who(by), made, Place(), SECRET, visibility=Visibility.REVIEWERS, **more
    )


def seen(records: Records, person: str, made: str) -> list[str]:
    with records.read() as connection:
        found = talk.list_threads(connection, who(person), made)
    return [comment.text for thread in found for comment in thread.comments]


def in_state(records: Records, made: str, state: str, round_number: int = 1) -> None:
    with records.engine.begin() as connection:
        connection.execute(
            update(assessment)
            .where(assessment.c.id == made)
            .values(state=state, round=round_number)
        )


def test_what_is_said_among_reviewers_reaches_the_office_and_the_approver_only(
    desk: Records,
) -> None:
    made = begin(desk)
    thread = hidden(desk, made)
    talk.open_thread(desk, who("rosa"), made, Place.question("kept"), OPEN)
    everybody = ("ann", "abe", "rosa", "rolf", "ruth", "dora", "otto", "olga", "many", "adam")
    for person in everybody:
        behind = person not in {"ann", "abe"}
        assert seen(desk, person, made) == ([SECRET] if behind else []) + [OPEN]
        with desk.read() as connection:
            counts = talk.count_open(connection, who(person), made)
            assert counts.get(Place(), 0) == int(behind)
            if not behind:
                with pytest.raises(NotFound):
                    talk.find_thread(connection, who(person), thread)


def test_somebody_with_every_role_does_not_see_behind_their_own_assessment(desk: Records) -> None:
    made = begin(desk, "many")
    hidden(desk, made)
    assert seen(desk, "many", made) == []


def test_whoever_becomes_a_contributor_loses_sight_of_what_reviewers_said(desk: Records) -> None:
    made = begin(desk)
    hidden(desk, made)
    assert seen(desk, "many", made) == [SECRET]
    q.add_contributor(desk, who("ann"), made, "many")
    assert seen(desk, "many", made) == []


def test_an_author_learns_nothing_by_trying_to_write_where_they_cannot_read(desk: Records) -> None:
    made = begin(desk)
    thread = hidden(desk, made)
    with desk.read() as connection:
        (comment,) = talk.find_thread(connection, who("rosa"), thread).comments
    tries = (
        lambda name: talk.reply(desk, who("ann"), name, "?"),
        lambda name: talk.resolve(desk, who("ann"), name),
        lambda name: talk.reopen(desk, who("ann"), name),
    )
    for act in tries:
        words = []
        for name in (thread, "thread-000000000000"):
            with pytest.raises(NotFound) as caught:
                act(name)
            words.append(str(caught.value))
        assert words[0] == words[1]
    for name in (comment.id, "comment-000000000000"):
        with pytest.raises(NotFound):
            talk.edit(desk, who("ann"), name, "?", expected_version=1)


def test_an_author_cannot_open_a_thread_that_they_could_not_read(desk: Records) -> None:
    with pytest.raises(NotPermitted):
        hidden(desk, begin(desk), by="ann")


def test_whoever_takes_no_part_does_not_write(desk: Records) -> None:
    made = begin(desk)
    for person, refusal in (("abe", NotPermitted), ("nobody", NotFound)):
        with pytest.raises(refusal):
            talk.open_thread(desk, who(person), made, Place(), "Hello")


def test_an_author_cannot_resolve_what_a_reviewer_opened_but_what_they_opened(
    desk: Records,
) -> None:
    made = begin(desk)
    asked = talk.open_thread(desk, who("rosa"), made, Place.section("one"), "Why three years?")
    own = talk.open_thread(desk, who("ann"), made, Place.section("one"), "Is this right?")
    with pytest.raises(NotPermitted):
        talk.resolve(desk, who("ann"), asked)
    talk.resolve(desk, who("ann"), own)
    talk.resolve(desk, who("rosa"), asked)
    with pytest.raises(NotPermitted):
        talk.reopen(desk, who("ann"), asked)
    with desk.read() as connection:
        found = talk.find_thread(connection, who("ann"), asked)
    assert (found.is_open, found.resolved_by) == (False, "rosa")
    talk.reopen(desk, who("rosa"), asked)
    with desk.read() as connection:
        assert talk.find_thread(connection, who("ann"), asked).is_open


def test_words_are_edited_by_their_writer_within_their_round_and_the_old_ones_kept(
    desk: Records,
) -> None:
    made = begin(desk)
    thread = talk.open_thread(desk, who("ann"), made, Place(), "Frist")
    with desk.read() as connection:
        (comment,) = talk.find_thread(connection, who("ann"), thread).comments
    with pytest.raises(NotPermitted):
        talk.edit(desk, who("rosa"), comment.id, "Mine", expected_version=1)
    talk.edit(desk, who("ann"), comment.id, "First", expected_version=1)
    with pytest.raises(Conflict):
        talk.edit(desk, who("ann"), comment.id, "Third", expected_version=1)
    with desk.read() as connection:
        earlier = talk.earlier_texts(connection, who("rosa"), thread, comment.id)
    assert [text for _, text in earlier] == ["Frist"]
    in_state(desk, made, "returned", 2)
    with pytest.raises(NotPossibleNow):
        talk.edit(desk, who("ann"), comment.id, "Second", expected_version=2)
    talk.reply(desk, who("ann"), thread, "Now in round two")


def test_comments_on_a_closed_assessment_can_be_read_and_not_written(desk: Records) -> None:
    made = begin(desk)
    thread = talk.open_thread(desk, who("rosa"), made, Place(), OPEN)
    acts = (
        lambda: talk.reply(desk, who("rosa"), thread, "More"),
        lambda: talk.resolve(desk, who("rosa"), thread),
        lambda: talk.open_thread(desk, who("rosa"), made, Place(), "New"),
    )
    for state in sorted(CLOSED):
        in_state(desk, made, state)
        assert seen(desk, "ann", made) == [OPEN]
        for act in acts:
            with pytest.raises(NotPossibleNow):
                act()


def test_a_thread_stands_on_something_that_is_there(desk: Records) -> None:
    made = begin(desk)
    for place in (
        Place.section("none"), Place.question("none"), Place.cell("kept", "r", "c"),
        Place.risk("kept", "r"), Place(object_id="one"),
    ):  # fmt: skip
        with pytest.raises(BadInput):
            talk.open_thread(desk, who("ann"), made, place, "Here?")


def test_only_people_who_may_read_a_thread_can_be_named_in_it(desk: Records) -> None:
    made = begin(desk)
    for person in ("ann", "abe", "nobody", "'; drop table thread; --"):
        with pytest.raises(BadInput) as caught:
            hidden(desk, made, mentions=(person,))
        assert caught.value.field == "mentions"
    hidden(desk, made, mentions=("otto", "otto"))
    with desk.read() as connection:
        row = connection.execute(select(assessment)).mappings().one()
        assert set(talk.readers(connection, row, Visibility.REVIEWERS)) == {
            "rosa", "rolf", "ruth", "dora", "otto", "olga", "many", "adam"}  # fmt: skip


def test_the_ledger_does_not_tell_hidden_comments_from_open_ones(desk: Records) -> None:
    made = begin(desk)
    with desk.read() as connection:
        before = len(connection.execute(select(ledger_entry)).all())
    hidden(desk, made)
    talk.open_thread(desk, who("rosa"), made, Place.question("kept"), OPEN)
    with desk.read() as connection:
        bodies = [bytes(r.body) for r in connection.execute(select(ledger_entry))][before:]
    shapes = [json.loads(body) for body in bodies]
    assert [set(s) for s in shapes] == [set(shapes[0])] * 2
    assert [(s["action"], s["kind"], s["facts"]) for s in shapes] == [
        ("comment.added", "comment", {})] * 2  # fmt: skip
    assert not any(word in body for body in bodies for word in (b"quokka", b"pond", made.encode()))


def test_erasing_a_comment_leaves_its_place_and_a_tree_that_verifies(desk: Records) -> None:
    made = begin(desk)
    thread = hidden(desk, made)
    with desk.read() as connection:
        (comment,) = talk.find_thread(connection, who("rosa"), thread).comments
    talk.edit(desk, who("rosa"), comment.id, SECRET + " again", expected_version=1)
    with pytest.raises(NotPermitted):
        talk.erase_comment(desk, who("rosa"), comment.id, "art-17-1-a")
    talk.erase_comment(desk, who("dora"), comment.id, "art-17-1-a")
    with desk.read() as connection:
        (comment,) = talk.find_thread(connection, who("rosa"), thread).comments
        assert (comment.text, comment.erased_at is not None) == ("", True)
        assert talk.earlier_texts(connection, who("rosa"), thread, comment.id) == []
        kept = connection.execute(select(ledger_private.c.payload)).scalars()
        assert not any(b"quokka" in bytes(payload) for payload in kept)
        assert verify_ledger(connection, []).verdict != "INVALID"
    with pytest.raises(NotPossibleNow):
        talk.edit(desk, who("rosa"), comment.id, "back", expected_version=2)
    assert b"quokka" not in _store_bytes(desk)


def _store_bytes(records: Records) -> bytes:
    with records.engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        raw.execute("pragma wal_checkpoint(truncate)")
    return Path(str(records.engine.url.database)).read_bytes()


def test_refusals_are_errors_of_ours(desk: Records) -> None:
    made = begin(desk)
    for text in ("", "  ", "x" * 5_001):
        with pytest.raises(BadInput):
            talk.open_thread(desk, who("ann"), made, Place(), text)
    with desk.change(Actor.system("test")) as change:
        people.add_person(change, "old", "Old")
    with pytest.raises((Refused, NotFound)):
        talk.open_thread(desk, who("old"), made, Place(), "Hello")
