"""The pack: a signed report with everything that somebody outside needs to check it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from assessments.reports.record import Record, read_record
from assessments.reports.redaction import leaves_root
from assessments.signing.attachments import read_attachment
from assessments.signing.roles import signers_of
from assessments.signing.statement import (
    Signature,
    bundle_json,
    envelope_json,
    key_id,
    make_statement,
)

STAMP_ROOT = "tsa.crt"
REPORT, RECORD, ENVELOPE = "report.pdf", "assessment.json", "att.dsse.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class LedgerEvidence:
    """What shows that the report was released: entry body, its proof, checkpoint, the log's vkey.

    The entry: action ``report.released``, id of the assessment, facts ``revision`` and ``sha256``
    (of the signed file).
    """

    entry: bytes
    proof: bytes
    checkpoint: bytes
    vkey: str
    token: bytes | None = None


@dataclass(frozen=True, slots=True)
class Certificates:
    """Root and issuing certificate, and each role's statement certificate; PEM."""

    root: bytes
    issuing: bytes
    statement: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Pack:
    """The files of a pack by name."""

    files: Mapping[str, bytes]

    def zip(self) -> bytes:
        """One archive; same files, same bytes."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in sorted(self.files):
                entry = zipfile.ZipInfo(name, _EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, self.files[name])
        return out.getvalue()

    def write(self, folder: Path) -> Path:
        """The files in a folder of their own."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in self.files.items():
            (folder / name).write_bytes(data)
        return folder


def draft_pack(
    report: bytes,
    ledger: LedgerEvidence,
    certificates: Certificates,
    attached: Mapping[str, bytes] | None = None,
) -> Draft:
    """Everything but the signatures, and the statement that each signer has to sign.

    attached: files of evidence, see ``attached``; with an archive time-stamp also its authority's
    root.
    """
    record = read_record(read_attachment(report, RECORD))
    policy = make_policy(record, ledger.vkey, certificates)
    files = {
        REPORT: report,
        RECORD: record.data,
        "released.json": ledger.entry,
        "report.tlog-proof": ledger.proof,
        "checkpoint": ledger.checkpoint,
        "vkey": ledger.vkey.strip().encode() + b"\n",
        "root.crt": certificates.root,
        "issuing.crt": certificates.issuing,
        "policy.json": json.dumps(policy, indent=1, ensure_ascii=False).encode() + b"\n",
        **(attached or {}),
    }
    files |= {f"{role}.crt": pem for role, pem in certificates.statement.items()}
    if ledger.token is not None:
        files["checkpoint.tsr"] = ledger.token
    files["VERIFY.txt"] = make_guide(policy).encode()
    statement = make_statement(files, make_predicate(record, policy))
    return Draft(files, statement, signers_of(record.content))


@dataclass(frozen=True, slots=True)
class Draft:
    """The files and the statement about them."""

    files: Mapping[str, bytes]
    statement: bytes
    roles: tuple[str, ...]

    def sign(self, signatures: Mapping[str, Signature]) -> Pack:
        """The finished pack; one signature a role."""
        ordered = [signatures[role] for role in self.roles]
        signed = {ENVELOPE: envelope_json(self.statement, ordered)}
        signed |= {
            f"{role}.sigstore.json": bundle_json(self.statement, signatures[role])
            for role in self.roles
        }
        return Pack({**self.files, **signed})


def make_policy(record: Record, vkey: str, certificates: Certificates) -> dict[str, Any]:
    """Who has to have signed, in order, and which root and log the organisation uses."""
    root = x509.load_pem_x509_certificate(certificates.root)
    people = {person["role"]: person for person in record.content["people"]}
    roles = []
    for role in signers_of(record.content):
        certificate = x509.load_pem_x509_certificate(certificates.statement[role])
        roles.append(
            {
                "role": role,
                "person": people[role]["id"],
                "name": people[role]["name"],
                "statement_key": key_id(certificate),
            }
        )
    return {
        "schema": "privacy-workbench/signing-policy/v1",
        "organisation": record.content["assessment"]["organisation"],
        "root_sha256": root.fingerprint(hashes.SHA256()).hex(),
        "vkey": vkey.strip(),
        "roles": roles,
    }


def make_predicate(record: Record, policy: dict[str, Any]) -> dict[str, Any]:
    """What the signatures are bound to besides the files."""
    assessment = record.content["assessment"]
    leaves = leaves_root(record)
    return ({} if leaves is None else {"leaves_root": leaves}) | {
        "assessment": assessment["id"],
        "revision": assessment["revision"],
        "record_sha256": record.sha256,
        "decision": record.content["decision"]["outcome"],
        "signers": [
            {key: role[key] for key in ("role", "person", "statement_key")}
            for role in policy["roles"]
        ],
    }


def make_guide(policy: dict[str, Any]) -> str:
    """VERIFY.txt: the commands that check this pack with tools of other makers."""
    text = resources.files(__package__).joinpath("VERIFY.txt").read_text("utf-8")
    fingerprint = policy["root_sha256"].upper()
    pairs = ":".join(fingerprint[i : i + 2] for i in range(0, len(fingerprint), 2))
    log = policy["vkey"].split("+")[0]
    roles = [role["role"] for role in policy["roles"]]
    said = {"ROOT": pairs, "LOG": log, "ROLES": ", ".join(roles), "COUNT": str(len(roles))}
    for place, value in said.items():
        text = text.replace(f"{{{place}}}", value)
    return text


def pem(certificate: x509.Certificate) -> bytes:
    """A certificate as text."""
    return certificate.public_bytes(serialization.Encoding.PEM)
