"""The key in another process: it signs growth, and nothing that the application says otherwise."""

from __future__ import annotations

import json
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assessments.errors import BadInput, Busy, Refused
from assessments.ledger import checkpoint, keys, store
from assessments.ledger.remote import RemoteKey
from assessments.ledger.signer import PASSPHRASE_VARIABLE, mask_of
from assessments.records import Records

PASSPHRASE = "correct horse"
AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def channel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("signer")
    keys.create_key(folder / "keys", "ledger.example", PASSPHRASE)
    process = subprocess.Popen(
        [sys.executable, "-m", "assessments.ledger.signer",
         "--socket", folder / "signer.socket", "--keys", folder / "keys"],
        env=os.environ | {PASSPHRASE_VARIABLE: PASSPHRASE}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "signing for ledger.example\n"
    yield folder / "signer.socket"
    process.terminate()
    process.wait(timeout=10)
    process.stdout.close()


def say(channel: Path, raw: bytes) -> dict[str, object]:
    with socket.socket(socket.AF_UNIX) as to, to.makefile("rb") as answer:
        to.settimeout(15)
        to.connect(str(channel))
        to.sendall(raw)
        return dict(json.loads(answer.readline()))


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Records:
    return Records.open(f"sqlite:///{tmp_path_factory.mktemp('records') / 'records.sqlite'}")


def grow(records: Records, count: int) -> None:
    with records.engine.begin() as connection:
        for number in range(count):
            store.append(connection, f'{{"n":{number}}}'.encode())


def sign(records: Records, key: RemoteKey) -> checkpoint.Checkpoint:
    with records.engine.begin() as connection:
        signed = checkpoint.make_checkpoint(connection, [key], AT)
    return checkpoint.open_checkpoint(signed, key.verifiers)


def test_it_signs_a_growing_ledger_and_refuses_a_fork_and_a_smaller_one(
    channel: Path, records: Records
) -> None:
    key = RemoteKey.connect(channel)
    for count in (3, 4, 6):
        grow(records, count)
        assert sign(records, key).size == store_size(records)
    for forged in (
        checkpoint.Checkpoint("ledger.example", 20, bytes(32)),
        checkpoint.Checkpoint("ledger.example", 13, bytes(32)),
        checkpoint.Checkpoint("ledger.example", 12, bytes(32)),
        checkpoint.Checkpoint("other.example", 20, bytes(32)),
    ):
        with pytest.raises(Refused):
            key.sign_checkpoint(forged.text, lambda _: [bytes(32)] * 4)
    grow(records, 1)
    assert sign(records, key).size == 14


def store_size(records: Records) -> int:
    with records.read() as connection:
        return store.size(connection)


@pytest.mark.parametrize(
    "raw",
    [
        b"\n",
        b"[]\n",
        b"{}\n",
        b'{"op": 7}\n',
        b'{"op": "export"}\n',
        b'{"op": "sign"}\n',
        b'{"op": "sign", "text": "x", "proof": 3}\n',
        b'{"op": "sign", "text": 5, "proof": ["AAAA"]}\n',
        b'{"op": "sign", "text": "ledger.example\\n1\\n\\n", "proof": []}\n',
        b"[" * 60_000 + b"\n",
        b"x" * 70_000 + b"\n",
        b"\xff\xfe\n",
    ],
)
def test_nonsense_is_answered_and_the_signer_stays_up(channel: Path, raw: bytes) -> None:
    assert say(channel, raw)["error"] == "BadInput"
    assert say(channel, b'{"op": "keys"}\n')["name"] == "ledger.example"


def test_only_its_owner_reaches_the_socket(channel: Path) -> None:
    assert stat.S_IMODE(channel.stat().st_mode) == 0o600
    with pytest.raises(BadInput):
        mask_of(0o666)


def test_an_absent_signer_is_said_to_be_absent(tmp_path: Path) -> None:
    with pytest.raises(Busy, match="does not answer"):
        RemoteKey.connect(tmp_path / "nobody.socket")
