"""The pack of a redacted edition: its pages, its proof, and the original signers' statement."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from assessments.errors import NotPossibleNow
from assessments.files import replace_file
from assessments.questionnaire.current import find_assessment
from assessments.records.actor import Actor
from assessments.records.permissions import check_permission
from assessments.records.store import Event, Records
from assessments.reports.pack import ENVELOPE, RECORD, REPORT, Pack
from assessments.reports.record import read_record
from assessments.reports.redaction import pointers, read_edition, redact, stand_in
from assessments.reports.render import render_report
from assessments.reports.state import PACKED, find_report
from assessments.settings import Home
from assessments.signing.evidence import REDACTED, read_certificate
from assessments.signing.pdf_checks import read_signed
from assessments.signing.roles import signers_of

PAGES, LIST = "redacted.pdf", "issuing.crl"
TAKEN_OVER = (
    ENVELOPE, "released.json", "report.tlog-proof", "checkpoint", "vkey", "root.crt",
    "issuing.crt",
)  # fmt: skip
PERMISSION = "report.release"


@dataclass(frozen=True, slots=True)
class Edition:
    """A finished edition and how many parts it hides."""

    path: Path
    sha256: str
    hidden: int


def make_edition(original: dict[str, bytes], choices: frozenset[str]) -> tuple[Pack, int]:
    """The edition of a finished pack; what may be hidden is said in ``redaction``."""
    record = read_record(original[RECORD])
    hidden = pointers(record, choices)
    data = redact(record, hidden)
    pages = render_report(stand_in(read_edition(data), record.sha256).data)
    named = (*TAKEN_OVER, *(f"{role}.crt" for role in signers_of(record.content)))
    taken = {name: original[name] for name in named}
    return Pack({**taken, LIST: _list(original), REDACTED: data, PAGES: pages}), len(hidden)


def _list(original: dict[str, bytes]) -> bytes:
    """The issuing authority's revocation list, which travels in the signed report."""
    issuing = read_certificate(original["issuing.crt"]).subject.public_bytes()
    lists = read_signed(original[REPORT]).revocation_lists
    return next(bytes(found.dump()) for found in reversed(lists) if found.issuer.dump() == issuing)


def publish(
    records: Records,
    home: Home,
    actor: Actor,
    assessment_id: str,
    choices: frozenset[str],
    target: Path,
) -> Edition:
    """Write the edition of an assessment's finished pack, and enter that in the ledger."""
    with records.change(actor) as change:
        scope = find_assessment(change.connection, assessment_id)["project_id"]
        check_permission(change.connection, actor, PERMISSION, scope, change.now)
        current = find_report(change.connection, home, assessment_id)
        if current.state != PACKED:
            raise NotPossibleNow("There is no finished pack to make an edition of yet")
        with zipfile.ZipFile(BytesIO(current.pack_path.read_bytes())) as archive:
            original = {name: archive.read(name) for name in archive.namelist()}
        pack, hidden = make_edition(original, choices)
        data = pack.zip()
        digest = hashlib.sha256(data).hexdigest()
        facts = {"revision": current.revision, "sha256": digest, "hidden": hidden}
        change.apply(
            Event("report.redacted", "assessment", assessment_id, PERMISSION, scope, facts)
        )
        replace_file(target, data)
    return Edition(target, digest, hidden)
