"""The transition table is total, reachable and free of shortcuts."""

from itertools import product

import pytest

from assessments.errors import NotPossibleNow
from assessments.records.permissions import PERMISSIONS
from assessments.review.lifecycle import (
    DECIDED,
    TRANSITIONS,
    VALID_APPROVALS,
    WAITS_FOR,
    WRITABLE,
    Action,
    State,
    find_step,
    mermaid,
    possible_actions,
)


def test_every_state_can_be_reached_from_a_draft() -> None:
    reached = {State.DRAFT}
    while grown := {s.target for s in TRANSITIONS if s.origin in reached} - reached:
        reached |= grown
    assert reached == set(State)


def test_every_action_and_permission_is_used_and_known() -> None:
    assert {step.action for step in TRANSITIONS} == set(Action)
    assert {step.permission for step in TRANSITIONS} <= set(PERMISSIONS)


def test_a_state_and_an_action_have_one_outcome() -> None:
    keys = [(step.origin, step.action) for step in TRANSITIONS]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(("state", "action"), product(State, Action))
def test_a_pair_that_is_not_in_the_table_is_refused(state: State, action: Action) -> None:
    listed = [s for s in TRANSITIONS if (s.origin, s.action) == (state, action)]
    if listed:
        assert find_step(state, action) is listed[0]
    else:
        with pytest.raises(NotPossibleNow) as raised:
            find_step(state, action)
        assert all(
            str(possible).replace("_", " ") in raised.value.detail
            for possible in possible_actions(state)
        )


def test_no_path_leads_to_an_approval_without_a_review() -> None:
    without_review = [s for s in TRANSITIONS if s.permission != "assessment.review"]
    reached = {State.DRAFT}
    while grown := {s.target for s in without_review if s.origin in reached} - reached:
        reached |= grown
    assert not reached & VALID_APPROVALS


def test_only_the_approver_reaches_a_decision() -> None:
    assert {s.permission for s in TRANSITIONS if s.target in DECIDED} == {"assessment.decide"}


def test_states_that_wait_name_whom_they_wait_for() -> None:
    assert {s for s in State if possible_actions(s)} - set(WAITS_FOR) == VALID_APPROVALS
    assert all(WAITS_FOR[state] == "author" for state in WRITABLE)


def test_the_diagram_shows_every_transition() -> None:
    drawn = mermaid().splitlines()
    assert sum(" --> " in line and ": " in line for line in drawn) == len(TRANSITIONS)
