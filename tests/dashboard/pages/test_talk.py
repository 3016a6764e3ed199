"""The pages of talk: what each reader is shown of threads, notices and searches."""

from __future__ import annotations

from assessments import talk
from assessments.records import Records
from assessments.review import rounds
from assessments.talk import Place, Visibility
from tests.assessments.review.desk import begin, who
from tests.dashboard.pages.conftest import press, said, shown

HIDDEN, OPEN = "A wombat behind the wall", "A wombat for everybody"


def talked(records: Records) -> str:
    made = begin(records)
    talk.open_thread(records, who("rosa"), made, Place.question("kept"), HIDDEN,
                     visibility=Visibility.REVIEWERS)  # fmt: skip
    talk.open_thread(records, who("rosa"), made, Place.question("kept"), OPEN)
    return made


def test_pages_show_what_is_said_among_reviewers_to_them_alone(desk: Records) -> None:
    made = talked(desk)
    pages = (
        ("comments", {"assessment": made}),
        ("question", {"assessment": made, "q": "kept"}),
        ("search", {"q": "wombat"}),
    )
    for page, address in pages:
        for person in ("ann",) if page == "question" else ("ann", "rosa"):
            seen = shown(page, person, **address)
            text = said(seen)
            assert OPEN in text
            assert (HIDDEN in text) is (person == "rosa")
            if page == "question":
                assert "1 open thread" in [item.label for item in seen.expander]
            if page == "search":
                count = "2 places" if person == "rosa" else "1 place"
                assert [header.value for header in seen.header] == [count]


def test_a_comment_is_written_below_its_question(desk: Records) -> None:
    made = begin(desk)
    page = shown("question", "ann", assessment=made, q="kept")
    assert not page.radio
    page.text_area[-1].set_value("Three or four?")
    press(page, "Comment")
    with desk.read() as connection:
        (thread,) = talk.list_threads(connection, who("rosa"), made)
    assert (thread.place, thread.comments[0].text) == (Place.question("kept"), "Three or four?")


def test_notices_are_listed_marked_and_gone_from_the_count(desk: Records) -> None:
    made = begin(desk)
    rounds.submit(desk, who("ann"), made)
    page = shown("notices", "rosa")
    assert [header.value for header in page.header] == ["1 unread notice", "Mail"]
    assert "An assessment was sent for review." in said(page)
    press(page, "Mark all as read")
    assert [header.value for header in page.header] == ["Read", "Mail"]
    with desk.read() as connection:
        assert talk.count_unread(connection, "rosa") == 0


def test_every_kind_of_notice_leads_to_a_page() -> None:
    from dashboard.pages import find_page, notices

    assert notices.PAGES.keys() == talk.KINDS.keys()
    assert all(find_page(name) for name in set(notices.PAGES.values()))
