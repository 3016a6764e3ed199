"""The ledger: appends that reach the disk, proofs at a million entries, the full re-hash."""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert

from assessments.ledger import note, store, tree
from assessments.ledger.checkpoint import make_checkpoint
from assessments.ledger.tables import ledger_entry, ledger_node
from assessments.ledger.verify import verify_ledger
from assessments.records import Actor, Event, Records

ENTRIES = 1_000_000
BATCH = 50_000
CHANGES = 500
BODY = (
    b'{"action":"answer.saved","actor":"p-17","commitment":null,"facts":{"question":"q-12"},'
    b'"id":"dpia-%d","kind":"assessment","session":"s","ts":"2026-11-20T12:00:00","v":1}'
)


def main() -> None:
    """Print one line a figure."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "records.sqlite"
        records = Records.open(f"sqlite:///{path}")
        _changes(records)
        _fill(records)
        size = path.stat().st_size / 1e6
        print(f"database with {ENTRIES:,} entries of {len(BODY)} bytes: {size:,.0f} MB")
        _proofs(records)
        _verification(records)
        records.close()


def _changes(records: Records) -> None:
    started = time.perf_counter()
    for number in range(CHANGES):
        with records.change(Actor.system("bench")) as change:
            change.apply(Event("x", "thing", str(number), "people.manage"))
    spent = time.perf_counter() - started
    print(f"changes with their entry, one transaction and fsync each: {CHANGES / spent:,.0f}/s")
    started = time.perf_counter()
    with records.engine.begin() as connection:
        for number in range(CHANGES * 4):
            store.append(connection, BODY % number)
    spent = time.perf_counter() - started
    print(f"appends in one transaction: {CHANGES * 4 / spent:,.0f}/s")


def _fill(records: Records) -> None:
    """Grow to the size in bulk; the tree is the one that single appends would make."""
    edge = tree.Edge()
    with records.engine.begin() as connection:
        for entry in reversed(store.entries(connection, limit=ENTRIES)):
            edge.add(tree.hash_leaf(entry.body))
    while edge.size < ENTRIES:
        bodies, nodes = [], []
        for seq in range(edge.size, min(edge.size + BATCH, ENTRIES)):
            bodies.append({"seq": seq, "body": BODY % seq})
            nodes += [
                {"level": level, "idx": index, "hash": digest}
                for level, index, digest in edge.add(tree.hash_leaf(BODY % seq))
            ]
        with records.engine.begin() as connection:
            connection.execute(insert(ledger_entry), bodies)
            connection.execute(insert(ledger_node), nodes)


def _proofs(records: Records) -> None:
    chosen = random.Random(6962)
    with records.read() as connection:
        _time("root", lambda: store.root(connection))
        _time(
            "inclusion proof", lambda: store.inclusion_proof(connection, chosen.randrange(ENTRIES))
        )
        _time(
            "consistency proof",
            lambda: store.consistency_proof(connection, chosen.randrange(1, ENTRIES)),
        )


def _verification(records: Records) -> None:
    log = note.Signer("ledger.example", Ed25519PrivateKey.generate())
    with records.engine.begin() as connection:
        make_checkpoint(connection, [log], datetime.now(UTC))
    started = time.perf_counter()
    with records.read() as connection:
        found = verify_ledger(connection, [log.verifier])
    spent = time.perf_counter() - started
    print(f"full re-hash: {found.verdict}, {found.checked:,} entries in {spent:.1f} s")


def _time(what: str, work: Callable[[], object], times: int = 300) -> None:
    spent = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        spent.append((time.perf_counter() - started) * 1000)
    print(
        f"{what} at {ENTRIES:,}: median {statistics.median(spent):.2f} ms, max {max(spent):.2f} ms"
    )


if __name__ == "__main__":
    main()
