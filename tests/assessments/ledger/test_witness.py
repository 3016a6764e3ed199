"""Witnesses cosign growth only, each from what it saw itself."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from assessments.errors import BadInput, CannotSay, Conflict, Refused
from assessments.ledger import checkpoint, note, store, witness
from assessments.records import Records

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
LOG = note.Signer("ledger.example", Ed25519PrivateKey.generate())


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return Records.open(f"sqlite:///{tmp_path / 'records.sqlite'}")


def grow(records: Records, count: int) -> str:
    with records.engine.begin() as connection:
        for number in range(count):
            store.append(connection, f'{{"n":{number}}}'.encode())
    with records.engine.begin() as connection:
        return checkpoint.make_checkpoint(connection, [LOG], AT)


def watch(folder: Path, name: str = "witness.example") -> witness.Witness:
    cosigner = note.Cosigner(name, Ed25519PrivateKey.generate())
    return witness.Witness(cosigner, (LOG.verifier,), folder)


def ask(records: Records, signed: str, seen: int) -> str:
    with records.read() as connection:
        return witness.make_request(connection, signed, seen)


def test_a_witness_follows_growth_and_its_line_is_kept(records: Records, tmp_path: Path) -> None:
    watching = watch(tmp_path)
    seen = 0
    for count in (3, 4, 9):
        signed = grow(records, count)
        line = watching.cosign(ask(records, signed, seen), AT)
        seen += count
        with records.engine.begin() as connection:
            known = [watching.cosigner.verifier]
            assert witness.accept_line(connection, signed, line, known, AT).at == AT.timestamp()
    with records.read() as connection:
        kept = checkpoint.latest_checkpoint(connection) or ""
    assert kept == signed + line
    (found,) = witness.check_witnesses(kept, [LOG.verifier], known, 1)
    assert found.verifier.name == "witness.example"


def test_a_witness_asks_for_proof_from_what_it_saw(records: Records, tmp_path: Path) -> None:
    watching = watch(tmp_path)
    watching.cosign(ask(records, grow(records, 3), 0), AT)
    signed = grow(records, 2)
    with pytest.raises(Conflict, match="seen 3"):
        watching.cosign(ask(records, signed, 0), AT)
    with pytest.raises(Conflict, match="seen 3"):
        watching.cosign(ask(records, signed, 2), AT)
    assert watching.cosign(ask(records, signed, 3), AT)


def test_a_witness_refuses_a_fork_and_a_smaller_tree(records: Records, tmp_path: Path) -> None:
    watching = watch(tmp_path)
    first = grow(records, 3)
    signed = grow(records, 2)
    watching.cosign(ask(records, signed, 0), AT)
    fork = note.sign_note(checkpoint.Checkpoint(LOG.name, 6, bytes(32)).text, [LOG])
    with pytest.raises(Refused, match="not a continuation"):
        watching.cosign(f"old 5\n\n{fork}", AT)
    with pytest.raises(Refused, match="smaller"):
        watching.cosign(f"old 5\n\n{first}", AT)
    stranger = note.Signer(LOG.name, Ed25519PrivateKey.generate())
    alien = note.sign_note(note.split(signed)[0], [stranger])
    with pytest.raises(BadInput, match="No known key"):
        watching.cosign(f"old 5\n\n{alien}", AT)


def test_two_names_of_one_key_are_one_witness(records: Records, tmp_path: Path) -> None:
    signed = grow(records, 3)
    text = note.split(signed)[0]
    key = Ed25519PrivateKey.generate()
    pair = [note.Cosigner("a.example", key), note.Cosigner("b.example", key)]
    cosigned = signed + "".join(one.signature_line(text, 1) for one in pair)
    known = [one.verifier for one in pair]
    assert len(witness.check_witnesses(cosigned, [LOG.verifier], known, 1)) == 1
    with pytest.raises(CannotSay, match="1 of 2"):
        witness.check_witnesses(cosigned, [LOG.verifier], known, 2)


def test_a_line_of_somebody_else_is_not_kept(records: Records, tmp_path: Path) -> None:
    signed = grow(records, 3)
    expected, other = watch(tmp_path / "a"), watch(tmp_path / "b", "other.example")
    line = other.cosign(ask(records, signed, 0), AT)
    with pytest.raises(BadInput), records.engine.begin() as connection:
        witness.accept_line(connection, signed, line, [expected.cosigner.verifier], AT)
    with records.read() as connection:
        assert checkpoint.latest_checkpoint(connection) == signed


@pytest.mark.parametrize("request_", ["", "old 3", "old 03\n\nx", "new 3\n\nx", "old 3\nAAAA\n\nx"])
def test_a_malformed_request_is_refused(tmp_path: Path, request_: str) -> None:
    with pytest.raises(BadInput):
        watch(tmp_path).cosign(request_, AT)


def test_the_witness_key_opens_with_its_passphrase(tmp_path: Path) -> None:
    made = witness.create_witness(tmp_path, "witness.example", "correct horse")
    held = witness.open_witness(tmp_path, "correct horse", [LOG.verifier])
    assert held.cosigner.verifier == made
    with pytest.raises(BadInput, match="already"):
        witness.create_witness(tmp_path, "witness.example", "correct horse")
