"""The pages of talk: what each reader is shown of threads, notices and searches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assessments import talk
from assessments.records import Records
from assessments.review import rounds
from assessments.settings import Home
from assessments.talk import Place, Visibility
from dashboard import demonstration, identity, state
from tests.assessments.review.desk import begin, open_desk, who

HIDDEN, OPEN = "A wombat behind the wall", "A wombat for everybody"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Records]:
    monkeypatch.setenv("PRIVACY_HOME", str(tmp_path))
    monkeypatch.setenv(identity.DEMONSTRATION, "1")
    demonstration.mark(Home.locate(tmp_path))
    with open_desk(tmp_path, monkeypatch) as opened:
        yield opened


def comments_page() -> None:
    from dashboard.pages import comments
    from dashboard.text import use_language

    use_language("en")
    comments.render()


def question_page() -> None:
    from dashboard.pages import question
    from dashboard.text import use_language

    use_language("en")
    question.render()


def notices_page() -> None:
    from dashboard.pages import notices
    from dashboard.text import use_language

    use_language("en")
    notices.render()


def search_page() -> None:
    from dashboard.pages import search
    from dashboard.text import use_language

    use_language("en")
    search.render()


def shown(page: Callable[[], None], person: str, **address: str) -> AppTest:
    made = AppTest.from_function(page, default_timeout=30)
    made.session_state[state.PERSON] = person
    for name, value in address.items():
        made.query_params[name] = value
    return made.run()


def said(page: AppTest) -> str:
    assert not page.exception
    return " ".join(str(element.proto.json) for element in page.get("bidi_component"))


def talked(records: Records) -> str:
    made = begin(records)
    talk.open_thread(records, who("rosa"), made, Place.question("kept"), HIDDEN,
                     visibility=Visibility.REVIEWERS)  # fmt: skip
    talk.open_thread(records, who("rosa"), made, Place.question("kept"), OPEN)
    return made


def test_pages_show_what_is_said_among_reviewers_to_them_alone(desk: Records) -> None:
    made = talked(desk)
    pages = (
        (comments_page, {"assessment": made}),
        (question_page, {"assessment": made, "q": "kept"}),
        (search_page, {"q": "wombat"}),
    )
    for page, address in pages:
        for person in ("ann",) if page is question_page else ("ann", "rosa"):
            seen = shown(page, person, **address)
            text = said(seen)
            assert OPEN in text
            assert (HIDDEN in text) is (person == "rosa")
            if page is question_page:
                assert "1 open thread" in [item.label for item in seen.expander]
            if page is search_page:
                count = "2 places" if person == "rosa" else "1 place"
                assert [header.value for header in seen.header] == [count]


def test_a_comment_is_written_below_its_question(desk: Records) -> None:
    made = begin(desk)
    page = shown(question_page, "ann", assessment=made, q="kept")
    assert not page.radio
    page.text_area[-1].set_value("Three or four?")
    next(button for button in page.button if button.label == "Comment").click().run()
    with desk.read() as connection:
        (thread,) = talk.list_threads(connection, who("rosa"), made)
    assert (thread.place, thread.comments[0].text) == (Place.question("kept"), "Three or four?")


def test_notices_are_listed_marked_and_gone_from_the_count(desk: Records) -> None:
    made = begin(desk)
    rounds.submit(desk, who("ann"), made)
    page = shown(notices_page, "rosa")
    assert [header.value for header in page.header] == ["1 unread notice", "Mail"]
    assert "An assessment was sent for review." in said(page)
    next(button for button in page.button if button.label == "Mark all as read").click().run()
    assert [header.value for header in page.header] == ["Read", "Mail"]
    with desk.read() as connection:
        assert talk.count_unread(connection, "rosa") == 0


def test_every_kind_of_notice_leads_to_a_page() -> None:
    from dashboard.pages import find_page, notices

    assert notices.PAGES.keys() == talk.KINDS.keys()
    assert all(find_page(name) for name in set(notices.PAGES.values()))
