"""A real authority, three real people, a real ledger and the pack that they make together."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from unittest.mock import patch

import rfc8785
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import assessments.records  # noqa: F401
from assessments.ledger import tree
from assessments.ledger.checkpoint import Checkpoint
from assessments.ledger.note import Signer, sign_note
from assessments.ledger.proof import Proof
from assessments.reports.pack import RECORD, Certificates, LedgerEvidence, Pack, draft_pack, pem
from assessments.reports.record import read_record
from assessments.reports.render import render_report
from assessments.signing import authority as authority_module
from assessments.signing import certificates
from assessments.signing.attachments import read_attachment
from assessments.signing.authority import Authority
from assessments.signing.pdf import sign_report
from assessments.signing.roles import signers_of
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
    revisions: tuple[bytes, ...]
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
    return certified(dict(PEOPLE.values()), organisation)


def certified(people: Mapping[str, str], organisation: str = "Meridian Credit SE") -> Authority:
    """An authority that has certified these people, by id and name."""
    with quick_keys():
        authority = Authority.create(Path(mkdtemp()) / "keys", "authority", organisation)
        for identifier, name in people.items():
            authority.issue(identifier, name, passphrase(identifier))
    return authority


@contextmanager
def quick_keys() -> Iterator[None]:
    """RSA keys of full size from a pool of this process, at rest under 2,048 rounds.

    What 600,000 rounds cost is paid where they are tested. An attacker's authority gets the same
    people's keys: a forgery is found by who certified them, never because a key is another.
    """
    taken = count()
    with (
        patch.object(certificates, "new_document_key", lambda: _pooled(next(taken))),
        patch.object(authority_module, "encrypt_pkcs8", _quickly_sealed),
    ):
        yield


@cache
def _pooled(number: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, certificates.RSA_BITS)


def _quickly_sealed(key: Any, secret: str) -> bytes:
    return bytes(key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(secret.encode()),
    ))  # fmt: skip


def encoded(data: bytes) -> str:
    """As ``verify_here`` takes files."""
    return b64encode(data).decode()


def passphrase(identifier: str) -> str:
    return f"{identifier} opens this"


def build(authority: Authority, record: bytes, *, signed: bool = True) -> SignedPack:
    """Signed by whom the record names; not ``signed``: the pages alone, for a pack that nobody signs."""
    read = read_record(record)
    roles = signers_of(read.content)
    frozen = entry("assessment.frozen", read.content["assessment"], read.sha256)
    proof, checkpoint = prove(frozen)
    base = render_report(record, proof=proof, checkpoint=checkpoint, entry=frozen)
    revisions = sign_all(authority, base, roles) if signed else (base,)
    return SignedPack(
        authority,
        record,
        base,
        revisions,
        make_pack(authority, revisions[-1], read.content["assessment"]),
    )


def sign_all(
    authority: Authority, base: bytes, roles: Sequence[str] = tuple(PEOPLE)
) -> tuple[bytes, ...]:
    made, current = [], base
    for role in roles:
        identifier = PEOPLE[role][0]
        key = authority.document_key(identifier, passphrase(identifier))
        current = sign_report(current, role, key, reason=REASONS[role])
        made.append(current)
    return tuple(made)


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
    roles = signers_of(read_record(read_attachment(report, RECORD)).content)
    signers = {role: PEOPLE[role][0] for role in roles}
    statement = {
        role: pem(authority.certificate(identifier, "statement"))
        for role, identifier in signers.items()
    }
    certificates = Certificates(
        authority.root_certificate_pem, authority.issuing_certificate_pem, statement
    )
    draft = draft_pack(report, ledger, certificates, attached)
    keys = {
        role: authority.statement_key(identifier, passphrase(identifier))
        for role, identifier in signers.items()
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
