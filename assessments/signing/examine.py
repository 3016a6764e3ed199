"""All checks of a pack or report, in this process; ``verify`` runs them in one with limits."""

from __future__ import annotations

from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from assessments.errors import WorkbenchError
from assessments.ledger.timestamp import read_root, verify_response
from assessments.reports.pack import STAMP_ROOT
from assessments.reports.record import Record
from assessments.signing.edition_checks import examine_edition
from assessments.signing.evidence import Evidence, Policy, read_certificate
from assessments.signing.ledger_checks import check_age, check_frozen, check_released
from assessments.signing.pack_checks import (
    check_contents,
    check_evidence,
    check_pins,
    check_statement,
)
from assessments.signing.pdf_checks import (
    SignedReport,
    check_archive,
    check_signatures,
    read_signed,
    readable,
    unreadable,
)
from assessments.signing.record_checks import check_record, check_rendering, check_roles
from assessments.signing.roles import signers_of
from assessments.signing.status_checks import check_status
from assessments.signing.verification import (
    Check,
    Verification,
    incomplete,
    invalid,
    judge,
    valid,
)


def examine(
    evidence: Evidence,
    root: x509.Certificate | None,
    policy: Policy,
    now: datetime,
    status: bytes | None = None,
) -> Verification:
    """Every check that the evidence allows; those that it does not allow are named INCOMPLETE.

    status: the published list of releases that still stand.
    """
    if evidence.is_edition:
        checks = examine_edition(evidence, root, policy, now)
        return Verification.of([_check_root(root, policy), *checks])
    checks = _check_report(evidence, root, policy, now)
    if status is not None:
        checks.append(check_status(status, evidence.report, policy.vkey or evidence.vkey))
    return Verification.of(checks)


def _check_report(
    evidence: Evidence, root: x509.Certificate | None, policy: Policy, now: datetime
) -> list[Check]:
    record_check, record, attached = check_record(evidence.report)
    roles = policy.roles or signers_of({} if record is None else record.content)
    checks = [_check_root(root, policy), record_check]
    if not roles:
        return [*checks, invalid("signing roles", "nobody signs this kind of assessment")]
    try:
        signed = read_signed(evidence.report)
        checks += [
            readable(),
            *check_signatures(signed, roles, _persons(record, policy), root, now),
        ]
    except Exception as error:
        return [*checks, unreadable(error)]
    checks += check_archive(signed, _stamp_root(evidence))
    if record is None:
        return checks
    checks.append(check_roles(record))
    checks.append(_check_rendering(evidence.report, record, attached, checks))
    checks.append(check_frozen(record, attached, policy.vkey or evidence.vkey))
    return [*checks, *_check_pack(evidence, signed, record, root, policy, now)]


def _check_root(root: x509.Certificate | None, policy: Policy) -> Check:
    name = "trust root"
    if root is None:
        return incomplete(
            name, "none given; the root in a pack proves nothing by itself: --trust ROOT"
        )
    fingerprint = root.fingerprint(hashes.SHA256()).hex()
    expected = (policy.root_sha256 or fingerprint).lower().replace(":", "")
    problems = [] if fingerprint == expected else ["the root is not the one that the policy names"]
    return judge(name, problems, f"SHA-256 {fingerprint}")


def _persons(record: Record | None, policy: Policy) -> dict[str, str]:
    """Who has to have signed: the policy's people, else those of the record."""
    named = {} if record is None else {p["role"]: p["id"] for p in record.content["people"]}
    return named | dict(policy.persons)


def _check_rendering(
    pdf: bytes, record: Record, attached: dict[str, bytes], checks: list[Check]
) -> Check:
    """Only what trusted people signed is typeset again: hostile content costs nothing."""
    if any(check.verdict == "INVALID" for check in checks):
        return incomplete("rendering", "not checked, since another check failed")
    return check_rendering(pdf, record, attached)


def _check_pack(
    evidence: Evidence,
    signed: SignedReport,
    record: Record,
    root: x509.Certificate | None,
    policy: Policy,
    now: datetime,
) -> list[Check]:
    if not evidence.is_pack:
        why = "not checked: a report alone cannot prove its own release; verify its pack"
        return [incomplete("released in the ledger", why), incomplete("statement", why)]
    files, roles = evidence.files, policy.roles or signers_of(record.content)
    contents = check_contents(files, record)
    if contents.verdict != "VALID":
        return [contents]
    anchor = root or read_certificate(files["root.crt"])
    lists = [revocations.dump() for revocations in signed.revocation_lists]
    vkey = files["vkey"].decode("utf-8", "replace").strip()
    checks = [contents, check_pins(files, root, policy), check_evidence(files, record)]
    checks += check_statement(files, record, roles, anchor, lists, now)
    checks.append(check_released(files, evidence.report, record, vkey))
    checks.append(check_age(files, policy, now))
    return [*checks, *_check_token(files, _stamp_root(evidence))]


def _stamp_root(evidence: Evidence) -> bytes | None:
    """The time-stamping authority's root that the signers stated along with the other files."""
    return read_root(evidence.files[STAMP_ROOT]) if STAMP_ROOT in evidence.files else None


def _check_token(files: dict[str, bytes], authority: bytes | None) -> list[Check]:
    name = "time-stamp of the checkpoint"
    if "checkpoint.tsr" not in files:
        return []
    if authority is None:
        return [incomplete(name, "not checked: no root of the time-stamping authority at hand")]
    try:
        at = verify_response(files["checkpoint.tsr"], files["checkpoint"], authority)
    except WorkbenchError as error:
        return [invalid(name, error.title)]
    return [valid(name, f"the ledger had this entry by {at:%Y-%m-%d %H:%M:%S} UTC")]
