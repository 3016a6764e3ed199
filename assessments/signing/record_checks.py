"""The record in a report: what is attached, whether it is canonical, and whether the pages show it."""

from __future__ import annotations

import io
import time

import pikepdf

from assessments.errors import WorkbenchError
from assessments.questionnaire.library import find_template
from assessments.reports.record import Record, read_record
from assessments.reports.render import layout_digests, render_report
from assessments.signing.attachments import read_attachments
from assessments.signing.roles import signers_for, signers_of
from assessments.signing.verification import Check, incomplete, invalid, judge, valid

RECORD = "assessment.json"
FROZEN = ("frozen.tlog-proof", "checkpoint", "frozen.json")


def check_record(pdf: bytes) -> tuple[Check, Record | None, dict[str, bytes]]:
    """Exactly the expected attachments, and a record in canonical form that fits its schema."""
    name = "attached record"
    try:
        attached = read_attachments(pdf)
        extra = set(attached) - {RECORD, *FROZEN}
        if extra or RECORD not in attached:
            found = ", ".join(sorted(attached)) or "nothing"
            return invalid(name, f"attached: {found}"[:200]), None, attached
        record = read_record(attached[RECORD])
    except WorkbenchError as error:
        return invalid(name, f"{error.title} {error.detail}".strip()), None, {}
    return valid(name, f"canonical JSON, SHA-256 {record.sha256}"), record, attached


def check_roles(record: Record) -> Check:
    """A kind of assessment that is known here is signed by whom its template says, and no fewer."""
    name, roles = "signing roles", signers_of(record.content)
    told, is_advised = record.content["template"], record.content["opinion"] is not None
    try:
        template = find_template(told["id"], told["version"])
    except WorkbenchError:
        template = None
    if template is None or template.sha256 != told["sha256"] or "signers" not in record.content:
        return valid(name, f"{', '.join(roles)}, as the record says")
    expected = signers_for(template.signers, is_advised=is_advised)
    problems = [] if roles == expected else [f"{', '.join(roles)} instead of {', '.join(expected)}"]
    return judge(name, problems, f"{', '.join(roles)}, as the template {template.id} says")


def check_rendering(pdf: bytes, record: Record, attached: dict[str, bytes]) -> Check:
    """The signed file begins with what the attached record renders to, byte for byte.

    This catches content hidden before anybody signed, which no signature can show.
    """
    name = "rendering"
    if _layout(pdf) != layout_digests()["templates"]:
        return incomplete(name, "not checked: the report was typeset with another layout version")
    started = time.monotonic()
    try:
        base = render_report(
            record.data,
            proof=attached.get("frozen.tlog-proof"),
            checkpoint=attached.get("checkpoint"),
            entry=attached.get("frozen.json"),
        )
    except (WorkbenchError, UnicodeDecodeError) as error:
        return invalid(name, f"the attached record cannot be typeset: {error}"[:200])
    problems = [] if pdf.startswith(base) else ["the pages are not what the attached record says"]
    seconds = time.monotonic() - started
    return judge(
        name, problems, f"the record renders to the same {len(base)} bytes ({seconds:.1f} s)"
    )


def _layout(pdf: bytes) -> str | None:
    """The layout digest that the file claims in its keywords."""
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            words = str(document.docinfo.get("/Keywords", "")).split(", ")
    except (pikepdf.PdfError, ValueError):
        return None
    return next((w.removeprefix("layout ") for w in words if w.startswith("layout ")), None)
