"""The gate: every kind of reason closes it, two people open it for a time, and build servers read it."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from typing import Any

import pytest
from junitparser import Failure, JUnitXml, Skipped
from sqlalchemy import select, update

from assessments.actions import NewAction, add_action, finish_action
from assessments.actions.tables import action_item
from assessments.errors import BadInput, NotPermitted, NotPossibleNow
from assessments.ledger.tables import ledger_entry
from assessments.records import Records
from assessments.records.tables import assessment
from assessments.review import gate as gate_module
from assessments.review.delegation import delegate_role
from assessments.review.gate import Approval, Gate, MeasuredLeakage, check_gate
from assessments.review.gate_junit import CHECKS, junit
from assessments.review.gate_policy import Block, Needed, gate_policy
from assessments.review.lifecycle import State
from assessments.review.override import ask_override, end_override, grant_override
from assessments.review.tables import gate_override
from tests.assessments.review.desk import begin, who

TODAY = datetime.now(UTC).date()
REGISTERED = (Approval("a-1", None),)
LEAK = MeasuredLeakage("m-1", 42.0, 9.0, date(2026, 1, 1))


def look(desk: Records, **facts: Any) -> Gate:
    today = facts.pop("today", TODAY)
    with desk.read() as connection:
        return check_gate(connection, "p", today=today, **{"registered": REGISTERED, **facts})


def kinds(found: Gate) -> list[str]:
    return [reason.kind for reason in found.reasons]


def promise(desk: Records, days: int = 5) -> str:
    return add_action(
        desk, who("ann"), NewAction("Do it", "ann", TODAY + timedelta(days=days), project_id="p")
    ).id


def ask(desk: Records, person: str = "ann", **facts: Any) -> str:
    covers = {reason.key for reason in look(desk, **facts).reasons}
    until = TODAY + timedelta(days=5)
    return ask_override(desk, who(person), "p", covers, "The season starts.", until).id


def test_a_registered_approval_alone_opens_the_gate(desk: Records) -> None:
    assert look(desk).is_open
    assert kinds(look(desk, registered=())) == ["no_approval"]


def test_an_action_closes_the_gate_from_the_day_after_it_was_due(desk: Records) -> None:
    made = promise(desk)
    assert look(desk, today=TODAY + timedelta(days=5)).is_open
    late = look(desk, today=TODAY + timedelta(days=6))
    assert [(r.kind, r.subject) for r in late.reasons] == [("action_overdue", made)]
    finish_action(desk, who("ann"), made, "Done.")
    assert look(desk, today=TODAY + timedelta(days=6)).is_open


def test_the_policy_says_which_actions_block(
    desk: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    promise(desk)
    policy = gate_policy()
    for block, found in ((Block.ANY, ["action_open"]), (Block.NONE, []), (Block.OVERDUE, [])):
        said = replace(policy, actions=block)
        monkeypatch.setattr(gate_module, "gate_policy", lambda said=said: said)
        assert kinds(look(desk)) == found


def test_a_kind_that_is_gated_once_begun_is_waited_for_until_it_is_approved_or_withdrawn(
    desk: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = replace(gate_policy(), gated={"dpia": Needed.ALWAYS, "small": Needed.BEGUN})
    monkeypatch.setattr(gate_module, "gate_policy", lambda: said)
    assert look(desk).is_open
    made = begin(desk)
    assert kinds(look(desk)) == ["no_approval"]
    for state in (State.APPROVED, State.WITHDRAWN):
        with desk.engine.begin() as connection:
            connection.execute(
                update(assessment).where(assessment.c.id == made)
                .values(state=state.value, decided_at=datetime.now(UTC))
            )  # fmt: skip
        assert look(desk).is_open


def test_every_gated_kind_is_a_kind_of_assessment() -> None:
    files = {file.name for file in resources.files("assessments.templates").iterdir()}

    assert {f"{kind}.yaml" for kind in gate_policy().gated} <= files


def test_a_result_whose_upper_end_is_above_the_limit_is_inconclusive_until_it_is_large_enough(
    desk: Records,
) -> None:
    wide = replace(LEAK, score=0.0, upper=21.0, needed=5000)
    found = look(desk, leakage=[wide])
    assert (found.is_open, found.is_inconclusive, kinds(found)) == (
        False,
        True,
        ["leakage_inconclusive"],
    )
    assert "up to 21, the limit is 9; about 5000 records" in found.reasons[0].what
    assert look(desk, leakage=[replace(wide, upper=9.0)]).is_open
    assert kinds(look(desk, leakage=[replace(wide, score=10.0)])) == ["leakage"]
    promise(desk, days=0)
    late = look(desk, today=TODAY + timedelta(days=1), leakage=[wide])
    assert not late.is_inconclusive


def test_two_people_open_the_gate_and_its_reasons_stay_visible(desk: Records) -> None:
    made = ask(desk, leakage=(LEAK,))
    assert not look(desk, leakage=(LEAK,)).is_open
    grant_override(desk, who("otto"), made)
    found = look(desk, leakage=(LEAK,))
    assert found.is_open
    assert kinds(found) == ["leakage"]
    assert found.as_dict()["override"]["until"] == (TODAY + timedelta(days=5)).isoformat()
    assert not look(desk, leakage=(LEAK,), today=TODAY + timedelta(days=6)).is_open


def test_old_facts_keep_neither_an_override_nor_an_action_alive(desk: Records) -> None:
    grant_override(desk, who("otto"), ask(desk, leakage=(LEAK,)))
    promise(desk)
    with desk.engine.begin() as connection:
        connection.execute(update(gate_override).values(until=TODAY - timedelta(days=1)))
        connection.execute(update(action_item).values(due_on=TODAY - timedelta(days=1)))
    found = look(desk, leakage=(LEAK,), today=TODAY - timedelta(days=9))
    assert (found.is_open, kinds(found)) == (False, ["action_overdue", "leakage"])


def test_a_new_reason_closes_the_gate_again(desk: Records) -> None:
    grant_override(desk, who("otto"), ask(desk, leakage=(LEAK,)))
    again = replace(LEAK, score=60.0, measured_on=date(2026, 2, 1))
    assert not look(desk, leakage=(again,)).is_open
    assert not look(desk, leakage=(LEAK,), registered=()).is_open


@pytest.mark.parametrize("person", ["otto", "ann", "rosa", "stranger"])
def test_nobody_grants_what_they_asked_for_or_without_being_an_approver(
    desk: Records, person: str
) -> None:
    made = ask(desk, "otto", leakage=(LEAK,))
    with pytest.raises(NotPermitted):
        grant_override(desk, who(person), made)
    grant_override(desk, who("olga"), made)


def test_a_delegate_of_whoever_asked_counts_as_them(desk: Records) -> None:
    made = ask(desk, "otto", leakage=(LEAK,))
    until = datetime.now(UTC) + timedelta(days=9)
    delegate_role(desk, who("otto"), "approver", "abe", until, "Away")
    with pytest.raises(NotPermitted, match="Two people"):
        grant_override(desk, who("abe"), made)


def test_an_override_is_short_has_a_reason_and_something_to_override(desk: Records) -> None:
    for until in (TODAY - timedelta(days=1), TODAY + timedelta(days=31)):
        with pytest.raises(BadInput, match="ends soon"):
            ask_override(desk, who("ann"), "p", {"leakage:x"}, "Because", until)
    with pytest.raises(BadInput, match="Say why"):
        ask_override(desk, who("ann"), "p", {"leakage:x"}, " ", TODAY)
    with pytest.raises(NotPossibleNow, match="open already"):
        ask_override(desk, who("ann"), "p", (), "Because", TODAY)


def test_what_was_ended_opens_nothing_and_each_step_is_in_the_ledger(desk: Records) -> None:
    made = ask(desk, leakage=(LEAK,))
    grant_override(desk, who("otto"), made)
    end_override(desk, who("ann"), made, "Measured again.")
    assert not look(desk, leakage=(LEAK,)).is_open
    with pytest.raises(NotPossibleNow):
        grant_override(desk, who("olga"), made)
    with desk.read() as connection:
        bodies = [bytes(b) for b in connection.execute(select(ledger_entry.c.body)).scalars()]
    steps = [body for body in bodies if made.encode() in body]
    assert [word for body in steps for word in (b"asked", b"granted", b"ended")
            if b"gate.override_" + word in body] == [b"asked", b"granted", b"ended"]  # fmt: skip
    assert not any(b"season" in body for body in steps)


def test_another_reader_of_junit_finds_a_failure_for_each_kind_of_reason(desk: Records) -> None:
    promise(desk, 0)
    with desk.engine.begin() as connection:
        connection.execute(
            update(action_item).values(text='<&"]]>\x00 it', due_on=TODAY - timedelta(days=1))
        )
    (suite,) = JUnitXml.fromstring(junit(look(desk, leakage=(LEAK,))))
    cases = {case.name: case.result for case in suite}
    assert (suite.tests, suite.failures, suite.skipped) == (len(CHECKS), 2, 0)
    assert {name for name, result in cases.items() if result} == {"actions", "leakage"}
    (failure,) = cases["actions"]
    assert isinstance(failure, Failure)
    assert '<&"]]>' in failure.text


def test_junit_skips_what_an_override_covers(desk: Records) -> None:
    grant_override(desk, who("otto"), ask(desk, leakage=(LEAK,)))
    (suite,) = JUnitXml.fromstring(junit(look(desk, leakage=(LEAK,))))
    ((skipped,),) = [case.result for case in suite if case.result]
    assert (suite.failures, suite.skipped) == (0, 1)
    assert isinstance(skipped, Skipped)
    assert "open by override" in skipped.message


def test_every_kind_of_reason_has_its_place_in_junit() -> None:
    named = set(re.findall(r'Blocker\(\s*"(\w+)"', inspect.getsource(gate_module)))
    named |= {"condition_overdue", "condition_open", "action_overdue", "action_open"}
    assert named == {kind for group in CHECKS.values() for kind in group}
