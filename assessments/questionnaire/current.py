"""An assessment as it stands: its template, its answers, and whether it is ready to be sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

from sqlalchemy import Connection, RowMapping, select

from assessments.errors import NotFound, NotPossibleNow
from assessments.questionnaire import stored
from assessments.questionnaire.answers import Answer
from assessments.questionnaire.deviations import Deviation, judge, read_deviations
from assessments.questionnaire.groups import expand
from assessments.questionnaire.library import find_template
from assessments.questionnaire.progress import blockers, tasks
from assessments.questionnaire.scales import rescale
from assessments.questionnaire.template import Section, Severity, Template
from assessments.questionnaire.text import answer_text
from assessments.questionnaire.view import View, visible_questions
from assessments.records.store import Records
from assessments.records.tables import assessment, contributor
from assessments.review.lifecycle import WRITABLE

if TYPE_CHECKING:
    import pandas as pd

MAX_LISTED = 5


@dataclass(frozen=True, slots=True, repr=False)
class Assessment:
    """An assessment with its template and answers (cleared ones are not there)."""

    id: str
    title: str
    template: Template
    project_id: str
    state: str
    round: int
    author_id: str
    contributors: frozenset[str]
    answers: Mapping[str, Answer]
    versions: Mapping[str, int]
    saved_at: Mapping[str, datetime]
    subject: Mapping[str, str]
    language: str
    version: int
    created_at: datetime
    updated_at: datetime
    deviations: tuple[Deviation, ...] = ()

    def __repr__(self) -> str:
        answered = f"{len(self.answers)} of {len(visible_questions(self.template, self.answers))}"
        return f"<Assessment {self.id} '{self.title}' {self.state}, {answered} answered>"

    def to_frame(self) -> pd.DataFrame:
        """One line a question that is asked, for notebooks."""
        import pandas as pd

        asked = visible_questions(self.template, self.answers)
        rows = [
            (q.section_id, q.id, q.title, answer_text(self.template, self.answers, q.id))
            for q in asked
        ]
        return pd.DataFrame(rows, columns=["section", "question", "title", "answer"])

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(task.title)}</td><td>{task.status.replace('_', ' ')}</td>"
            f"<td>{task.answered} of {task.asked}</td></tr>"
            for task in tasks(self.template, self.answers)
        )
        head = f"<b>{escape(self.title)}</b> ({escape(self.id)}, {self.state})"
        return f"{head}<table><tr><th>Task</th><th>Status</th><th>Answered</th></tr>{rows}</table>"

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections that apply under the present answers; only these are reviewed."""
        view = View(self.template, self.answers)
        return tuple(s for s in self.template.sections if view.is_section_visible(s))

    @property
    def is_writable(self) -> bool:
        return self.state in WRITABLE

    def can_write(self, person_id: str) -> bool:
        """Whether pages should offer to change answers to this person."""
        return self.is_writable and person_id in {self.author_id, *self.contributors}


def load(records: Records, assessment_id: str) -> Assessment:
    """The assessment as it stands."""
    with records.read() as connection:
        return load_in(connection, assessment_id)


def load_in(connection: Connection, assessment_id: str) -> Assessment:
    """The assessment as it stands, inside somebody else's transaction."""
    row = find_assessment(connection, assessment_id)
    found = stored.read_all(connection, assessment_id)
    answers = {name: item.answer for name, item in found.items() if item.answer is not None}
    return Assessment(
        id=row["id"],
        title=row["title"],
        template=rescale(expand(template_for(row), answers, found), answers),
        project_id=row["project_id"],
        state=row["state"],
        round=row["round"],
        author_id=row["author_id"],
        contributors=contributors_of(connection, assessment_id),
        answers=answers,
        versions={name: item.version for name, item in found.items()},
        saved_at={name: item.updated_at for name, item in found.items()},
        subject=row["context"].get("subject", {"project": row["project_id"]}),
        language=row["language"],
        version=row["version"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        deviations=read_deviations(connection, assessment_id),
    )


def template_of(connection: Connection, assessment_id: str) -> Template:
    """The template in the version that the assessment began with."""
    return template_in(connection, find_assessment(connection, assessment_id))


def check_ready(connection: Connection, assessment_id: str) -> None:
    """Raise NotPossibleNow while something blocks sending for review or approval."""
    found = load_in(connection, assessment_id)
    stopping = blockers(found.template, found.answers, found.deviations)
    if stopping:
        shown = "; ".join(blocker.text for blocker in stopping[:MAX_LISTED])
        more = len(stopping) - MAX_LISTED
        raise NotPossibleNow(
            f"The assessment is not complete: {len(stopping)} things are open",
            shown + (f"; and {more} more" if more > 0 else ""),
            field=stopping[0].question_id,
        )


def check_approvable(connection: Connection, assessment_id: str) -> None:
    """Raise NotPossibleNow while a rule allows rejection or conditions, but no plain approval."""
    found = load_in(connection, assessment_id)
    against = [
        judged.finding
        for judged in judge(found.template, found.answers, found.deviations)
        if judged.is_open and judged.finding.severity is Severity.APPROVAL
    ]
    if against:
        raise NotPossibleNow(
            f"{len(against)} findings stand against an approval without conditions",
            "; ".join(finding.text for finding in against[:MAX_LISTED]),
            field=against[0].question,
        )


def find_assessment(connection: Connection, assessment_id: str) -> RowMapping:
    """The assessment's row, or NotFound."""
    row = connection.execute(
        select(assessment).where(assessment.c.id == assessment_id)
    ).mappings().first()  # fmt: skip
    if row is None:
        raise NotFound(f"There is no assessment {assessment_id}", field="assessment")
    return row


def template_for(row: RowMapping) -> Template:
    """The template in the version and language of this row."""
    return find_template(row["template_id"], row["template_version"], row["language"])


def template_in(connection: Connection, row: RowMapping) -> Template:
    """The template of this row with every instance that is listed now, and the chosen scale."""
    template = template_for(row)
    deciding = {section.id for section in template.sections if section.register}
    deciding |= {template.record.levels, template.record.meanings} - {""}
    found = {name: stored.read_one(connection, row["id"], name) for name in sorted(deciding)}
    answers = {name: item.answer for name, item in found.items() if item and item.answer}
    return rescale(expand(template, answers), answers)


def contributors_of(connection: Connection, assessment_id: str) -> frozenset[str]:
    """Whom the author lets write too."""
    found = connection.execute(
        select(contributor.c.person_id).where(contributor.c.assessment_id == assessment_id)
    )
    return frozenset(found.scalars())
