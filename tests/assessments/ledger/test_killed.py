"""kill -9 at any moment loses no change that was acknowledged, and leaves a tree that verifies."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from assessments.ledger import body, checkpoint, note, store
from assessments.ledger.verify import verify_ledger
from assessments.records import Actor, Records

WRITER = """
import sys
from assessments.records import Actor, Event, Records
records = Records.open(sys.argv[1])
for number in range(100_000):
    with records.change(Actor.system("test")) as change:
        seq = change.apply(Event("x", "thing", str(number), "people.manage"))
    print(seq, flush=True)
"""
KILLS = (1, 25)


def test_a_killed_writer_loses_nothing_that_it_had_acknowledged(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'records.sqlite'}"
    Records.open(address).close()
    acknowledged = -1
    for lines in KILLS:
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, address], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        for _ in range(lines):
            acknowledged = int(writer.stdout.readline())
        writer.kill()
        rest = writer.communicate()[0].split()
        acknowledged = int(rest[-1]) if rest else acknowledged
        assert size_of(address) > acknowledged
    records = Records.open(address)
    signer = note.Signer("ledger.example", Ed25519PrivateKey.generate())
    with records.change(Actor.system("test")) as change:
        checkpoint.make_checkpoint(change.connection, [signer], change.now)
    with records.read() as connection:
        assert verify_ledger(connection, [signer.verifier]).verdict == "VALID"
        assert body.read(store.entry(connection, acknowledged))["action"] == "x"
    records.close()


def size_of(address: str) -> int:
    records = Records.open(address)
    with records.read() as connection:
        found = store.size(connection)
    records.close()
    return found
