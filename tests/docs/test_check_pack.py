"""The auditor's file: it accepts what libraries sign, and no forged twin of a pack."""

from __future__ import annotations

import contextlib
import importlib.util
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.ledger import tree
from assessments.reports.pack import Pack
from tests.assessments.signing.forgeries import FORGERIES
from tests.assessments.signing.signed_pack import make_signed_pack, new_authority

FILE = Path(__file__).resolve().parents[2] / "docs" / "verify" / "check_pack.py"
UNCOMPRESSED = (serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_pack", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


check_pack = load()
EC_KEY = ec.generate_private_key(ec.SECP256R1())
RSA_KEY = rsa.generate_private_key(65537, 2048)
ED_KEY = ed25519.Ed25519PrivateKey.generate()


def with_ecdsa(message: bytes) -> tuple[Callable[..., None], bytes, bytes]:
    public = EC_KEY.public_key().public_bytes(*UNCOMPRESSED)
    return check_pack.ecdsa, public, EC_KEY.sign(message, ec.ECDSA(hashes.SHA256()))


def with_rsa(message: bytes) -> tuple[Callable[..., None], bytes, bytes]:
    kind = (serialization.Encoding.DER, serialization.PublicFormat.PKCS1)
    signature = RSA_KEY.sign(message, padding.PKCS1v15(), hashes.SHA256())
    return check_pack.rsa, RSA_KEY.public_key().public_bytes(*kind), signature


def with_ed25519(message: bytes) -> tuple[Callable[..., None], bytes, bytes]:
    return check_pack.ed25519, ED_KEY.public_key().public_bytes_raw(), ED_KEY.sign(message)


@pytest.mark.parametrize("sign", [with_ecdsa, with_rsa, with_ed25519])
@settings(max_examples=12, deadline=None)
@given(message=st.binary(max_size=300), position=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_what_a_library_signs_holds_and_no_flipped_bit_does(
    sign: Callable[[bytes], tuple[Callable[..., None], bytes, bytes]],
    message: bytes,
    position: int,
    bit: int,
) -> None:
    verify, public, signature = sign(message)
    verify(public, signature, message)
    for number, part in enumerate((public, signature, message)):
        if part:
            changed = bytearray(part)
            changed[position % len(part)] ^= 1 << bit
            parts = [public, signature, message]
            parts[number] = bytes(changed)
            with pytest.raises((check_pack.Broken, LookupError, ValueError)):
                verify(*parts)


def test_the_published_vector_of_ed25519_holds() -> None:
    """RFC 8032, 7.1, test 3."""
    check_pack.ed25519(
        bytes.fromhex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"),
        bytes.fromhex(
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
        bytes.fromhex("af82"),
    )


@given(size=st.integers(1, 40), data=st.data())
@settings(max_examples=40, deadline=None)
def test_proofs_climb_to_the_root_from_their_own_place_only(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    leaves = [tree.hash_leaf(bytes([number])) for number in range(size)]
    edge = tree.Edge()
    nodes: dict[tuple[int, int], bytes] = {}
    for leaf in leaves:
        nodes.update({(level, at): digest for level, at, digest in edge.add(leaf)})
    path = tree.inclusion_path(index, size, lambda level, at: nodes[level, at])
    assert check_pack.climb(index, size, leaves[index], path) == edge.root()
    other = data.draw(st.integers(0, size - 1))
    if other != index:
        with contextlib.suppress(check_pack.Broken):
            assert check_pack.climb(other, size, leaves[index], path) != edge.root()


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "pack"
    folder.mkdir()
    for name, content in make_signed_pack().pack.files.items():
        (folder / name).write_bytes(content)
    return folder


def verdict(pack: Path, root: bytes | None = None) -> int:
    file = pack.parent / "root.crt"
    file.write_bytes(root or make_signed_pack().root)
    code: int = check_pack.main([str(pack), str(file)])
    return code


def test_it_runs_alone_without_any_installed_package(pack: Path, tmp_path: Path) -> None:
    (tmp_path / "root.crt").write_bytes(make_signed_pack().root)
    (tmp_path / "pack.zip").write_bytes(make_signed_pack().pack.zip())
    for form in (pack, tmp_path / "pack.zip"):
        command = [sys.executable, "-I", "-S", FILE, form, tmp_path / "root.crt"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "CONSISTENT"), done.stdout


def test_it_reads_nothing_but_the_standard_library() -> None:
    imported = {line.split()[1].split(".")[0] for line in FILE.read_text("utf-8").splitlines()
                if line.startswith(("import ", "from "))}  # fmt: skip
    assert imported <= sys.stdlib_module_names


@pytest.mark.parametrize("name", sorted(make_signed_pack().pack.files))
@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_a_changed_byte_in_any_file_is_broken(pack: Path, name: str, place: float) -> None:
    content = bytearray((pack / name).read_bytes())
    content[int(len(content) * place)] ^= 1
    (pack / name).write_bytes(content)
    assert verdict(pack) == 1


@pytest.mark.parametrize("name", sorted(make_signed_pack().pack.files))
def test_a_missing_file_is_broken(pack: Path, name: str) -> None:
    (pack / name).unlink()
    assert verdict(pack) == 1


def test_a_file_that_nobody_stated_is_broken(pack: Path) -> None:
    (pack / "addendum.txt").write_text("approved without conditions")
    assert verdict(pack) == 1


def test_another_root_is_broken(pack: Path) -> None:
    assert verdict(pack, new_authority().root_certificate_pem) == 1


@pytest.mark.parametrize("name", sorted(set(FORGERIES) - {"hidden_before_signing"}))
def test_a_forged_report_does_not_even_pass_alone(name: str) -> None:
    genuine = make_signed_pack()
    issuing = check_pack.Certificate(genuine.pack.files["issuing.crt"])
    now = check_pack.datetime.now(check_pack.UTC)
    people = {r: check_pack.Certificate(genuine.pack.files[f"{r}.crt"]) for r in check_pack.ROLES}
    check_pack.check_report(genuine.report, issuing, people, now)
    with pytest.raises((check_pack.Broken, LookupError, ValueError)):
        check_pack.check_report(FORGERIES[name](genuine), issuing, people, now)


def test_an_empty_archive_and_a_bomb_are_broken(tmp_path: Path) -> None:
    (tmp_path / "empty.zip").write_bytes(b"")
    assert verdict(tmp_path / "empty.zip") == 1
    (tmp_path / "bomb.zip").write_bytes(Pack({"report.pdf": bytes(201_000_000)}).zip())
    assert verdict(tmp_path / "bomb.zip") == 1
