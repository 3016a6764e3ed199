"""How far a report is: who has signed, whose turn it is, and where its files are.

Files are named by their digest and the database names the current one, so that a process that dies
between file and commit leaves a stray file, never a wrong report.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Table, select

from assessments.errors import NotFound, NotPermitted, NotPossibleNow
from assessments.records.tables import assessment, decision, opinion, report, signature
from assessments.review.freeze import FrozenRecord, find_frozen
from assessments.settings import Home
from assessments.signing.roles import signers_of

RENDERED, SIGNED, RELEASED, PACKED = "rendered", "signed", "released", "packed"


@dataclass(frozen=True, slots=True)
class ReportState:
    """How far a report is: who has signed, whose turn it is, where its files are."""

    assessment_id: str
    revision: int
    state: str
    base_sha256: str
    file_sha256: str
    roles: tuple[str, ...]
    signed: tuple[str, ...]
    countersigned: tuple[str, ...]
    folder: Path

    @property
    def next_role(self) -> str | None:
        """Whose signature the PDF waits for."""
        return next((role for role in self.roles if role not in self.signed), None)

    @property
    def report_path(self) -> Path:
        """The PDF with the signatures so far."""
        return self.folder / f"report-{self.file_sha256[:16]}.pdf"

    @property
    def pack_path(self) -> Path:
        """The finished pack."""
        return self.folder / f"{self.assessment_id}-r{self.revision}.zip"


def find_report(connection: Connection, home: Home, assessment_id: str) -> ReportState:
    """The newest revision's report, or NotFound."""
    row = connection.execute(
        select(report).where(report.c.assessment_id == assessment_id)
        .order_by(report.c.revision.desc())
    ).mappings().first()  # fmt: skip
    if row is None:
        raise NotFound(
            f"Assessment {assessment_id} has no report yet", "It is rendered after the decision."
        )
    signed = connection.execute(
        select(signature.c.role).where(
            signature.c.assessment_id == assessment_id, signature.c.revision == row["revision"]
        )
    ).scalars().all()  # fmt: skip
    folder = home.reports / assessment_id / f"r{row['revision']}"
    roles = signing_roles(find_frozen(connection, assessment_id, row["revision"]))
    return ReportState(
        assessment_id,
        row["revision"],
        row["state"],
        row["base_sha256"],
        row["file_sha256"],
        roles,
        tuple(role for role in roles if role in signed),
        tuple(role for role in roles if (folder / f"{role}.sig.json").exists()),
        folder,
    )


def has_report(connection: Connection, frozen: FrozenRecord) -> bool:
    found = select(report.c.revision).where(
        report.c.assessment_id == frozen.assessment_id, report.c.revision == frozen.revision
    )
    return connection.execute(found).first() is not None


def signer_ids(connection: Connection, assessment_id: str) -> dict[str, str | None]:
    def latest(table: Table) -> str | None:
        found = select(table.c.by).where(table.c.assessment_id == assessment_id)
        return connection.execute(found.order_by(table.c.round.desc())).scalar()

    author = connection.execute(
        select(assessment.c.author_id).where(assessment.c.id == assessment_id)
    ).scalar_one()
    return {"author": author, "dpo": latest(opinion), "approver": latest(decision)}


def signing_roles(frozen: FrozenRecord) -> tuple[str, ...]:
    """Who signs this revision, as its record says."""
    return signers_of(json.loads(frozen.record))


def check_signers(connection: Connection, frozen: FrozenRecord) -> None:
    """Raise NotPossibleNow when nobody signs this kind, or somebody who should has not acted."""
    roles = signing_roles(frozen)
    people = signer_ids(connection, frozen.assessment_id)
    if not roles or any(people[role] is None for role in roles):
        raise NotPossibleNow(
            "This assessment is not signed",
            f"Its kind is signed by: {', '.join(roles) or 'nobody'}. Each has to have acted in it.",
        )


def role_of(connection: Connection, current: ReportState, person_id: str) -> str:
    """The role in which this person signs, or NotPermitted."""
    people = signer_ids(connection, current.assessment_id)
    for role in current.roles:
        if people[role] == person_id:
            return role
    raise NotPermitted(
        "You do not sign this report",
        f"Those who acted in it do: {', '.join(current.roles)}.",
    )


def check_turn(current: ReportState, role: str) -> None:
    """Raise NotPossibleNow unless this role signs next."""
    if role in current.signed:
        raise NotPossibleNow("You have signed this report already")
    if role != current.next_role:
        raise NotPossibleNow(
            f"It is the turn of the {current.next_role}", "Signatures are added in a fixed order."
        )
