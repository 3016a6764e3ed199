"""The screenings of an office and what each found, negative ones first of all.

A decision not to make an impact assessment has to be justified and documented, with the view of the
data protection officer (WP248 rev.01, section III.B(a)); GDPR Art. 5(2) asks to be able to show it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, select

from assessments.questionnaire import Outcome, list_templates, screening_outcome
from assessments.questionnaire.current import load_in
from assessments.records.tables import assessment, signature
from assessments.review.decisions import latest_decision, latest_opinion
from assessments.signing.roles import in_order, signers_for

NEGATIVE = "no_dpia"


@dataclass(frozen=True, slots=True)
class Screening:
    """One screening; decided_on and advice are None while nobody has decided or advised."""

    assessment_id: str
    title: str
    project_id: str
    state: str
    outcome: Outcome
    advice: str | None
    decision: str | None
    reason: str
    decided_at: datetime | None
    signers: tuple[str, ...]
    signed: tuple[str, ...]

    @property
    def is_negative(self) -> bool:
        """Whether it found that no impact assessment is needed."""
        return self.outcome.level == NEGATIVE

    @property
    def is_signed(self) -> bool:
        return self.signed == self.signers


def list_screenings(
    connection: Connection, can_read: Callable[[str], bool] = lambda project: True
) -> list[Screening]:
    """Every screening of the projects that may be read, the newest change first."""
    kinds = [template.id for template in list_templates() if template.kind == "screening"]
    rows = connection.execute(
        select(assessment)
        .where(assessment.c.template_id.in_(kinds))
        .order_by(assessment.c.updated_at.desc(), assessment.c.id)
    ).mappings().all()  # fmt: skip
    readable = {project for project in {row["project_id"] for row in rows} if can_read(project)}
    return [_screening(connection, row) for row in rows if row["project_id"] in readable]


def _screening(connection: Connection, row: RowMapping) -> Screening:
    found = load_in(connection, row["id"])
    advice = latest_opinion(connection, row["id"])
    decision = latest_decision(connection, row["id"])
    return Screening(
        assessment_id=row["id"],
        title=row["title"],
        project_id=row["project_id"],
        state=row["state"],
        outcome=screening_outcome(found.template, found.answers),
        advice=advice["position"] if advice else None,
        decision=decision["outcome"] if decision else None,
        reason=decision["reason"] if decision else "",
        decided_at=decision["at"] if decision else None,
        signers=signers_for(found.template.signers, is_advised=advice is not None),
        signed=_signed(connection, row["id"]),
    )


def _signed(connection: Connection, assessment_id: str) -> tuple[str, ...]:
    """Who has signed the newest report, in the order of signing."""
    rows = connection.execute(
        select(signature.c.role, signature.c.revision).where(
            signature.c.assessment_id == assessment_id
        )
    ).all()
    newest = max((row.revision for row in rows), default=0)
    done = {row.role for row in rows if row.revision == newest}
    return in_order(done)
