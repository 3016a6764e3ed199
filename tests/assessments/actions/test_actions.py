"""Actions: nobody promises without a day, nobody frees themselves, and what is due is a fact."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from assessments.actions import (
    Due,
    DueKind,
    NewAction,
    Origin,
    Status,
    add_action,
    drop_action,
    find_action,
    finish_action,
    list_actions,
    list_due,
)
from assessments.actions.tables import action_item
from assessments.errors import BadInput, NotPermitted, NotPossibleNow
from assessments.ledger.tables import ledger_entry
from assessments.records import Actor, Records, people
from assessments.records.tables import condition as conditions
from assessments.records.tables import evidence
from assessments.review.decisions import close_condition, list_conditions
from assessments.review.delegation import delegate_role
from tests.assessments.review.desk import who

SECRET = "Ask Uma Private-Name for the key"


@pytest.fixture
def new(today: date) -> NewAction:
    return NewAction(SECRET, "ann", today + timedelta(days=7), project_id="p")


def days(desk: Records, today: date, **wanted: int) -> list[Due]:
    with desk.read() as connection:
        return list_due(connection, today, **wanted)


def keep_file(desk: Records, digest: str, by: str) -> None:
    with desk.engine.begin() as connection:
        connection.execute(
            evidence.insert().values(
                sha256=digest, name="test.pdf", media_type="application/pdf", size=1, added_by=by,
                added_at=datetime.now(UTC),
            )
        )  # fmt: skip


def test_an_action_has_an_owner_and_a_day_that_can_be_kept(
    desk: Records, new: NewAction, today: date
) -> None:
    for wrong, field in (
        (replace(new, owner_id="nobody"), "owner"),
        (replace(new, owner_id=""), "owner"),
        (replace(new, due_on=today - timedelta(days=1)), "due_on"),
        (replace(new, text="  "), "text"),
        (replace(new, project_id=""), "project"),
    ):
        with pytest.raises(BadInput) as refused:
            add_action(desk, who("ann"), wrong)
        assert refused.value.field == field


def test_the_ledger_knows_of_an_action_but_not_its_words(desk: Records, new: NewAction) -> None:
    made = add_action(desk, who("ann"), new)
    finish_action(desk, who("ann"), made.id, "Rita Private-Name did it.")
    with desk.read() as connection:
        bodies = [bytes(b) for b in connection.execute(select(ledger_entry.c.body)).scalars()]
    of_actions = [body for body in bodies if made.id.encode() in body]
    assert len(of_actions) == 2
    assert not any(b"Private-Name" in body for body in of_actions)


def test_an_action_comes_from_something_that_the_assessment_has(
    desk: Records, approval: str, new: NewAction
) -> None:
    with desk.read() as connection:
        (condition,) = list_conditions(connection, approval)
    placed = replace(new, project_id="", assessment_id=approval, origin=Origin.CONDITION)
    with pytest.raises(BadInput, match="no condition"):
        add_action(desk, who("ann"), replace(placed, origin_ref="cond-of-somewhere-else"))
    made = add_action(desk, who("ann"), replace(placed, origin_ref=condition["id"]))
    assert (made.project_id, made.origin_ref) == ("p", condition["id"])


def test_an_action_is_done_with_a_note_or_a_file_and_only_once(
    desk: Records, new: NewAction
) -> None:
    digest = "ab" * 32
    made = add_action(desk, who("ann"), new)
    with pytest.raises(BadInput, match="how it was done"):
        finish_action(desk, who("ann"), made.id)
    with pytest.raises(BadInput, match="no evidence"):
        finish_action(desk, who("ann"), made.id, evidence=digest)
    keep_file(desk, digest, "abe")
    with pytest.raises(BadInput, match="no evidence"):
        finish_action(desk, who("ann"), made.id, evidence=digest)
    done = finish_action(desk, who("abe"), made.id, evidence=digest)
    assert (done.status, done.evidence_sha256, done.closed_by) == (Status.DONE, digest, "abe")
    with pytest.raises(NotPossibleNow, match="done already"):
        drop_action(desk, who("dora"), made.id, "Too late.")


def test_an_owner_cannot_drop_an_action_and_an_author_neither(
    desk: Records, new: NewAction
) -> None:
    owned = add_action(desk, who("ann"), replace(new, owner_id="dora"))
    for person in ("dora", "ann"):
        with pytest.raises(NotPermitted):
            drop_action(desk, who(person), owned.id, "No time.")
    assert drop_action(desk, who("rosa"), owned.id, "The model is gone.").status is Status.DROPPED


def test_whoever_has_no_role_adds_and_closes_nothing(desk: Records, new: NewAction) -> None:
    made = add_action(desk, who("ann"), new)
    for act in (lambda: add_action(desk, who("stranger"), new),
                lambda: finish_action(desk, who("stranger"), made.id, "Done.")):  # fmt: skip
        with pytest.raises(NotPermitted):
            act()
    with desk.read() as connection:
        assert [item.status for item in list_actions(connection)] == [Status.OPEN]


def test_what_is_due_is_listed_until_it_is_closed(
    desk: Records, approval: str, new: NewAction, today: date
) -> None:
    made = add_action(desk, who("ann"), new)
    assert [item.kind for item in days(desk, today)] == [DueKind.ACTION, DueKind.CONDITION]
    assert [item.kind for item in days(desk, today, within=7)] == [DueKind.ACTION]
    assert days(desk, today, within=6) == []
    late = days(desk, today + timedelta(days=8))[0]
    assert (late.id, late.days_left, late.is_overdue) == (made.id, -1, True)
    finish_action(desk, who("ann"), made.id, "Done.")
    assert [item.kind for item in days(desk, today)] == [DueKind.CONDITION]


def test_an_action_is_overdue_from_the_day_after(desk: Records, new: NewAction) -> None:
    made = add_action(desk, who("ann"), new)
    assert not made.is_overdue(new.due_on)
    assert made.is_overdue(new.due_on + timedelta(days=1))
    with desk.engine.begin() as connection:
        connection.execute(update(action_item).values(status="done"))
    with desk.read() as connection:
        assert not find_action(connection, made.id).is_overdue(date.max)


def test_neither_the_owner_of_a_condition_nor_who_stands_in_for_them_closes_it(
    desk: Records, approval: str
) -> None:
    with desk.engine.begin() as connection:
        connection.execute(update(conditions).values(owner_id="otto"))
    with desk.read() as connection:
        (condition,) = list_conditions(connection, approval)
    with desk.change(Actor.system("test")) as change:
        people.add_person(change, "zoe", "Zoe Private-Name")
    until = datetime.now(UTC) + timedelta(days=30)
    delegate_role(desk, who("otto"), "approver", "zoe", until, "Away")
    for person in ("otto", "zoe"):
        with pytest.raises(NotPossibleNow, match="cannot close it alone"):
            close_condition(desk, who(person), condition["id"], "Done.")
    with pytest.raises(BadInput, match="no evidence"):
        close_condition(desk, who("rosa"), condition["id"], "Done.", "cd" * 32)
    keep_file(desk, "cd" * 32, "rosa")
    close_condition(desk, who("rosa"), condition["id"], "Shown.", "cd" * 32)
    with desk.read() as connection:
        (closed,) = list_conditions(connection, approval)
    assert (closed["closed_by"], closed["closing_evidence"]) == ("rosa", "cd" * 32)
