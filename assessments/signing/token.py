"""People's keys on a PKCS#11 token or HSM: made there, used there, never seen by this product.

The folder of a person holds ``token.json`` (module, token label, key ids) in place of key files; the
PIN stands where a passphrase would. Needs the extra ``[pkcs11]``.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from assessments.errors import BadInput, NotFound
from assessments.files import replace_file

FILE = "token.json"
ID_SIZE = 16


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person's two keys are; ids in hexadecimal."""

    module: str
    token: str
    document: str
    statement: str


@dataclass(frozen=True, slots=True, repr=False)
class TokenKey:
    """One private key on a token, with the PIN that opens it; kept in memory only."""

    module: str
    token: str
    key_id: bytes
    pin: str

    @contextmanager
    def session(self, *, is_writing: bool = False) -> Iterator[Any]:
        """An open session; BadInput for a wrong PIN, NotFound without module or token."""
        with _session(self.module, self.token, self.pin, is_writing) as opened:
            yield opened

    def sign_ecdsa(self, message: bytes) -> bytes:
        """ECDSA over P-256 and SHA-256, as DER."""
        pkcs11 = _library()
        with self.session() as opened:
            key = _private(opened, self.key_id)
            digest = hashlib.sha256(message).digest()
            raw = key.sign(digest, mechanism=pkcs11.Mechanism.ECDSA)
        half = len(raw) // 2
        return encode_dss_signature(int.from_bytes(raw[:half]), int.from_bytes(raw[half:]))


def make_keys(
    module: str, token: str, pin: str, bits: int
) -> tuple[Place, rsa.RSAPublicKey, ec.EllipticCurvePublicKey]:
    """Make both key pairs on the token, unextractable, and return their public halves."""
    pkcs11 = _library()
    from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters
    from pkcs11.util.rsa import encode_rsa_public_key

    document, statement = secrets.token_bytes(ID_SIZE), secrets.token_bytes(ID_SIZE)
    with _session(module, token, pin, is_writing=True) as opened:
        public, _ = opened.generate_keypair(
            pkcs11.KeyType.RSA, bits, id=document, label="document", store=True,
            private_template=_locked(pkcs11),
        )  # fmt: skip
        parameters = opened.create_domain_parameters(
            pkcs11.KeyType.EC,
            {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")},
            local=True,
        )
        point, _ = parameters.generate_keypair(
            id=statement, label="statement", store=True, private_template=_locked(pkcs11)
        )
        rsa_key = serialization.load_der_public_key(encode_rsa_public_key(public))
        ec_key = serialization.load_der_public_key(encode_ec_public_key(point))
    if not (
        isinstance(rsa_key, rsa.RSAPublicKey) and isinstance(ec_key, ec.EllipticCurvePublicKey)
    ):
        raise BadInput("The token made other keys than were asked for")
    return Place(module, token, document.hex(), statement.hex()), rsa_key, ec_key


def write_place(folder: Path, place: Place) -> None:
    """Note where the keys are."""
    replace_file(folder / FILE, json.dumps(asdict(place), indent=1).encode())


def read_place(folder: Path) -> Place | None:
    """Where the keys are, or None when they are files."""
    file = folder / FILE
    return Place(**json.loads(file.read_bytes())) if file.exists() else None


@contextmanager
def pdf_signer(key: TokenKey, certificate: Any, store: Any) -> Iterator[Any]:
    """What pyHanko signs with."""
    _library()
    from pyhanko.sign.pkcs11 import PKCS11Signer

    with key.session() as opened:
        yield PKCS11Signer(
            opened, signing_cert=certificate, ca_chain=list(store), key_id=key.key_id,
            embed_roots=False, bulk_fetch=False,
        )  # fmt: skip


def _locked(pkcs11: Any) -> dict[Any, Any]:
    kind = pkcs11.Attribute
    return {kind.SENSITIVE: True, kind.EXTRACTABLE: False, kind.PRIVATE: True}


def _private(opened: Any, key_id: bytes) -> Any:
    pkcs11 = _library()
    try:
        return opened.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, id=key_id)
    except pkcs11.NoSuchKey as error:
        raise NotFound("The token does not hold this key", field="token") from error


@contextmanager
def _session(module: str, token: str, pin: str, is_writing: bool) -> Iterator[Any]:
    pkcs11 = _library()
    try:
        slot = pkcs11.lib(module).get_token(token_label=token)
    except pkcs11.NoSuchToken as error:
        raise NotFound("There is no token of that label", "Plug it in.", field="token") from error
    except (RuntimeError, OSError, pkcs11.PKCS11Error) as error:
        raise NotFound("The token's driver cannot be loaded", where={"file": module}) from error
    try:
        with slot.open(user_pin=pin, rw=is_writing) as opened:
            yield opened
    except (pkcs11.PinIncorrect, pkcs11.PinLenRange, pkcs11.PinInvalid) as error:
        raise BadInput("The PIN does not open the token", field="passphrase") from error
    except pkcs11.PinLocked as error:
        raise BadInput(
            "The token is locked after too many wrong PINs", field="passphrase"
        ) from error


def _library() -> Any:
    try:
        import pkcs11
    except ImportError as error:
        raise NotFound(
            "Tokens need the extra [pkcs11]", "Install privacy-workbench[pkcs11]."
        ) from error
    return pkcs11
