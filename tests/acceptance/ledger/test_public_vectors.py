"""The public transparency-log vectors, and OpenSSL on one of our checkpoints."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from assessments.ledger import tree
from assessments.ledger.note import Signer, sign_note

VECTORS = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "tlog-vectors"
needs_vectors = pytest.mark.skipif(not VECTORS.exists(), reason="the shared vectors are absent")
pytestmark = pytest.mark.acceptance


def load(name: str) -> list[dict[str, Any]]:
    if not VECTORS.exists():
        return []
    found = json.loads((VECTORS / f"{name}.json").read_text())
    return list(found)


def raw(value: str | None) -> bytes:
    return base64.b64decode(value or "")


@needs_vectors
def test_roots_of_small_trees_are_the_published_ones() -> None:
    published = json.loads((VECTORS / "roots.json").read_text())
    leaves = [tree.hash_leaf(bytes.fromhex(text)) for text in published["leaf_inputs_hex"]]
    nodes: dict[tuple[int, int], bytes] = {}

    def read(level: int, index: int) -> bytes:
        return nodes[level, index]

    for size, expected in enumerate(published["roots_hex_by_size"]):
        assert tree.range_root(0, size, read).hex() == expected
        if size < len(leaves):
            nodes |= {
                (lv, ix): digest for lv, ix, digest in tree.new_nodes(size, leaves[size], read)
            }


@pytest.mark.parametrize("case", load("inclusion"), ids=lambda c: c.get("desc", "?"))
def test_inclusion_vector(case: dict[str, Any]) -> None:
    path = [raw(item) for item in case["proof"] or []]
    accepted = tree.verify_inclusion(
        case["leafIdx"], case["treeSize"], raw(case["leafHash"]), path, raw(case["root"])
    )
    assert accepted == (not case["wantErr"])


@pytest.mark.parametrize("case", load("consistency"), ids=lambda c: c.get("desc", "?"))
def test_consistency_vector(case: dict[str, Any]) -> None:
    roots = raw(case["root1"]), raw(case["root2"])
    if not case["wantErr"] and len(roots[0]) != tree.HASH_SIZE:
        pytest.skip("the one published case with dummy roots that are no hashes")
    path = [raw(item) for item in case["proof"] or []]
    accepted = tree.verify_consistency(case["size1"], case["size2"], *roots, path)
    assert accepted == (not case["wantErr"])


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is absent")
def test_openssl_verifies_a_checkpoint(tmp_path: Path) -> None:
    signer = Signer("log.example", Ed25519PrivateKey.generate())
    text = f"log.example\n1\n{base64.b64encode(tree.hash_leaf(b'x')).decode()}\n"
    note = sign_note(text, [signer])
    signature = base64.b64decode(note.splitlines()[-1].split(" ")[2])[4:]
    prefix = bytes.fromhex("302a300506032b6570032100")
    key = tmp_path / "log.der"
    key.write_bytes(prefix + signer.verifier.key)
    (tmp_path / "body.txt").write_text(text)
    (tmp_path / "sig.raw").write_bytes(signature)
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", key, "-keyform", "DER",
               "-rawin", "-in", tmp_path / "body.txt", "-sigfile", tmp_path / "sig.raw"]  # fmt: skip
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    (tmp_path / "body.txt").write_text(text.replace("\n1\n", "\n2\n"))
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0
