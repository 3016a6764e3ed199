"""A redacted edition: what it shows is part of what was signed, and its pages show nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cryptography import x509

from assessments.errors import BadInput, WorkbenchError
from assessments.reports.edition import LIST, PAGES, TAKEN_OVER
from assessments.reports.pack import ENVELOPE, REPORT
from assessments.reports.redaction import edition_root, read_edition, stand_in
from assessments.reports.render import render_report
from assessments.signing.certificates import person_of
from assessments.signing.evidence import REDACTED, Evidence, Policy, read_certificate
from assessments.signing.ledger_checks import check_age, check_entry
from assessments.signing.pack_checks import check_chain, check_pins, check_revocation
from assessments.signing.roles import SIGNERS, signers_of
from assessments.signing.statement import key_id, open_envelope, subjects
from assessments.signing.verification import Check, invalid, judge

RELEASED = "report.released"


def examine_edition(
    evidence: Evidence, root: x509.Certificate | None, policy: Policy, now: datetime
) -> list[Check]:
    """Every check of an edition; the root of trust itself is judged by the caller."""
    files, roles = evidence.files, policy.roles or _roles(evidence.files[REDACTED])
    name = "contents of the edition"
    wanted = {*TAKEN_OVER, LIST, REDACTED, PAGES, *(f"{role}.crt" for role in roles)}
    missing, extra = sorted(wanted - files.keys()), sorted(files.keys() - wanted)
    problems = [f"missing: {', '.join(missing)}"] if missing else []
    problems += [f"not part of an edition: {', '.join(extra)}"] if extra else []
    contents = judge(name, problems, f"{len(files)} files")
    if problems or not roles:
        return [contents if problems else invalid(name, "nobody signs this kind of assessment")]
    statement = _statement(files, root, roles, now)
    if isinstance(statement, Check):
        return [contents, statement]
    checks = [contents, check_pins(files, root, policy), _signers(policy, roles, statement)]
    shown = _shown(files, statement)
    checks.append(shown)
    if shown.verdict == "VALID":
        checks.append(_pages(files, statement))
    checks += [_released(files, statement), check_age(files, policy, now)]
    return checks


def _roles(data: bytes) -> tuple[str, ...]:
    """Who signs, as the edition says; that this was signed too is one of the checks."""
    try:
        return signers_of(read_edition(data)["record"])
    except (WorkbenchError, KeyError, TypeError, AttributeError):
        return SIGNERS


def _statement(
    files: dict[str, bytes], root: x509.Certificate | None, roles: Sequence[str], now: datetime
) -> dict[str, Any] | Check:
    """The statement that exactly the expected people signed."""
    try:
        anchor = root or read_certificate(files["root.crt"])
        people = [read_certificate(files[f"{role}.crt"]) for role in roles]
        issuing = read_certificate(files["issuing.crt"])
        check_chain(anchor, issuing, people, now)
        check_revocation(issuing, people, [_own_list(files[LIST], issuing)])
        statement = open_envelope(files[ENVELOPE], people)
        for told, certificate in zip(statement["predicate"]["signers"], people, strict=True):
            if (told["person"], told["statement_key"]) != (
                person_of(certificate)[0],
                key_id(certificate),
            ):
                raise BadInput("A signer of the statement is another person")
    except (BadInput, KeyError, TypeError, ValueError) as error:
        return invalid("statement", error.title if isinstance(error, BadInput) else "malformed")
    return statement


def _own_list(data: bytes, issuing: x509.Certificate) -> bytes:
    revocations = x509.load_der_x509_crl(data)
    key: Any = issuing.public_key()
    if revocations.issuer != issuing.subject or not revocations.is_signature_valid(key):
        raise BadInput("The revocation list is not the issuing authority's")
    return data


def _signers(policy: Policy, roles: Sequence[str], statement: dict[str, Any]) -> Check:
    told = {signer["role"]: signer["person"] for signer in statement["predicate"]["signers"]}
    problems = [
        f"{r} is {told.get(r)}, expected {p}" for r, p in policy.persons if told.get(r) != p
    ]
    return judge("statement", problems, f"signed by {', '.join(roles)}")


def _shown(files: dict[str, bytes], statement: dict[str, Any]) -> Check:
    """Shown values and hidden commitments together give the root that was signed."""
    name = "shown parts"
    try:
        edition = read_edition(files[REDACTED])
        found = edition_root(edition)
        told = edition["record"]["assessment"]
        about = (told["id"], told["revision"])
    except (WorkbenchError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return invalid(name, error.title if isinstance(error, WorkbenchError) else "malformed")
    predicate = statement["predicate"]
    problems = []
    if found != predicate.get("leaves_root"):
        problems.append("a shown part is not what was signed")
    if about != (predicate.get("assessment"), predicate.get("revision")):
        problems.append("the edition is of another assessment or revision")
    return judge(name, problems, "each is what the signers signed; the hidden rest is unchanged")


def _pages(files: dict[str, bytes], statement: dict[str, Any]) -> Check:
    """The pages are what the shown parts give when they are typeset again."""
    name = "rendering"
    try:
        original = statement["predicate"]["record_sha256"]
        pages = render_report(stand_in(read_edition(files[REDACTED]), original).data)
    except (WorkbenchError, KeyError) as error:
        return invalid(name, f"the edition cannot be typeset: {error}"[:200])
    if pages == files[PAGES]:
        return judge(name, [], f"the shown parts give the same {len(pages)} bytes")
    return invalid(name, "the pages are not what redacted.json says")


def _released(files: dict[str, bytes], statement: dict[str, Any]) -> Check:
    """The ledger has the release of the signed report that the statement names."""
    name = "released in the ledger"
    predicate, proof = statement["predicate"], files["report.tlog-proof"]
    if not proof.endswith(files["checkpoint"]):
        return invalid(name, "the checkpoint file is not the one in the proof")
    named = subjects(statement)
    for file in ("released.json", "report.tlog-proof", "checkpoint", "vkey"):
        if named.get(file) != hashlib.sha256(files[file]).hexdigest():
            return invalid(name, f"{file} is not the one that was signed")
    vkey = files["vkey"].decode("utf-8", "replace").strip()
    about = (str(predicate.get("assessment")), int(predicate.get("revision") or 0))
    return check_entry(
        name, files["released.json"], proof, vkey, RELEASED, about, named.get(REPORT, "")
    )
