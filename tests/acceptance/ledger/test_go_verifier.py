"""Go's own checksum-database packages read our checkpoints and proofs, and refuse forged ones."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from assessments.ledger import keys, note, proof, store
from assessments.ledger.checkpoint import Checkpoint, make_checkpoint
from assessments.ledger.note import Cosigner
from assessments.records import Records
from tests.assessments.reports.test_board import Office

PACKAGES = Path("/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog")
SOURCE = Path(__file__).resolve().parents[3] / "docs" / "verify" / "check_ledger.go"
SIZES = (1, 2, 7, 64, 131)
pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.skipif(
        shutil.which("go") is None or not PACKAGES.exists(),
        reason="golang-go and golang-golang-x-mod-dev are absent",
    ),
]


@pytest.fixture(scope="module")
def verifier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("go")
    source = folder / "main.go"
    shutil.copy(SOURCE, source)
    environment = {
        "PATH": os.environ["PATH"],
        "GO111MODULE": "off",
        "GOPATH": "/usr/share/gocode",
        "GOCACHE": str(folder / "cache"),
        "GOFLAGS": "-p=1",
    }
    subprocess.run(
        ["go", "build", "-o", folder / "tlogv", source], check=True, env=environment, cwd=folder
    )
    return folder / "tlogv"


class Log:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.records = Records.open(f"sqlite:///{folder / 'records.sqlite'}")
        self.key = keys.create_key(folder / "keys", "ledger.example/log", "correct horse")
        self.notes: dict[int, str] = {}
        for size in SIZES:
            self.grow(size)

    def grow(self, size: int) -> None:
        with self.records.engine.begin() as connection:
            for seq in range(store.size(connection), size):
                store.append(connection, f'{{"seq":{seq}}}'.encode())
        with self.records.engine.begin() as connection:
            self.notes[size] = make_checkpoint(connection, [self.key], datetime.now(UTC))

    def file(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Log:
    return Log(tmp_path_factory.mktemp("log"))


def run(*command: object) -> tuple[int, str]:
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_go_accepts_every_entry_and_no_other_body(verifier: Path, log: Log) -> None:
    vkey = log.key.verifier.vkey
    with log.records.read() as connection:
        for seq, size in (
            (0, 1),
            (1, 2),
            (0, 7),
            (6, 7),
            (63, 64),
            (0, 131),
            (128, 131),
            (130, 131),
        ):
            made = log.file("e.tlog-proof", proof.make_proof(connection, seq, log.notes[size]))
            body = log.file("entry.json", store.entry(connection, seq).body)
            assert run(verifier, "incl", vkey, made, body) == (0, f"inclusion OK index {seq}\n")
            other = log.file("other.json", b"{}")
            assert run(verifier, "incl", vkey, made, other)[0] == 1


def test_go_accepts_growth_and_refuses_a_fork(verifier: Path, log: Log) -> None:
    vkey = log.key.verifier.vkey
    files = {size: log.file(f"{size}.checkpoint", text) for size, text in log.notes.items()}
    parsed = {size: Checkpoint.parse(note.split(text)[0]) for size, text in log.notes.items()}
    with log.records.read() as connection:
        for old, new in ((1, 2), (2, 7), (7, 64), (64, 131), (1, 131), (131, 131)):
            lines = proof.make_consistency(connection, parsed[old], parsed[new])
            made = log.file("proof", lines)
            said = run(verifier, "cons", vkey, files[old], files[new], made)
            assert said == (0, f"consistency OK {old} -> {new}\n")
    fork = Checkpoint(log.key.name, 64, bytes(32))
    forged = log.file("fork.checkpoint", note.sign_note(fork.text, log.key.signers))
    assert run(verifier, "cons", vkey, forged, files[131], made)[0] == 1


def test_go_ignores_a_witness_and_another_key_and_refuses_a_changed_text(
    verifier: Path, log: Log
) -> None:
    vkey = log.key.verifier.vkey
    text = note.split(log.notes[131])[0]
    witness = Cosigner("witness.example", Ed25519PrivateKey.generate())
    cosigned = log.file(
        "co.checkpoint", log.notes[131] + witness.signature_line(text, 1_790_000_000)
    )
    none = log.file("proof", "")
    assert run(verifier, "cons", vkey, cosigned, cosigned, none)[0] == 0
    changed = log.file("changed.checkpoint", log.notes[131].replace("\n131\n", "\n130\n"))
    assert "FAILED" in run(verifier, "cons", vkey, changed, changed, none)[1]
    stranger = note.Signer(log.key.name, Ed25519PrivateKey.generate())
    alien = log.file("alien.checkpoint", note.sign_note(text, [stranger]))
    assert "FAILED" in run(verifier, "cons", vkey, alien, alien, none)[1]


def test_go_reads_the_proofs_of_two_board_packs(verifier: Path, tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.add(5)
    first = office.pack()
    office.add(9)
    second = office.pack(first.files["checkpoint"])
    folder = tmp_path / "pack"
    folder.mkdir()
    for name, data in second.files.items():
        if "/" not in name:
            (folder / name).write_bytes(data)
    vkey = (folder / "vkey").read_text().strip()
    entry = [folder / "packed.tlog-proof", folder / "packed.json"]
    heads = [folder / "previous-checkpoint", folder / "checkpoint", folder / "consistency.txt"]
    for command, files in (("incl", entry), ("cons", heads)):
        done = subprocess.run([verifier, command, vkey, *files], capture_output=True, text=True,
                              check=False)  # fmt: skip
        assert "OK" in done.stdout, done.stdout
