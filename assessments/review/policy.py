"""How a kind of assessment is reviewed, as dated data (``templates/packs/review_policy.yaml``).

It stands beside the templates, not in them: a change of the office's policy must not change the
digest of a template that answers were given to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assessments.questionnaire import load_pack
from assessments.questionnaire.template import Template

PACK = "review_policy"
DEFAULT = "default"
MOST_REVIEWERS = 2


@dataclass(frozen=True, slots=True)
class ViewsQuestions:
    """The questions of a template about the views of the people concerned (GDPR Art. 35(9))."""

    sought: str
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class Policy:
    """Empty names: the template asks nothing of the kind."""

    reviewers: int
    is_blind: bool
    review_on: str
    review_after: str
    consultation: str
    views: ViewsQuestions | None


def policy_of(template: Template) -> Policy:
    """The policy for a template; the default one where the office says nothing of its own."""
    pack = load_pack(PACK)
    said: Any = pack.entry(template.id) or pack.entry(DEFAULT) or {}
    views = ViewsQuestions(
        *(said.get(name, "") for name in ("views_sought", "views", "views_reason"))
    )
    return Policy(
        reviewers=min(int(said.get("reviewers", 1)), MOST_REVIEWERS),
        is_blind=bool(said.get("blind", True)),
        review_on=_asked(template, said.get("review_on", "")),
        review_after=said.get("review_after", ""),
        consultation=_asked(template, said.get("consultation", "")),
        views=views if _asked(template, views.sought) else None,
    )


def _asked(template: Template, question_id: str) -> str:
    """The question, when this version of the template has it."""
    return question_id if question_id in template.by_id else ""
