"""What a hostile edit of the database leaves behind, and what checkpoints and proofs show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, insert, text
from sqlalchemy.exc import IntegrityError

from assessments.errors import BadInput, Refused
from assessments.ledger import body, checkpoint, erasure, keys, note, proof, store, verify
from assessments.ledger.tables import ledger_checkpoint
from assessments.ledger.verify import verify_ledger
from assessments.records import Actor, Event, Records, people

SIGNER = note.Signer("ledger.example", Ed25519PrivateKey.generate())
KEYS = [SIGNER.verifier]


@pytest.fixture
def records(tmp_path: Path) -> Records:
    opened = Records.open(f"sqlite:///{tmp_path / 'records.sqlite'}")
    add(opened, 5)
    return opened


def add(records: Records, count: int) -> None:
    for number in range(count):
        with records.change(Actor.system("test")) as change:
            change.apply(
                Event("x", "thing", str(number), "people.manage", private={"answer": "yes"})
            )


def sign(records: Records) -> str:
    with records.change(Actor.system("test")) as change:
        return checkpoint.make_checkpoint(change.connection, [SIGNER], datetime.now(UTC))


def tamper(records: Records, *statements: str) -> None:
    with records.engine.begin() as connection:
        triggers = connection.execute(text("select name from sqlite_master where type = 'trigger'"))
        for name in triggers.scalars().all():
            connection.execute(text(f"drop trigger {name}"))
        for statement in statements:
            connection.execute(text(statement))


def problems(records: Records) -> tuple[str, str]:
    with records.read() as connection:
        found = verify_ledger(connection, KEYS)
    return found.verdict, " ".join(found.problems)


def test_an_untouched_ledger_is_valid_once_it_has_a_checkpoint(records: Records) -> None:
    assert problems(records)[0] == "INCOMPLETE"
    sign(records)
    assert problems(records) == ("VALID", "")


def test_the_database_refuses_honest_mistakes(records: Records) -> None:
    for statement in ("update ledger_entry set body = 'x'", "delete from ledger_node"):
        with (
            pytest.raises(IntegrityError, match="append-only"),
            records.engine.begin() as connection,
        ):
            connection.execute(text(statement))


SWAPPED = """
    update ledger_entry set body = case seq
        when 1 then (select body from ledger_entry where seq = 3)
        else (select body from ledger_entry where seq = 1) end
    where seq in (1, 3)
"""
REHASHED = "update ledger_entry set body = replace(body, 'thing', 'thong') where seq = 2"


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        (REHASHED, "entry 2 does not match"),
        ("delete from ledger_entry where seq = 1", "entry 1 is missing"),
        ("delete from ledger_entry where seq = 4", "5 entries, the ledger has 4"),
        ("update ledger_entry set seq = 9 where seq = 4", "entry 4 is missing"),
        ("update ledger_node set hash = zeroblob(32) where level = 1 and idx = 0", "node 1/0"),
        ("update ledger_checkpoint set note = replace(note, char(10) || '5', char(10) || '4')", "wrong"),
        ("update ledger_private set payload = '{\"answer\":\"no\"}' where seq = 3", "entry 3"),
        ("insert into ledger_node values (7, 0, zeroblob(32))", "belong to no entry"),
        ("delete from ledger_node where level = 0 and idx = 4", "entry 4 does not match"),
        ("insert into ledger_entry values (5, '{}')", "entry 5 cannot be read"),
        ("insert into ledger_entry values (900000000000000000, '{}')", "entry 5 is missing"),
        ("update ledger_entry set body = x'ff' where seq = 0", "entry 0 cannot be read"),
        ("delete from ledger_entry; delete from ledger_node", "5 entries, the ledger has 0"),
        (SWAPPED, "entry 1 does not match its stored hash; it is the body that was entry 3"),
        ("update ledger_private set seq = 2 where seq = 3", "claims entry 2"),
        ("update ledger_private set seq = 77 where seq = 3", "belong to no entry"),
        ("update ledger_private set salt = x'00' where seq = 3", "entry 3"),
        ("update ledger_checkpoint set size = 4", "checkpoint at 4: it names 5 entries"),
    ],
)  # fmt: skip
def test_tampering_is_found(records: Records, statement: str, found: str) -> None:
    sign(records)
    tamper(records, *statement.split(";"))
    verdict, text_ = problems(records)
    assert verdict == "INVALID"
    assert found in text_


def cut_tail_with_all_traces(connection: Connection) -> None:
    connection.execute(text("delete from ledger_entry where seq >= 3"))
    connection.execute(text("delete from ledger_node where (idx + 1) << level > 3"))
    connection.execute(text("delete from ledger_checkpoint where size > 3"))
    connection.execute(text("delete from ledger_private where seq >= 3"))


def test_a_tail_cut_with_all_its_traces_contradicts_a_checkpoint_kept_elsewhere(
    records: Records,
) -> None:
    kept = checkpoint.open_checkpoint(sign(records), KEYS).head
    tamper(records)
    with records.engine.begin() as connection:
        cut_tail_with_all_traces(connection)
    with records.read() as connection:
        assert verify_ledger(connection, KEYS).verdict == "INCOMPLETE"
        found = verify_ledger(connection, KEYS, [kept])
    assert found.verdict == "INVALID"
    assert found.problems == ("a head kept elsewhere names 5 entries, the ledger has 3",)


def test_a_checkpoint_of_another_history_is_a_fork(records: Records) -> None:
    sign(records)
    fork = checkpoint.Checkpoint(SIGNER.name, 4, bytes(32))
    with records.engine.begin() as connection:
        signed = note.sign_note(fork.text, [SIGNER])
        row = {"size": 4, "note": signed, "at": "2026-11-20"}
        connection.execute(insert(ledger_checkpoint).values(row))
    verdict, text_ = problems(records)
    assert verdict == "INVALID"
    assert "the first 4 entries are not those that were signed" in text_


def test_without_a_key_nothing_is_said_to_be_valid(records: Records) -> None:
    sign(records)
    with records.read() as connection:
        assert verify_ledger(connection, []).verdict == "INCOMPLETE"


def test_a_ledger_longer_than_one_chunk_is_read_whole(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "CHUNK", 4)
    add(records, 8)
    sign(records)
    assert problems(records) == ("VALID", "")
    tamper(records, REHASHED.replace("seq = 2", "seq = 11"))
    assert "entry 11 does not match" in problems(records)[1]


def test_whole_chunks_are_judged_as_entry_by_entry(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A checkpoint after every entry, then each entry and each stored hash changed in turn."""
    for _ in range(8):
        sign(records)
        add(records, 1)
    sign(records)
    with records.engine.begin() as connection:
        places = connection.execute(text("select level, idx from ledger_node")).all()
    tamper(records)
    edits = [f"ledger_entry set body = {{}} where seq = {seq}" for seq in range(13)]
    edits += [f"ledger_node set hash = {{}} where level = {n} and idx = {i}" for n, i in places]
    for edit in ("", *edits):
        found = {}
        for chunk in (1024, 4, 1):
            monkeypatch.setattr(verify, "CHUNK", chunk)
            found[chunk] = judged_with(records, edit)
        assert found[4] == found[1024] == found[1], edit
        assert found[4][0] == ("INVALID" if edit else "VALID")


def judged_with(records: Records, edit: str) -> tuple[str, set[str]]:
    """What verification says with one value changed, which is put back afterwards."""
    with records.engine.connect() as connection:
        if edit:
            connection.execute(text("update " + edit.format("zeroblob(32)")))
        found = verify_ledger(connection, KEYS)
        connection.rollback()
    return found.verdict, set(found.problems)


def rewrite_history(connection: Connection) -> None:
    bodies = [entry.body for entry in reversed(store.entries(connection, limit=100))]
    connection.execute(text("delete from ledger_entry"))
    connection.execute(text("delete from ledger_node"))
    for raw in bodies:
        store.append(connection, raw.replace(b"thing", b"thong"))


def test_a_history_rewritten_with_all_its_hashes_contradicts_the_checkpoint(
    records: Records,
) -> None:
    sign(records)
    tamper(records)
    with records.engine.begin() as connection:
        rewrite_history(connection)
    verdict, text_ = problems(records)
    assert verdict == "INVALID"
    assert "not those that were signed" in text_
    with pytest.raises(Refused, match="not a continuation"):
        add_and_sign(records)


def add_and_sign(records: Records) -> str:
    add(records, 1)
    return sign(records)


def test_the_signer_refuses_a_shorter_ledger(records: Records) -> None:
    sign(records)
    tamper(
        records,
        "delete from ledger_entry where seq = 4",
        "delete from ledger_node where level = 0 and idx = 4",
    )
    with pytest.raises(Refused):
        sign(records)


def test_a_proof_shows_an_entry_and_nothing_else(records: Records) -> None:
    signed = sign(records)
    with records.read() as connection:
        raw = store.entry(connection, 3).body
        made = proof.make_proof(connection, 3, signed)
    assert proof.verify_proof(made, raw, KEYS).size == 5
    with pytest.raises(BadInput):
        proof.verify_proof(made, raw + b" ", KEYS)
    with pytest.raises(BadInput):
        proof.verify_proof(made.replace("index 3", "index 2"), raw, KEYS)
    other = note.Signer("ledger.example", Ed25519PrivateKey.generate())
    with pytest.raises(BadInput):
        proof.verify_proof(made, raw, [other.verifier])


MANGLES: list[Callable[[str], str]] = [
    lambda made: made.replace("tlog-proof@v1", "tlog-proof@v2"),
    lambda made: made.replace("index 3", "index +3"),
    lambda made: made.replace("\n\n", "\n", 1),
    lambda made: made.rstrip("\n"),
    lambda made: made.replace("—", "-"),
    lambda made: "",
]


@pytest.mark.parametrize("mangle", MANGLES)
def test_a_malformed_proof_is_refused(records: Records, mangle: Callable[[str], str]) -> None:
    signed = sign(records)
    with records.read() as connection:
        raw = store.entry(connection, 3).body
        made = proof.make_proof(connection, 3, signed)
    with pytest.raises(BadInput):
        proof.verify_proof(mangle(made), raw, KEYS)


def test_an_unknown_signature_line_is_ignored_and_a_forged_one_is_not() -> None:
    witness = note.Signer("witness.example", Ed25519PrivateKey.generate())
    signed = note.sign_note("ledger.example\n1\nAAAA\n", [SIGNER, witness])
    assert [s.verifier for s in note.open_note(signed, KEYS).signatures] == KEYS
    forged = signed.replace("ledger.example\n1", "ledger.example\n2")
    with pytest.raises(BadInput, match="wrong"):
        note.open_note(forged, KEYS)
    with pytest.raises(BadInput, match="No known key"):
        note.open_note(signed, [])


def test_a_verifier_key_reads_back_and_a_changed_one_is_refused() -> None:
    vkey = SIGNER.verifier.vkey
    assert note.Verifier.parse(vkey) == SIGNER.verifier
    with pytest.raises(BadInput):
        note.Verifier.parse(vkey.replace("ledger", "lodger"))


def test_the_key_opens_with_its_passphrase_and_is_made_once(tmp_path: Path) -> None:
    made = keys.create_key(tmp_path, "ledger.example", "correct horse")
    assert keys.open_key(tmp_path, "correct horse").verifier == made.verifier
    with pytest.raises(BadInput):
        keys.open_key(tmp_path, "wrong horse")
    with pytest.raises(BadInput, match="already"):
        keys.create_key(tmp_path, "ledger.example", "correct horse")


def commitment_of(records: Records, seq: int) -> str:
    with records.read() as connection:
        return str(body.read(store.entry(connection, seq))["commitment"])


def test_an_erased_payload_is_no_problem_when_an_entry_says_so(records: Records) -> None:
    with records.change(Actor.system("test")) as change:
        people.add_person(change, "p-1", "Somebody")
        people.grant_role(change, "p-1", "dpo", reason="test")
    sign(records)
    with records.change(Actor.person("p-1")) as change:
        erasure.erase(change, commitment_of(records, 0), "art-17-1-a")
    with records.read() as connection:
        found = verify_ledger(connection, KEYS)
    assert (found.verdict, found.erased) == ("VALID", 1)


def test_a_payload_that_just_vanished_is_reported(records: Records) -> None:
    sign(records)
    tamper(records, "delete from ledger_private where seq = 2")
    assert problems(records) == (
        "INVALID", "the private payload of entry 2 is gone without an erasure entry",
    )  # fmt: skip


def test_free_text_as_a_ground_for_erasure_is_refused(records: Records) -> None:
    with pytest.raises(BadInput), records.change(Actor.system("test")) as change:
        erasure.erase(change, commitment_of(records, 0), "Anna asked for it")
