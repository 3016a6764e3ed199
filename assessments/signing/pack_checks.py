"""The statement of a pack: who signed it, and that it names exactly the files that are there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import ExtensionOID

from assessments.errors import BadInput
from assessments.reports import attached
from assessments.reports.pack import Certificates, make_policy, make_predicate
from assessments.reports.record import Record
from assessments.signing.certificates import STATEMENT_SIGNING, person_of
from assessments.signing.evidence import Policy, read_certificate
from assessments.signing.statement import open_bundle, open_envelope, subjects
from assessments.signing.verification import Check, invalid, judge, valid

ENVELOPE = "att.dsse.json"
_NEEDED = ("assessment.json", "issuing.crt", "root.crt", "vkey", "policy.json", ENVELOPE)


def check_contents(files: dict[str, bytes], record: Record) -> Check:
    """Every file that a pack needs is there, and the record beside the report is the one in it."""
    missing = [name for name in _NEEDED if name not in files]
    if missing:
        return invalid("contents of the pack", f"missing: {', '.join(missing)}")
    problems = []
    if files["assessment.json"] != record.data:
        problems.append("assessment.json is not the record in the report")
    return judge("contents of the pack", problems, f"{len(files)} files")


def check_statement(
    files: dict[str, bytes],
    record: Record,
    roles: Sequence[str],
    root: x509.Certificate,
    revocation_lists: Sequence[bytes],
    now: datetime,
) -> list[Check]:
    """Signatures of all roles, one bundle each, and exactly the files of the pack as subjects."""
    name = "statement"
    try:
        issuing = read_certificate(files["issuing.crt"])
        people = {role: read_certificate(files[f"{role}.crt"]) for role in roles}
        check_chain(root, issuing, list(people.values()), now)
        check_revocation(issuing, list(people.values()), revocation_lists)
        statement = open_envelope(files[ENVELOPE], list(people.values()))
        for role, certificate in people.items():
            if open_bundle(files[f"{role}.sigstore.json"], certificate) != statement:
                raise BadInput(f"The bundle of the {role} states something else")
        named = subjects(statement)
    except KeyError as error:
        return [invalid(name, f"missing: {error.args[0]}")]
    except BadInput as error:
        return [invalid(name, f"{error.title} {error.detail}".strip())]
    return [
        valid(name, f"signed by {', '.join(roles)}"),
        _check_persons(record, people),
        _check_subjects(files, named, roles),
        _check_policy(files, record, statement, people),
    ]


def check_evidence(files: dict[str, bytes], record: Record) -> Check:
    """Files of evidence are those of the record, byte for byte: all of them, or none."""
    named = {attached.packed_name(item): item for item in attached.listed(record)}
    there = {name: data for name, data in files.items() if name.startswith(attached.PREFIX)}
    problems = [f"{name} is not in the record" for name in sorted(there.keys() - named.keys())]
    for name, data in sorted(there.items()):
        if name in named and (problem := attached.problem_of(named[name], data)):
            problems.append(f"{name} {problem}")
    if there:
        problems += [f"{name} is missing" for name in sorted(named.keys() - there.keys())]
    detail = f"{len(named)} files, as the record names them" if there else (
        f"the record names {len(named)} files; their bytes are not in this pack")  # fmt: skip
    return judge("evidence", problems, detail)


def check_pins(files: dict[str, bytes], root: x509.Certificate | None, policy: Policy) -> Check:
    """Root and log key of the pack are those that the verifier pinned."""
    problems = []
    if root is not None and read_certificate(files["root.crt"]) != root:
        problems.append("root.crt is not the pinned root")
    if (
        policy.vkey is not None
        and files["vkey"].decode("utf-8", "replace").strip() != policy.vkey.strip()
    ):
        problems.append("vkey is not the pinned log key")
    return judge("pinned keys", problems, "root and log key agree with those pinned")


def check_chain(
    root: x509.Certificate,
    issuing: x509.Certificate,
    people: Sequence[x509.Certificate],
    now: datetime,
) -> None:
    """Person under issuing under root (RFC 5280), authorities as such, each for its purpose."""
    try:
        issuing.verify_directly_issued_by(root)
        for certificate in people:
            certificate.verify_directly_issued_by(issuing)
    except (InvalidSignature, ValueError, TypeError) as error:
        raise BadInput("A statement certificate does not lead to the root") from error
    if not (_is_authority(root) and _is_authority(issuing)) or any(map(_is_authority, people)):
        raise BadInput("An authority of the statement certificates is none")
    if not all(STATEMENT_SIGNING in _purposes(certificate) for certificate in people):
        raise BadInput("A statement certificate is for another purpose")
    if not all(c.not_valid_before_utc <= now for c in (issuing, *people)):
        raise BadInput("A statement certificate is not valid yet")


def check_revocation(
    issuing: x509.Certificate, people: Sequence[x509.Certificate], lists: Sequence[bytes]
) -> None:
    """None of the certificates is on a list that the issuing authority signed."""
    for data in lists:
        revocations = x509.load_der_x509_crl(data)
        key: Any = issuing.public_key()
        if revocations.issuer != issuing.subject or not revocations.is_signature_valid(key):
            continue
        for certificate in people:
            serial = certificate.serial_number
            if revocations.get_revoked_certificate_by_serial_number(serial) is not None:
                raise BadInput("A statement certificate is revoked")


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        found: Any = certificate.extensions.get_extension_for_oid(ExtensionOID.BASIC_CONSTRAINTS)
    except x509.ExtensionNotFound:
        return False
    return bool(found.value.ca)


def _purposes(certificate: x509.Certificate) -> list[x509.ObjectIdentifier]:
    try:
        found: Any = certificate.extensions.get_extension_for_oid(ExtensionOID.EXTENDED_KEY_USAGE)
    except x509.ExtensionNotFound:
        return []
    return list(found.value)


def _check_persons(record: Record, people: dict[str, x509.Certificate]) -> Check:
    expected = {person["role"]: person["id"] for person in record.content["people"]}
    problems = [
        f"{role} signed as {person_of(certificate)[0]}, expected {expected.get(role)}"
        for role, certificate in people.items()
        if person_of(certificate)[0] != expected.get(role)
    ]
    return judge("signers of the statement", problems, "the people of the record, a key each")


def _check_subjects(files: dict[str, bytes], named: dict[str, str], roles: Sequence[str]) -> Check:
    unsigned = {ENVELOPE, *(f"{role}.sigstore.json" for role in roles)}
    present = {n: hashlib.sha256(d).hexdigest() for n, d in files.items() if n not in unsigned}
    problems = [f"{name} is not in the statement" for name in sorted(present.keys() - named.keys())]
    problems += [f"{name} is missing" for name in sorted(named.keys() - present.keys())]
    problems += [
        f"{name} was changed"
        for name in sorted(present)
        if named.get(name, "") not in ("", present[name])
    ]
    return judge("files of the pack", problems, f"{len(named)} files, each with its digest stated")


def _check_policy(
    files: dict[str, bytes],
    record: Record,
    statement: dict[str, Any],
    people: dict[str, x509.Certificate],
) -> Check:
    certificates = Certificates(
        files["root.crt"], files["issuing.crt"], {role: files[f"{role}.crt"] for role in people}
    )
    problems = []
    try:
        policy = make_policy(record, files["vkey"].decode("utf-8"), certificates)
        if json.loads(files["policy.json"]) != policy:
            problems.append("policy.json does not agree with the record and certificates")
        if statement["predicate"] != make_predicate(record, policy):
            problems.append("the statement is about another assessment, revision or decision")
    except (ValueError, KeyError, RecursionError) as error:
        problems.append(f"policy.json cannot be read: {type(error).__name__}")
    return judge("binding", problems, "bound to this assessment, revision, decision and roles")
