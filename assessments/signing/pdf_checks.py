"""The signatures of a report, each against its role, its person and the pinned root.

Third-party readers accept a file cut back to its first signature, junk after the end, and bytes in
a signature's container that nothing signs. These checks do not.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import x509 as asn1_x509
from asn1crypto.crl import CertificateList
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from assessments.errors import WorkbenchError
from assessments.signing.archive import FIELD, stamp_of, validate
from assessments.signing.certificates import RSA_BITS, person_of
from assessments.signing.cms_checks import check_container
from assessments.signing.verification import Check, incomplete, invalid, judge, valid

MAX_REVISIONS = 16
MAX_OBJECTS = 200_000
_CLOCK_TOLERANCE = timedelta(minutes=5)
_UNREADABLE = "signatures"
_LEVELS = {"author": MDPPerm.FILL_FORMS, "approver": MDPPerm.NO_CHANGES}


@dataclass(frozen=True, slots=True)
class SignedReport:
    """A report whose structure could be read, and its signatures in the order of signing."""

    data: bytes
    reader: Any
    signatures: tuple[Any, ...]
    stamp: Any | None
    revocation_lists: tuple[Any, ...]
    certificates: tuple[Any, ...]


def read_signed(data: bytes) -> SignedReport:
    """Parse strictly; any exception means that the file is damaged or hostile."""
    if data.count(b"startxref") > MAX_REVISIONS or data.count(b" obj") > MAX_OBJECTS:
        raise ValueError("more revisions or objects than a report has")
    reader = PdfFileReader(io.BytesIO(data), strict=True)
    signatures, stamp = tuple(reader.embedded_regular_signatures), stamp_of(reader)
    if "/DSS" not in reader.root:
        return SignedReport(data, reader, signatures, stamp, (), ())
    store = DocumentSecurityStore.read_dss(reader)
    lists = tuple(CertificateList.load(entry.get_object().data) for entry in store.crls)
    return SignedReport(data, reader, signatures, stamp, lists, tuple(store.load_certs()))


def check_signatures(
    report: SignedReport,
    roles: Sequence[str],
    persons: dict[str, str],
    root: x509.Certificate | None,
    now: datetime,
) -> list[Check]:
    """Fields, whole file, and one check a role."""
    names = [signature.field_name for signature in report.signatures]
    checks = [
        _check_fields(report, names, roles),
        _check_extent(report, roles),
    ]
    if names != list(roles):
        return checks
    checks += [
        _check_signature(report, index, role, persons.get(role), root)
        for index, role in enumerate(roles)
    ]
    return [*checks, _check_people(report), _check_times(report, now)]


def check_archive(report: SignedReport, authority: bytes | None) -> list[Check]:
    """The archive time-stamp, when there is one, against the time-stamping authority's root (DER)."""
    name = "archive time-stamp"
    if report.stamp is None:
        return []
    if authority is None:
        return [incomplete(name, "not checked: no root of the time-stamping authority at hand")]
    try:
        at = validate(report.stamp, authority)
    except WorkbenchError as error:
        return [invalid(name, error.title)]
    except Exception as error:
        return [invalid(name, f"cannot be validated: {type(error).__name__}")]
    if padding := check_container(report.stamp):
        return [invalid(name, "; ".join(padding))]
    return [valid(name, f"the whole file existed at {at:%Y-%m-%d %H:%M:%S} UTC")]


def _check_fields(report: SignedReport, names: list[str], roles: Sequence[str]) -> Check:
    fields = [str(field["/T"]) for field in _fields(report.reader.root)]
    problems = []
    if names != list(roles):
        problems.append(f"signed: {', '.join(names) or 'nothing'}; expected {', '.join(roles)}")
    if fields != [*roles, *([FIELD] if report.stamp is not None else [])]:
        problems.append(f"fields: {', '.join(fields) or 'none'}; expected {', '.join(roles)}")
    return judge("signature fields", problems, f"exactly {', '.join(roles)}, in this order")


def _fields(root: Any) -> list[Any]:
    """Every form field, signed or not."""
    if "/AcroForm" not in root or "/Fields" not in root["/AcroForm"]:
        return []
    return [field.get_object() for field in root["/AcroForm"]["/Fields"]]


def _check_extent(report: SignedReport, roles: Sequence[str]) -> Check:
    """One revision a signature after the base, and no byte after the last."""
    problems = []
    revisions = report.reader.xrefs.total_revisions
    expected = 1 + len(roles) + (report.stamp is not None)
    if revisions != expected:
        problems.append(f"{revisions} revisions instead of {expected}")
    if report.signatures:
        last = report.stamp or report.signatures[-1]
        _, _, start, length = (int(number) for number in last.byte_range)
        if start + length != len(report.data):
            problems.append("bytes follow the last signature")
    return judge("whole file", problems, f"{revisions} revisions, signed to the last byte")


def _check_signature(
    report: SignedReport, index: int, role: str, person: str | None, root: x509.Certificate | None
) -> Check:
    name = f"signature of the {role}"
    signature = report.signatures[index]
    try:
        status = validate_pdf_signature(signature, _context(report, signature, root))
    except Exception as error:
        return invalid(name, f"cannot be validated: {type(error).__name__}: {error}"[:200])
    is_last = index == len(report.signatures) - 1 and report.stamp is None
    problems = _status_problems(status, is_last) + _policy_problems(signature, role)
    problems += check_container(signature)
    problems += _person_problems(signature, person)
    if root is not None and not status.trusted:
        problems.append("the certificate does not lead to the pinned root, or is revoked")
    if problems or root is not None:
        who = person_of(_certificate(signature))[1]
        return judge(name, problems, f"intact, certified for {who}, not revoked at signing")
    return incomplete(name, "intact; without a pinned root nobody knows whose it is")


def _status_problems(status: Any, is_last: bool) -> list[str]:
    problems = []
    if not status.intact or not status.valid:
        problems.append("the signed bytes were changed" if not status.intact else "wrong signature")
    wanted = (
        SignatureCoverageLevel.ENTIRE_FILE if is_last else SignatureCoverageLevel.ENTIRE_REVISION
    )
    if status.coverage != wanted:
        problems.append("it does not cover its whole revision")
    if not status.docmdp_ok or status.modification_level not in {
        ModificationLevel.NONE,
        ModificationLevel.LTA_UPDATES,
        ModificationLevel.FORM_FILLING,
    }:
        problems.append("later changes go beyond further signatures")
    if status.md_algorithm != "sha256":
        problems.append("another digest than SHA-256")
    return problems


def _policy_problems(signature: Any, role: str) -> list[str]:
    """The author certifies with P=2; the approver's field locks everything; PAdES throughout."""
    problems = []
    if signature.sig_object["/SubFilter"] != "/ETSI.CAdES.detached":
        problems.append("not a PAdES signature")
    if signature.docmdp_level != _LEVELS.get(role):
        problems.append("the certification level is not the expected one")
    field = signature.sig_field
    if role == "approver" and ("/Lock" not in field or field["/Lock"]["/Action"] != "/All"):
        problems.append("the approver's field does not lock the document")
    certificate = signature.signer_cert
    key = certificate.public_key
    if key.algorithm != "rsa" or key.bit_size < RSA_BITS:
        problems.append(f"the key is not RSA of at least {RSA_BITS} bits")
    return problems


def _person_problems(signature: Any, person: str | None) -> list[str]:
    found = person_of(_certificate(signature))[0]
    if person is None:
        return ["the record names nobody for this role"]
    return [] if found == person else [f"signed by {found}, expected {person}"]


def _check_people(report: SignedReport) -> Check:
    people = [person_of(_certificate(s))[0] for s in report.signatures]
    is_distinct = len(set(people)) == len(people)
    problems = [] if is_distinct else ["one person signed in two roles"]
    return judge("distinct people", problems, "each role is another person")


def _check_times(report: SignedReport, now: datetime) -> Check:
    times = [signature.self_reported_timestamp for signature in report.signatures]
    if any(time is None for time in times):
        return invalid("signing times", "a signature names no time")
    problems = []
    if any(earlier > later for earlier, later in itertools.pairwise(times)):
        problems.append("the times are not in the order of signing")
    if times[-1] > now + _CLOCK_TOLERANCE:
        problems.append("a signing time lies in the future")
    first, last = (
        time.astimezone(UTC).isoformat(timespec="seconds") for time in (times[0], times[-1])
    )
    return judge("signing times", problems, f"{first} to {last}, as the signers' clock said")


def _context(
    report: SignedReport, signature: Any, root: x509.Certificate | None
) -> ValidationContext:
    """Validate at the time of signing, with the revocation lists in the file and nothing fetched."""
    return ValidationContext(
        trust_roots=[] if root is None else [_asn1(root)],
        other_certs=list(report.certificates),
        crls=list(report.revocation_lists),
        moment=signature.self_reported_timestamp,
        allow_fetching=False,
        revocation_mode="require",
        weak_hash_algos={"md2", "md5", "sha1"},
    )


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def _certificate(signature: Any) -> x509.Certificate:
    return x509.load_der_x509_certificate(signature.signer_cert.dump())


def unreadable(error: Exception) -> Check:
    """The file's structure cannot be read as a signed report."""
    return invalid(_UNREADABLE, f"the file's structure is damaged: {type(error).__name__}")


def readable() -> Check:
    return valid(_UNREADABLE, "the file's structure can be read")
