"""Search: what each role finds, how the index keeps up, and what is gone when it was erased."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from assessments import questionnaire as q
from assessments import talk
from assessments.records import Actor, Records, people
from assessments.records.tables import answer, assessment
from assessments.talk import Place, Visibility
from assessments.talk.index import Index, has_fts5
from assessments.talk.search import search, snippet
from tests.assessments.review.desk import begin, who


@pytest.fixture(params=[True, False], ids=["fts5", "plain"])
def index(request: pytest.FixtureRequest) -> Index:
    return Index(uses_fts5=request.param)


def talked(records: Records) -> tuple[str, str]:
    """One thread for reviewers and one for everybody, both with the word wombat."""
    made = begin(records)
    hidden = talk.open_thread(records, who("rosa"), made, Place(), "A wombat behind the wall",
                              visibility=Visibility.REVIEWERS)  # fmt: skip
    talk.open_thread(records, who("rosa"), made, Place.question("kept"), "A Wombat for everybody")
    return made, hidden


def found(records: Records, index: Index, person: str, wanted: str) -> list[str]:
    said = search(records, index, who(person), wanted)
    assert said.total == len(said.hits)
    return [hit.snippet for hit in said.hits]


def test_this_interpreter_has_full_text_search() -> None:
    assert has_fts5()


def test_each_role_finds_what_it_may_read_and_counts_nothing_else(
    desk: Records, index: Index
) -> None:
    talked(desk)
    with desk.change(Actor.system("test")) as change:
        for name, role, scope in (("lea", "leadership", "*"), ("aud", "auditor", "*"),
                                  ("far", "reviewer", "other-project")):  # fmt: skip
            people.add_person(change, name, name)
            people.grant_role(change, name, role, reason="test", scope=scope)
    both = ["A wombat behind the wall", "A Wombat for everybody"]
    for person in ("rosa", "dora", "otto", "adam", "many"):
        assert found(desk, index, person, "wombat") == both
    for person in ("ann", "abe", "lea", "aud"):
        assert found(desk, index, person, "wombat") == both[1:]
    for person in ("far", "nobody"):
        assert found(desk, index, person, "wombat") == []
        assert found(desk, index, person, "small") == []


def test_a_limit_is_filled_with_what_the_reader_may_see(desk: Records, index: Index) -> None:
    talked(desk)
    said = search(desk, index, who("ann"), "wombat", limit=1)
    assert [hit.snippet for hit in said.hits] == ["A Wombat for everybody"]


def test_the_index_follows_every_change(desk: Records, index: Index) -> None:
    made, hidden = talked(desk)
    assert found(desk, index, "rosa", "behind") == ["A wombat behind the wall"]
    with desk.read() as connection:
        (comment,) = talk.find_thread(connection, who("rosa"), hidden).comments
    talk.edit(desk, who("rosa"), comment.id, "A quokka after all", expected_version=1)
    assert found(desk, index, "rosa", "behind") == []
    assert found(desk, index, "rosa", "quokka") == ["A quokka after all"]
    talk.erase_comment(desk, who("dora"), comment.id, "art-17-1-a")
    assert found(desk, index, "rosa", "quokka") == []
    with desk.engine.begin() as connection:
        connection.execute(update(answer).values(note="because of the pangolin"))
    q.save_answer(desk, who("ann"), made, "kept", 4, note="because of the pangolin")
    assert any("pangolin" in text for text in found(desk, index, "ann", "pangolin"))
    begin(desk, "abe")
    assert found(desk, index, "abe", "small") == ["Small", "Small"]


def test_rights_are_those_of_today_and_not_of_the_index(desk: Records, index: Index) -> None:
    made, _ = talked(desk)
    assert len(found(desk, index, "many", "wombat")) == 2
    q.add_contributor(desk, who("ann"), made, "many")
    assert found(desk, index, "many", "wombat") == ["A Wombat for everybody"]


SIGNS = ("", "   ", '"', "wombat OR small", "wombat*", "said:wombat", "NEAR(a b)", "'; --", "(",
         "a" * 4000, "\x00", "%", "_")  # fmt: skip


def test_signs_of_a_query_language_are_only_signs(desk: Records) -> None:
    talked(desk)
    by_words, one_by_one = Index(uses_fts5=True), Index(uses_fts5=False)
    for wanted in SIGNS:
        assert found(desk, by_words, "rosa", wanted) == found(desk, one_by_one, "rosa", wanted)


def test_a_hit_names_assessment_question_and_the_words_around(desk: Records) -> None:
    made, _ = talked(desk)
    (hit,) = search(desk, Index(), who("ann"), "everybody wom").hits
    assert (hit.kind, hit.assessment_id, hit.title, hit.place_id) == (
        "comment", made, "Small", "kept")  # fmt: skip
    long = "x " * 200 + "the wombat sleeps" + " y" * 200
    assert "the wombat sleeps" in snippet(long, "womb")
    assert len(snippet(long, "womb")) < 200


def test_titles_come_first(desk: Records, index: Index) -> None:
    made, _ = talked(desk)
    with desk.engine.begin() as connection:
        connection.execute(
            update(assessment).where(assessment.c.id == made).values(title="Wombat watch")
        )
    assert search(desk, index, who("rosa"), "wombat").hits[0].kind == "title"
