from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from assessments.errors import BadInput, Conflict, NotFound, NotPossibleNow
from assessments.signing.authority import Authority


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    made = Authority.create(
        tmp_path_factory.mktemp("a") / "keys", "authority", "Meridian Credit SE"
    )
    made.issue("mara", "Mara Lindqvist", "mara's own")
    return made


def test_a_person_gets_a_key_for_documents_and_another_for_statements(authority: Authority) -> None:
    document = authority.document_key("mara", "mara's own")
    statement = authority.statement_key("mara", "mara's own")

    assert isinstance(document.key, rsa.RSAPrivateKey)
    assert document.key.key_size == 3072
    assert isinstance(statement.key.curve, ec.SECP256R1)


def test_openssl_follows_the_chain_and_the_usage_is_for_signing(
    authority: Authority, tmp_path: Path
) -> None:
    (tmp_path / "root.crt").write_bytes(authority.root_certificate_pem)
    (tmp_path / "issuing.crt").write_bytes(authority.issuing_certificate_pem)
    certificate = authority._person("mara") / "document.crt"

    done = subprocess.run(
        ["openssl", "verify", "-x509_strict", "-CAfile", "root.crt", "-untrusted", "issuing.crt", str(certificate)],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    usage = authority.certificate("mara", "document").extensions.get_extension_for_class(
        x509.KeyUsage
    )

    assert done.stdout.endswith("OK\n"), done.stderr
    assert usage.value.digital_signature
    assert usage.value.content_commitment
    assert not usage.value.key_cert_sign


def test_keys_rest_encrypted_under_600000_rounds_and_only_for_their_owner(
    authority: Authority,
) -> None:
    for file in authority._folder.rglob("*.key"):
        done = subprocess.run(
            ["openssl", "asn1parse", "-in", str(file)], capture_output=True, text=True, check=True
        )
        assert "PBKDF2" in done.stdout
        assert f":{600_000:X}" in done.stdout.replace(":0", ":")
        assert file.stat().st_mode & 0o077 == 0


def test_a_wrong_passphrase_opens_nothing(authority: Authority) -> None:
    with pytest.raises(BadInput):
        authority.document_key("mara", "guess")
    with pytest.raises(BadInput):
        Authority.open(authority._folder, "guess")


def test_an_authority_is_never_overwritten_and_can_be_opened_again(authority: Authority) -> None:
    with pytest.raises(Conflict):
        Authority.create(authority._folder, "authority", "Other")

    again = Authority.open(authority._folder, "authority")

    assert again.root_fingerprint == authority.root_fingerprint
    with pytest.raises(Conflict):
        again.issue("mara", "Somebody else", "x")


@pytest.mark.parametrize("person", ["../root", "a/b", "", ".hidden", "a" * 65, "a\n"])
def test_a_person_s_id_cannot_leave_the_folder(person: str, authority: Authority) -> None:
    with pytest.raises(BadInput):
        authority.issue(person, "Name", "passphrase")


def test_a_revoked_person_cannot_sign_until_certified_again(tmp_path: Path) -> None:
    authority = Authority.create(tmp_path / "keys", "authority", "Org")
    authority.issue("kim", "Kim", "one")
    serial = authority.certificate("kim", "document").serial_number

    authority.revoke("kim")

    with pytest.raises(NotPossibleNow):
        authority.document_key("kim", "one")
    listed = x509.load_der_x509_crl(authority.revocation_lists()[0])
    assert listed.get_revoked_certificate_by_serial_number(serial) is not None
    authority.issue("kim", "Kim", "two")
    assert authority.document_key("kim", "two").certificate.serial_number != serial


def test_an_expired_certificate_cannot_sign(authority: Authority) -> None:
    later = datetime.now(UTC) + timedelta(days=800)

    with pytest.raises(NotPossibleNow):
        authority.statement_key("mara", "mara's own", now=later)
    with pytest.raises(NotFound):
        authority.document_key("nobody", "x")
