"""The life of an assessment as one transition table; pages, core and docs read the same rows.

Sources: GDPR Art. 35(1) (before the processing), 35(2) (advice of the DPO), 35(11) (review),
Art. 36 (prior consultation); ISO/IEC 29134 clause 6.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assessments.errors import NotPossibleNow


class State(StrEnum):
    """Where an assessment stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    OPINION = "opinion"
    DECISION_PENDING = "decision_pending"
    APPROVED = "approved"
    APPROVED_WITH_CONDITIONS = "approved_with_conditions"
    REJECTED = "rejected"
    PRIOR_CONSULTATION = "prior_consultation"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"


class Action(StrEnum):
    """What moves it."""

    SUBMIT = "submit"
    TAKE_UP = "take_up"
    RETURN = "return"
    ACCEPT = "accept"
    FORWARD = "forward"
    ADVISE = "advise"
    APPROVE = "approve"
    APPROVE_WITH_CONDITIONS = "approve_with_conditions"
    REJECT = "reject"
    CONSULT = "consult"
    RESUME = "resume"
    WITHDRAW = "withdraw"
    SUPERSEDE = "supersede"
    EXPIRE = "expire"


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table: who may do it, and what it leads to."""

    origin: State
    action: Action
    target: State
    permission: str


TRANSITIONS: tuple[Step, ...] = (
    Step(State.DRAFT, Action.SUBMIT, State.SUBMITTED, "assessment.submit"),
    Step(State.RETURNED, Action.SUBMIT, State.SUBMITTED, "assessment.submit"),
    Step(State.SUBMITTED, Action.TAKE_UP, State.IN_REVIEW, "assessment.review"),
    Step(State.IN_REVIEW, Action.RETURN, State.RETURNED, "assessment.review"),
    Step(State.IN_REVIEW, Action.ACCEPT, State.OPINION, "assessment.review"),
    Step(State.IN_REVIEW, Action.FORWARD, State.DECISION_PENDING, "assessment.review"),
    Step(State.OPINION, Action.ADVISE, State.DECISION_PENDING, "assessment.opinion"),
    Step(State.DECISION_PENDING, Action.APPROVE, State.APPROVED, "assessment.decide"),
    Step(
        State.DECISION_PENDING,
        Action.APPROVE_WITH_CONDITIONS,
        State.APPROVED_WITH_CONDITIONS,
        "assessment.decide",
    ),
    Step(State.DECISION_PENDING, Action.REJECT, State.REJECTED, "assessment.decide"),
    Step(State.DECISION_PENDING, Action.RETURN, State.RETURNED, "assessment.decide"),
    Step(State.DECISION_PENDING, Action.CONSULT, State.PRIOR_CONSULTATION, "assessment.decide"),
    Step(State.PRIOR_CONSULTATION, Action.RESUME, State.DECISION_PENDING, "assessment.decide"),
    Step(State.DRAFT, Action.WITHDRAW, State.WITHDRAWN, "assessment.withdraw"),
    Step(State.RETURNED, Action.WITHDRAW, State.WITHDRAWN, "assessment.withdraw"),
    Step(State.SUBMITTED, Action.WITHDRAW, State.WITHDRAWN, "assessment.withdraw"),
    Step(State.APPROVED, Action.SUPERSEDE, State.SUPERSEDED, "assessment.decide"),
    Step(State.APPROVED_WITH_CONDITIONS, Action.SUPERSEDE, State.SUPERSEDED, "assessment.decide"),
    Step(State.APPROVED, Action.EXPIRE, State.EXPIRED, "assessment.expire"),
    Step(State.APPROVED_WITH_CONDITIONS, Action.EXPIRE, State.EXPIRED, "assessment.expire"),
)

WRITABLE = frozenset({State.DRAFT, State.RETURNED})
DECIDED = frozenset({State.APPROVED, State.APPROVED_WITH_CONDITIONS, State.REJECTED})
VALID_APPROVALS = frozenset({State.APPROVED, State.APPROVED_WITH_CONDITIONS})

WAITS_FOR: dict[State, str] = {
    State.DRAFT: "author",
    State.RETURNED: "author",
    State.SUBMITTED: "reviewer",
    State.IN_REVIEW: "reviewer",
    State.OPINION: "dpo",
    State.DECISION_PENDING: "approver",
    State.PRIOR_CONSULTATION: "supervisory authority",
}

_BY_KEY = {(step.origin, step.action): step for step in TRANSITIONS}


def find_step(state: str, action: Action) -> Step:
    """The row for this state and action, or NotPossibleNow saying what is possible."""
    step = _BY_KEY.get((State(state), action))
    if step is None:
        possible = ", ".join(possible_actions(state)) or "nothing more"
        raise NotPossibleNow(
            f"'{_words(action)}' is not possible while the assessment is {_words(state)}",
            f"Possible now: {possible.replace('_', ' ')}.",
            field="action",
        )
    return step


def possible_actions(state: str) -> list[Action]:
    """The actions that leave this state, in table order."""
    return [step.action for step in TRANSITIONS if step.origin == state]


def mermaid() -> str:
    """The table as a Mermaid state diagram, for the reference docs."""
    lines = ["stateDiagram-v2", "    [*] --> draft"]
    lines += [f"    {step.origin} --> {step.target}: {step.action}" for step in TRANSITIONS]
    ends = [state for state in State if not possible_actions(state)]
    return "\n".join(lines + [f"    {state} --> [*]" for state in ends]) + "\n"


def _words(name: str) -> str:
    return name.replace("_", " ")
