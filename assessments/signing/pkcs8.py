"""Private keys at rest: encrypted PKCS#8 with a work factor that resists guessing.

PBES2 (RFC 8018): PBKDF2-HMAC-SHA-256 with at least 600,000 iterations (OWASP password storage,
2023), AES-256-CBC. Written here because cryptography's own writer fixes 2,048 iterations; read by
cryptography, pyHanko and OpenSSL alike.
"""

from __future__ import annotations

import base64
import hashlib
import secrets

from asn1crypto import algos, keys
from asn1crypto.core import OctetString
from cryptography.hazmat.primitives import padding, serialization
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from assessments.errors import BadInput

MIN_ITERATIONS = 600_000
_KEY_BYTES = 32
_BLOCK_BYTES = 16
_PEM_LABEL = "ENCRYPTED PRIVATE KEY"


def encrypt_pkcs8(
    key: PrivateKeyTypes, passphrase: str, *, iterations: int = MIN_ITERATIONS
) -> bytes:
    """The key as PEM; refuses fewer iterations than the minimum and an empty passphrase."""
    if iterations < MIN_ITERATIONS:
        raise ValueError(f"at least {MIN_ITERATIONS} iterations")
    if not passphrase:
        raise BadInput("A key needs a passphrase", field="passphrase")
    plain = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    salt, vector = secrets.token_bytes(_BLOCK_BYTES), secrets.token_bytes(_BLOCK_BYTES)
    secret = hashlib.pbkdf2_hmac("sha256", passphrase.encode(), salt, iterations, _KEY_BYTES)
    padder = padding.PKCS7(_BLOCK_BYTES * 8).padder()
    encryptor = Cipher(algorithms.AES(secret), modes.CBC(vector)).encryptor()
    sealed = encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()
    info = keys.EncryptedPrivateKeyInfo(
        {
            "encryption_algorithm": _algorithm(salt, vector, iterations),
            "encrypted_data": OctetString(sealed),
        }
    )
    return _pem(info.dump())


def load_pkcs8(pem: bytes, passphrase: str) -> PrivateKeyTypes:
    """Open an encrypted key; a wrong passphrase is BadInput and says nothing more."""
    try:
        return serialization.load_pem_private_key(pem, passphrase.encode())
    except (ValueError, TypeError) as error:
        raise BadInput(
            "The key cannot be opened",
            "The passphrase is wrong, or the file is not an encrypted PKCS#8 key.",
            field="passphrase",
        ) from error


def _algorithm(salt: bytes, vector: bytes, iterations: int) -> algos.EncryptionAlgorithm:
    return algos.EncryptionAlgorithm(
        {
            "algorithm": "pbes2",
            "parameters": {
                "key_derivation_func": {
                    "algorithm": "pbkdf2",
                    "parameters": {
                        "salt": algos.Pbkdf2Salt({"specified": salt}),
                        "iteration_count": iterations,
                        "prf": {"algorithm": "sha256"},
                    },
                },
                "encryption_scheme": {"algorithm": "aes256_cbc", "parameters": vector},
            },
        }
    )


def _pem(der: bytes) -> bytes:
    body = base64.b64encode(der)
    lines = [body[i : i + 64] for i in range(0, len(body), 64)]
    head, foot = f"-----BEGIN {_PEM_LABEL}-----".encode(), f"-----END {_PEM_LABEL}-----".encode()
    return b"\n".join([head, *lines, foot, b""])
