"""The views of the people concerned: how they were sought, what came of it, or why they were not.

GDPR Art. 35(9) asks for them where appropriate, and WP248 rev.01, section III.D for the reason where
not. A template that asks for them itself is read; for any other the office may record them here.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from assessments.errors import BadInput, NotPossibleNow
from assessments.questionnaire import Assessment, View, load_in
from assessments.questionnaire.current import find_assessment
from assessments.questionnaire.template import Template
from assessments.records.actor import Actor
from assessments.records.store import Event, Records
from assessments.review.lifecycle import WAITS_FOR
from assessments.review.policy import ViewsQuestions, policy_of
from assessments.review.tables import subjects_view


@dataclass(frozen=True, slots=True)
class Views:
    """was_sought is None while nobody has said; questions are those of the template, if it asks."""

    was_sought: bool | None
    how: str
    outcome: str
    reason: str
    questions: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Sought with an outcome, or not sought with a reason."""
        if self.was_sought is None:
            return False
        return bool((self.outcome if self.was_sought else self.reason).strip())


def find_views(connection: Connection, assessment_id: str) -> Views | None:
    """What is known of the views; None where neither template nor office speaks of them."""
    found = load_in(connection, assessment_id)
    asked = policy_of(found.template).views
    if asked is not None:
        return _answered(found, asked)
    row = connection.execute(
        select(subjects_view)
        .where(subjects_view.c.assessment_id == assessment_id)
        .order_by(subjects_view.c.round.desc())
    ).first()
    return None if row is None else Views(row.was_sought, row.how, row.outcome, row.reason)


def asks_views(template: Template) -> bool:
    """Whether the template asks for the views itself; then they are answers, and not recorded here."""
    return policy_of(template).views is not None


def record_views(records: Records, actor: Actor, assessment_id: str, views: Views) -> None:
    """Record the views for a kind of assessment that does not ask for them."""
    if not views.is_complete or (views.was_sought and not views.how.strip()):
        raise BadInput(
            "Say how they were asked and what came of it, or why not",
            "GDPR Art. 35(9) asks for the views where that is appropriate.",
            field="views",
        )
    with records.change(actor) as change:
        row = find_assessment(change.connection, assessment_id)
        if row["state"] not in WAITS_FOR:
            raise NotPossibleNow("The assessment is decided")
        if asks_views(load_in(change.connection, assessment_id).template):
            raise NotPossibleNow(
                "The assessment asks for the views itself", "Answer its questions.", field="views"
            )
        key = {"assessment_id": assessment_id, "round": row["round"]}
        said = {"how": views.how, "outcome": views.outcome, "reason": views.reason}
        change.apply(
            Event("views.recorded", "assessment", assessment_id, "views.record", row["project_id"],
                  {"round": row["round"], "sought": views.was_sought}, said),
            delete(subjects_view).where(*(subjects_view.c[n] == v for n, v in key.items())),
            insert(subjects_view).values(
                **key, **said, was_sought=views.was_sought, by=actor.person_id, at=change.now),
        )  # fmt: skip


def _answered(found: Assessment, asked: ViewsQuestions) -> Views:
    view = View(found.template, found.answers)
    names = (asked.sought, asked.outcome, asked.reason)
    sought, outcome, reason = (
        str(answer.value or "") if name and (answer := view.answer(name)) else "" for name in names
    )
    was_sought = {"yes": True, "no": False}.get(sought)
    return Views(was_sought, "", outcome, reason, tuple(name for name in names if name))
