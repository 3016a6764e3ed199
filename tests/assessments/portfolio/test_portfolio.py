"""The portfolio: what waits for whom, only what one may read, and filters that addresses carry."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from assessments.actions import NewAction, add_action
from assessments.errors import BadInput, NotFound
from assessments.portfolio import (
    NONE,
    Filter,
    Line,
    WaitingKind,
    apply_filter,
    delete_filter,
    list_filters,
    list_portfolio,
    list_waiting,
    save_filter,
)
from assessments.records import Actor, Records, people
from assessments.review.decisions import NewCondition, Outcome, Position, advise, decide
from assessments.review.rounds import submit
from assessments.review.seats import assign_reviewers
from tests.assessments.review.desk import accepted, begin, open_desk, under_two, vote, who

TODAY = datetime.now(UTC).date()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Records]:
    with open_desk(tmp_path, monkeypatch) as opened:
        yield opened


def portfolio(desk: Records, person: str = "rosa", **projects: str) -> list[Line]:
    with desk.read() as connection:
        return list_portfolio(connection, who(person), TODAY, projects=projects)


def queue(desk: Records, person: str) -> list[tuple[WaitingKind, str]]:
    lines = portfolio(desk, person)
    with desk.read() as connection:
        found = list_waiting(connection, who(person), lines, TODAY)
    return [(item.kind, item.id) for item in found]


def test_each_step_waits_for_exactly_those_who_may_do_it(desk: Records) -> None:
    made = begin(desk)
    everybody = ("ann", "abe", "rosa", "rolf", "dora", "otto", "olga", "adam", "many")

    def waits() -> dict[str, WaitingKind]:
        return {p: found[0][0] for p in everybody if (found := queue(desk, p))}

    assert waits() == {"ann": WaitingKind.WRITE}
    submit(desk, who("ann"), made)
    assert waits() == dict.fromkeys(["rosa", "rolf", "many"], WaitingKind.REVIEW)
    assign_reviewers(desk, who("adam"), made, ("rosa",))
    assert waits() == {"rosa": WaitingKind.REVIEW}
    accepted(desk, made, "rosa")
    assert waits() == dict.fromkeys(["dora", "many"], WaitingKind.ADVISE)
    advise(desk, who("dora"), made, Position.PROCEED, "I agree.")
    assert waits() == dict.fromkeys(["otto", "olga", "many"], WaitingKind.DECIDE)
    wanted = NewCondition("Delete it", "abe", TODAY - timedelta(days=1))
    decide(desk, who("otto"), made, Outcome.APPROVED_WITH_CONDITIONS, "Fine.", (wanted,))
    assert waits() == {"abe": WaitingKind.MEET_CONDITION} | dict.fromkeys(
        ["rosa", "rolf", "dora", "otto", "olga", "many"], WaitingKind.CONFIRM_CONDITION
    )


def test_a_line_says_whose_turn_it_is_and_what_is_open(desk: Records) -> None:
    made = under_two(desk)
    add_action(desk, who("ann"), NewAction("Do it", "ann", TODAY, assessment_id=made))
    (line,) = portfolio(desk)
    assert (line.state, line.waits_for, line.people) == ("submitted", "reviewer", ("rosa", "rolf"))
    assert (line.age(TODAY), line.age_in_state(TODAY)) == (0, 0)
    assert (line.open_actions, line.overdue_actions, line.has_overdue) == (1, 0, False)


def test_a_vote_of_the_running_round_changes_no_line_of_anybody(desk: Records) -> None:
    made = under_two(desk)
    vote(desk, "rosa", made, "one")
    people_ = ("ann", "rolf", "dora", "otto", "adam")
    before = {person: (portfolio(desk, person), queue(desk, person)) for person in people_}
    vote(desk, "rosa", made, "two", "Change it")
    assert {p: (portfolio(desk, p), queue(desk, p)) for p in people_} == before


def test_a_project_without_an_assessment_is_there_too(desk: Records) -> None:
    begin(desk)
    lines = portfolio(desk, p="ann", q="abe")
    assert [(line.project_id, line.state, line.owner_id) for line in lines] == [
        ("p", "draft", "ann"), ("q", NONE, "abe"),
    ]  # fmt: skip


def test_nobody_sees_lines_of_projects_that_they_may_not_read(desk: Records) -> None:
    begin(desk)
    with desk.change(Actor.system("test")) as change:
        people.add_person(change, "sam", "Sam Private-Name")
        people.grant_role(change, "sam", "auditor", reason="test", scope="q")
    assert [line.project_id for line in portfolio(desk, "sam", p="ann", q="abe")] == ["q"]
    assert portfolio(desk, "stranger", p="ann", q="abe") == []


def test_the_number_of_queries_does_not_grow_with_the_portfolio(desk: Records) -> None:
    counted: list[int] = [0]

    def count(*_: object) -> None:
        counted[0] += 1

    event.listen(desk.engine, "before_cursor_execute", count)
    sizes = []
    for _ in range(2):
        begin(desk)
        begin(desk)
        counted[0] = 0
        portfolio(desk)
        sizes.append(counted[0])
    assert sizes[0] == sizes[1]


def test_a_filter_survives_its_address_and_ignores_what_it_does_not_know() -> None:
    wanted = Filter(state="draft", turn="author", flag="overdue", text="Churn", sort="risk")
    assert Filter.from_values(wanted.as_values()) == wanted
    assert Filter().as_values() == {}
    odd = {"sort": "'; drop table", "flag": "x", "page": "2", "text": "a" * 999}
    assert Filter.from_values(odd) == Filter(text="a" * 200)


def test_filters_narrow_and_sort(desk: Records) -> None:
    first, second = begin(desk), begin(desk)
    submit(desk, who("ann"), second)
    lines = portfolio(desk, p="ann", q="abe")

    def ids(**wanted: str) -> list[str]:
        return [line.assessment_id for line in apply_filter(lines, Filter(**wanted))]

    assert ids(state="submitted") == [second]
    assert ids(turn="reviewer") == [second]
    assert ids(project="q") == [""]
    assert ids(text="SMALL", sort="age") == [first, second]
    assert ids(flag="overdue") == ids(owner="nobody") == []


def test_saved_filters_are_ones_own(desk: Records) -> None:
    save_filter(desk, who("rosa"), " Mine ", Filter(state="draft"))
    save_filter(desk, who("rosa"), "Mine", Filter(state="submitted"))
    with desk.read() as connection:
        assert list_filters(connection, "rosa") == {"Mine": Filter(state="submitted")}
        assert list_filters(connection, "rolf") == {}
    with pytest.raises(NotFound):
        delete_filter(desk, who("rolf"), "Mine")
    with pytest.raises(BadInput):
        save_filter(desk, who("rosa"), " ", Filter())
    delete_filter(desk, who("rosa"), "Mine")
    with desk.read() as connection:
        assert list_filters(connection, "rosa") == {}
