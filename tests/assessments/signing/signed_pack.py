"""A real authority, three real people, a real ledger and the pack that they make together."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import assessments.records  # noqa: F401
from assessments.ledger import tree
from assessments.ledger.checkpoint import Checkpoint
from assessments.ledger.note import Signer, sign_note
from assessments.ledger.proof import Proof
from assessments.reports.pack import Certificates, LedgerEvidence, Pack, draft_pack, pem
from assessments.reports.record import read_record
from assessments.reports.render import render_report
from assessments.signing.authority import Authority
from assessments.signing.pdf import sign_report
from assessments.signing.roles import SIGNERS
from assessments.signing.statement import sign_statement
from tests.assessments.reports.dpia import record_bytes

PEOPLE = {
    "author": ("mara", "Mara Lindqvist"),
    "dpo": ("ines", "Inês Carvalho"),
    "approver": ("theo", "Theodoros Papadakis"),
}
REASONS = {"author": "Content certified", "dpo": "Opinion given", "approver": "Decision taken"}
LOG = Signer("meridian.example/privacy", Ed25519PrivateKey.from_private_bytes(b"\x07" * 32))


@dataclass(frozen=True, slots=True)
class SignedPack:
    """Everything that a test may look at or tamper with."""

    authority: Authority
    record: bytes
    base: bytes
    revisions: tuple[bytes, bytes, bytes]
    pack: Pack

    @property
    def report(self) -> bytes:
        return self.revisions[-1]

    @property
    def root(self) -> bytes:
        return self.authority.root_certificate_pem


@lru_cache(maxsize=1)
def make_signed_pack() -> SignedPack:
    return build(new_authority(), record_bytes())


def new_authority(organisation: str = "Meridian Credit SE") -> Authority:
    authority = Authority.create(Path(mkdtemp()) / "keys", "authority", organisation)
    for identifier, name in PEOPLE.values():
        authority.issue(identifier, name, passphrase(identifier))
    return authority


def passphrase(identifier: str) -> str:
    return f"{identifier} opens this"


def build(authority: Authority, record: bytes) -> SignedPack:
    read = read_record(record)
    frozen = entry("assessment.frozen", read.content["assessment"], read.sha256)
    proof, checkpoint = prove(frozen)
    base = render_report(record, proof=proof, checkpoint=checkpoint, entry=frozen)
    revisions = sign_all(authority, base)
    return SignedPack(
        authority,
        record,
        base,
        revisions,
        make_pack(authority, revisions[-1], read.content["assessment"]),
    )


def sign_all(authority: Authority, base: bytes) -> tuple[bytes, bytes, bytes]:
    made, current = [], base
    for role in SIGNERS:
        identifier = PEOPLE[role][0]
        key = authority.document_key(identifier, passphrase(identifier))
        current = sign_report(current, role, key, reason=REASONS[role])
        made.append(current)
    return made[0], made[1], made[2]


def make_pack(
    authority: Authority,
    report: bytes,
    assessment: dict[str, object] | None = None,
    attached: dict[str, bytes] | None = None,
) -> Pack:
    about = assessment or read_record(record_bytes()).content["assessment"]
    released = entry("report.released", about, hashlib.sha256(report).hexdigest())
    proof, checkpoint = prove(released)
    ledger = LedgerEvidence(released, proof, checkpoint, LOG.verifier.vkey)
    statement = {
        role: pem(authority.certificate(identifier, "statement"))
        for role, (identifier, _) in PEOPLE.items()
    }
    certificates = Certificates(
        authority.root_certificate_pem, authority.issuing_certificate_pem, statement
    )
    draft = draft_pack(report, ledger, certificates, attached)
    keys = {
        role: authority.statement_key(identifier, passphrase(identifier))
        for role, (identifier, _) in PEOPLE.items()
    }
    return draft.sign({role: sign_statement(draft.statement, key) for role, key in keys.items()})


def entry(action: str, assessment: dict[str, object], digest: str) -> bytes:
    facts = {"revision": assessment["revision"], "sha256": digest}
    body = {
        "v": 1, "ts": datetime.now(UTC).isoformat(timespec="microseconds"), "actor": "a",
        "session": "s", "action": action, "kind": "assessment", "id": assessment["id"],
        "facts": facts, "commitment": None,
    }  # fmt: skip
    return rfc8785.dumps(body)


def prove(body: bytes) -> tuple[bytes, bytes]:
    """The body as the third of five entries of a tree."""
    nodes: dict[tuple[int, int], bytes] = {}
    bodies = [b"one", b"two", body, b"four", b"five"]
    for index, data in enumerate(bodies):
        for level, position, digest in tree.new_nodes(
            index, tree.hash_leaf(data), lambda level, position: nodes[level, position]
        ):
            nodes[level, position] = digest
    root = tree.range_root(0, 5, lambda level, position: nodes[level, position])
    path = tuple(tree.inclusion_path(2, 5, lambda level, position: nodes[level, position]))
    note = sign_note(Checkpoint(LOG.name, 5, root).text, [LOG])
    return Proof(2, path, note).text.encode(), note.encode()
