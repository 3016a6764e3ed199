"""Keys at rest: OpenSSL reads them, and sees the work factor that we promise."""

import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from assessments.errors import BadInput
from assessments.signing.pkcs8 import MIN_ITERATIONS, encrypt_pkcs8, load_pkcs8

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is absent")


def test_a_key_comes_back_with_its_passphrase_only() -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    sealed = encrypt_pkcs8(key, "correct horse")
    opened = load_pkcs8(sealed, "correct horse")
    assert isinstance(opened, ed25519.Ed25519PrivateKey)
    assert opened.private_bytes_raw() == key.private_bytes_raw()
    with pytest.raises(BadInput):
        load_pkcs8(sealed, "wrong horse")


def test_a_weak_work_factor_or_no_passphrase_is_refused() -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    with pytest.raises(ValueError, match="600000"):
        encrypt_pkcs8(key, "x", iterations=2048)
    with pytest.raises(BadInput):
        encrypt_pkcs8(key, "")


@needs_openssl
def test_openssl_opens_the_key_and_shows_the_iterations(tmp_path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    path = tmp_path / "key.pem"
    path.write_bytes(encrypt_pkcs8(key, "correct horse"))
    opened = subprocess.run(
        ["openssl", "pkey", "-in", path, "-passin", "pass:correct horse", "-noout", "-text"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "Private-Key: (2048 bit" in opened.stdout
    parsed = subprocess.run(
        ["openssl", "asn1parse", "-in", path], capture_output=True, text=True, check=True
    ).stdout
    assert f"INTEGER           :{MIN_ITERATIONS:X}" in parsed.replace(":0", ":")
    assert "hmacWithSHA256" in parsed
    assert "aes-256-cbc" in parsed
