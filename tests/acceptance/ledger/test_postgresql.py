"""The same ledger on PostgreSQL: a cluster of the test's own, several writers, no edits."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from assessments.backup import snapshot
from assessments.errors import BadInput
from assessments.ledger import note, proof, store, tree
from assessments.ledger.checkpoint import make_checkpoint
from assessments.ledger.verify import NO_CHECKPOINT, verify_ledger
from assessments.records import Actor, Event, Records, people

DRIVERS = [name for name in ("psycopg", "pg8000") if importlib.util.find_spec(name)]
PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.slow,
    pytest.mark.skipif(not PROGRAMS, reason="Debian's postgresql is absent"),
    pytest.mark.skipif(not DRIVERS, reason="no PostgreSQL driver (psycopg or pg8000) is installed"),
]
SYSTEM = Actor.system("test")


def server_user() -> str | None:
    """PostgreSQL refuses to run as root; its Debian package brings a user."""
    if os.geteuid() != 0:
        return None
    return next((u.pw_name for u in pwd.getpwall() if u.pw_name == "postgres"), "nobody")


def run(*command: object) -> None:
    words = [str(word) for word in command]
    subprocess.run(words, check=True, user=server_user(), cwd="/", stdout=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="ledger-postgresql-"))
    if (user := server_user()) is not None:
        shutil.chown(folder, user)
    programs, data = PROGRAMS[-1].parent, folder / "data"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    run(programs / "initdb", "-D", data, "-A", "trust", "-U", "office", "--no-sync")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
    run(programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
    yield f"postgresql+{DRIVERS[0]}://office@127.0.0.1:{port}/postgres"
    run(programs / "pg_ctl", "-D", data, "-w", "-m", "fast", "stop")
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def records(cluster: str) -> Iterator[Records]:
    opened = Records.open(cluster)
    yield opened
    opened.close()


def add(records: Records, count: int) -> None:
    for number in range(count):
        with records.change(SYSTEM) as change:
            private = {"answer": "yes"}
            change.apply(Event("x", "thing", str(number), "people.manage", private=private))


def test_four_writers_make_one_tree_that_verifies(records: Records) -> None:
    writers = [threading.Thread(target=add, args=(records, 25)) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    log = note.Signer("ledger.example", Ed25519PrivateKey.generate())
    with records.change(SYSTEM) as change:
        made = make_checkpoint(change.connection, [log], datetime.now(UTC))
    with records.read() as connection:
        assert store.size(connection) == 100
        found = verify_ledger(connection, [log.verifier])
        assert (found.verdict, found.checked, found.problems) == ("VALID", 100, ())
        body = store.entry(connection, 57).body
        made = proof.make_proof(connection, 57, made)
        bodies = [entry.body for entry in reversed(store.entries(connection, limit=100))]
        root = store.root(connection)
    assert proof.verify_proof(made, body, [log.verifier]).size == 100
    edge = tree.Edge()
    for raw in bodies:
        edge.add(tree.hash_leaf(raw))
    assert edge.root() == root


@pytest.mark.parametrize(
    "statement",
    [
        "update ledger_entry set body = ''",
        "delete from ledger_node",
        "truncate ledger_checkpoint",
        "delete from ledger_endorsement",
    ],
)
def test_the_database_refuses_honest_mistakes(records: Records, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        records.engine.begin() as connection,
    ):
        connection.execute(text(statement))


def test_a_rolled_back_change_leaves_no_entry(records: Records) -> None:
    with records.read() as connection:
        before = store.size(connection), store.root(connection)
    with pytest.raises(RuntimeError), records.change(SYSTEM) as change:
        change.apply(Event("x", "thing", "1", "people.manage"))
        raise RuntimeError
    with records.read() as connection:
        assert (store.size(connection), store.root(connection)) == before


def test_an_edit_by_the_databases_owner_is_found(records: Records) -> None:
    add(records, 4)
    with records.engine.begin() as connection:
        connection.execute(text("alter table ledger_entry disable trigger all"))
        edit = "update ledger_entry set body = body || ' '::bytea where seq = 3"
        connection.execute(text(edit))
    with records.read() as connection:
        found = verify_ledger(connection, [])
    assert found.verdict == "INVALID"
    assert "entry 3 does not match its stored hash" in found.problems


def test_a_backup_moves_from_postgresql_to_sqlite_and_back(
    records: Records, tmp_path: Path
) -> None:
    with records.engine.begin() as connection:
        connection.execute(text("alter table ledger_entry disable trigger all"))
        edit = "update ledger_entry set body = rtrim(convert_from(body, 'utf8'))::bytea where seq=3"
        connection.execute(text(edit))
        connection.execute(text("alter table ledger_entry enable trigger all"))
    with records.change(SYSTEM) as change:
        people.add_person(change, "p-1", "A person")
    snapshot.take(records, tmp_path / "records.sqlite")
    taken = Records.open(f"sqlite:///{tmp_path / 'records.sqlite'}")
    with records.read() as original, taken.read() as copy:
        expected = store.size(original), store.root(original)
        assert (store.size(copy), store.root(copy)) == expected
        assert verify_ledger(copy, []).problems == (NO_CHECKPOINT,)
    taken.close()
    with pytest.raises(BadInput, match="not empty"):
        snapshot.put_back(tmp_path / "records.sqlite", records)
    with records.engine.begin() as connection:
        connection.execute(text("drop schema public cascade"))
        connection.execute(text("create schema public"))
    again = Records.open(records.engine.url.render_as_string(hide_password=False))
    snapshot.put_back(tmp_path / "records.sqlite", again)
    add(again, 1)
    with again.read() as connection:
        assert store.size(connection) == expected[0] + 1
        assert verify_ledger(connection, []).problems == (NO_CHECKPOINT,)
        assert people.find_person(connection, "p-1").name == "A person"
    again.close()
