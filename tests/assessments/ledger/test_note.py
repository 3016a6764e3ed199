"""Notes and checkpoints are read strictly: one spelling, no tricks."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from assessments.errors import BadInput
from assessments.ledger.checkpoint import Checkpoint, open_checkpoint
from assessments.ledger.note import Cosigner, Signer, Verifier, open_note, sign_note
from assessments.ledger.proof import Proof

LOG = Signer("ledger.example", Ed25519PrivateKey.generate())
WITNESS = Cosigner("witness.example", Ed25519PrivateKey.generate())
SIGNED = sign_note(Checkpoint(LOG.name, 5, bytes(32)).text, [LOG])
ROOT = base64.b64encode(bytes(32)).decode()

# The worked example of Go's sumdb/note package documentation.
PUBLISHED_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PUBLISHED_NOTE = """If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""


def test_the_published_example_of_the_format_verifies() -> None:
    known = Verifier.parse(PUBLISHED_KEY)
    assert known.vkey == PUBLISHED_KEY
    assert open_note(PUBLISHED_NOTE, [known]).signatures[0].verifier == known
    with pytest.raises(BadInput):
        open_note(PUBLISHED_NOTE.replace("answer", "Answer"), [known])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ledger.example\n5\n",
        f"\n5\n{ROOT}\n",
        f"ledger.example\n05\n{ROOT}\n",
        f"ledger.example\n+5\n{ROOT}\n",
        f"ledger.example\n٥\n{ROOT}\n",
        f"ledger.example\n{'9' * 5000}\n{ROOT}\n",
        f"ledger.example\n5\n{ROOT[:-1]}\n",
        f"ledger.example\n5\n{ROOT[:-2]}B=\n",
        f"ledger.example\n5\n{ROOT}\n\n",
        f"ledger.example\n5\n{ROOT}",
        "ledger.example\n5\nAAAA\n",
    ],
)
def test_a_malformed_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        Checkpoint.parse(text)


MANGLES: list[Callable[[str], str]] = [
    lambda note: note.replace("— ", "— — "),
    lambda note: note.replace("— ", "-- "),
    lambda note: note.rstrip("\n"),
    lambda note: note + "\n",
    lambda note: note + "stray line\n",
    lambda note: note.replace("\n5\n", "\r\n5\r\n"),
    lambda note: note.replace("ledger.example\n", "ledger.example\x00\n", 1),
    lambda note: note + "— other.example AAAA\n",
    lambda note: note + "— witness " + "A" * 1_000_000 + "\n",
    lambda note: note + "— other.example AAAAAAAA\n" * 100,
]


@pytest.mark.parametrize("mangle", MANGLES)
def test_a_malformed_note_is_refused(mangle: Callable[[str], str]) -> None:
    with pytest.raises(BadInput):
        open_note(mangle(SIGNED), [LOG.verifier])


def test_a_note_signed_by_a_witness_alone_is_no_checkpoint() -> None:
    text = Checkpoint(LOG.name, 5, bytes(32)).text
    only = f"{text}\n{WITNESS.signature_line(text, 1)}"
    with pytest.raises(BadInput, match="not signed by the log"):
        open_checkpoint(only, [LOG.verifier, WITNESS.verifier])


def test_a_log_may_not_sign_in_the_name_of_another() -> None:
    text = Checkpoint("other.example", 5, bytes(32)).text
    with pytest.raises(BadInput, match="not signed by the log"):
        open_checkpoint(sign_note(text, [LOG]), [LOG.verifier])


def test_a_second_wrong_line_of_a_known_key_rejects_the_note() -> None:
    other = sign_note(Checkpoint(LOG.name, 6, bytes(32)).text, [LOG])
    with pytest.raises(BadInput, match="wrong"):
        open_note(SIGNED + other.splitlines()[-1] + "\n", [LOG.verifier])


def test_a_cosignature_binds_its_time() -> None:
    text = Checkpoint(LOG.name, 5, bytes(32)).text
    line = WITNESS.signature_line(text, 1_790_000_000)
    known = [LOG.verifier, WITNESS.verifier]
    assert [s.at for s in open_note(SIGNED + line, known).signatures] == [None, 1_790_000_000]
    name, encoded = line.removeprefix("— ").rstrip("\n").split(" ")
    raw = bytearray(base64.b64decode(encoded))
    raw[11] ^= 1
    earlier = f"— {name} {base64.b64encode(raw).decode()}\n"
    with pytest.raises(BadInput, match="wrong"):
        open_note(SIGNED + earlier, known)


def test_one_key_as_log_and_as_witness_has_two_ids() -> None:
    both = Cosigner(LOG.name, LOG.key)
    assert both.verifier.key_id != LOG.verifier.key_id
    assert Verifier.parse(both.verifier.vkey).is_witness


@given(st.integers(0, len(SIGNED.encode()) - 1), st.integers(1, 255))
def test_no_changed_byte_passes(position: int, change: int) -> None:
    raw = bytearray(SIGNED.encode())
    raw[position] ^= change
    with pytest.raises((BadInput, UnicodeDecodeError)):
        open_checkpoint(raw.decode(), [LOG.verifier])


@given(st.text(max_size=300))
def test_any_text_as_a_proof_is_answered_with_bad_input(text: str) -> None:
    for candidate in (text, f"c2sp.org/tlog-proof@v1\n{text}"):
        try:
            Proof.parse(candidate)
        except BadInput:
            continue


@pytest.mark.parametrize("index", ["03", "-1", "+3", " 3", "", "3 ", "0x3", "9" * 30])
def test_a_proof_with_another_spelling_of_its_index_is_refused(index: str) -> None:
    with pytest.raises(BadInput):
        Proof.parse(f"c2sp.org/tlog-proof@v1\nindex {index}\n\n{SIGNED}")


def test_an_extra_line_is_allowed_and_kept_out() -> None:
    parsed = Proof.parse(f"c2sp.org/tlog-proof@v1\nextra AAAA\nindex 3\n{ROOT}\n\n{SIGNED}")
    assert (parsed.index, parsed.path, parsed.checkpoint) == (3, (bytes(32),), SIGNED)
