"""Every role in every state with every action, tried on a real store against ``who_may_act.md``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from assessments.errors import NotPermitted, NotPossibleNow
from assessments.questionnaire.current import find_assessment
from assessments.records import Actor, Records, people
from assessments.records.permissions import ROLES
from assessments.records.store import Change
from assessments.records.tables import assessment
from assessments.review.lifecycle import Action, State
from assessments.review.moves import move

THE_PRODUCT = "the product"
SPEC = Path(__file__).with_name("who_may_act.md")


def listed() -> dict[tuple[str, str], tuple[str, frozenset[str]]]:
    """State and action to where they lead and who may."""
    rows = [
        [cell.strip() for cell in line.strip("|\n ").split("|")]
        for line in SPEC.read_text("utf-8").splitlines()
        if line.startswith("|") and not line.startswith(("| state", "|---"))
    ]
    return {(r[0], r[1]): (r[2], frozenset(x.strip() for x in r[3].split(","))) for r in rows}


@pytest.fixture(scope="module")
def change(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Change]:
    """A transaction that holds one person a role and one assessment; nothing of it is kept."""
    folder = tmp_path_factory.mktemp("roles")
    records = Records.open(f"sqlite:///{folder / 'records.sqlite'}")
    with records.change(Actor.system("test")) as setting:
        people.add_person(setting, "writer", "writer")
        for role in ROLES:
            people.add_person(setting, role, role)
            people.grant_role(setting, role, role, reason="test")
        now = setting.now
        setting.connection.execute(
            insert(assessment).values(
                id="a", template_id="screening", template_version="1.1", title="A",
                project_id="p", language="en", context={}, state="draft", round=1,
                author_id="writer", created_at=now, updated_at=now, version=1,
            )
        )  # fmt: skip
    connection = records.engine.connect()
    connection.begin()
    yield Change(connection, Actor.system("test"), now)
    connection.close()
    records.close()


def attempt(change: Change, role: str, state: State, action: Action) -> str:
    """Where the action leads; empty when it is refused. Undone in any case."""
    actor = Actor.system("expiry") if role == THE_PRODUCT else Actor.person(role)
    with change.connection.begin_nested() as undo:
        change.connection.execute(update(assessment).values(state=state.value))
        row = find_assessment(change.connection, "a")
        try:
            move(Change(change.connection, actor, change.now), row, action)
            return str(find_assessment(change.connection, "a")["state"])
        except (NotPermitted, NotPossibleNow):
            return ""
        finally:
            undo.rollback()


@pytest.mark.parametrize("role", [*ROLES, THE_PRODUCT])
def test_a_role_can_do_what_the_table_lists_and_nothing_else(change: Change, role: str) -> None:
    spec = listed()
    for state, action in product(State, Action):
        leads_to, roles = spec.get((state.value, action.value), ("", frozenset()))
        wanted = leads_to if role in roles else ""
        assert attempt(change, role, state, action) == wanted, (role, state, action)


def test_the_table_names_known_states_actions_and_roles_only() -> None:
    for (state, action), (leads_to, roles) in listed().items():
        assert {state, leads_to} <= set(State)
        assert action in set(Action)
        assert roles <= {*ROLES, THE_PRODUCT}
