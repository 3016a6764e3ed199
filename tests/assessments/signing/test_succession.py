"""Certificates are renewed and roots handed over; what was signed before stays valid."""

from __future__ import annotations

import subprocess
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from cryptography import x509

from assessments.errors import BadInput, NotPossibleNow
from assessments.signing import succession
from assessments.signing.authority import Authority
from assessments.signing.verification import Verification
from assessments.signing.verify import verify_here
from tests.assessments.reports.dpia import make_record
from tests.assessments.signing.signed_pack import PEOPLE, build, new_authority, passphrase

SECRET = "authority"


def folder_of(authority: Authority) -> Path:
    return authority._folder


def reopened(authority: Authority) -> Authority:
    return Authority.open(folder_of(authority), SECRET)


def renew_people(authority: Authority) -> None:
    for identifier, name in PEOPLE.values():
        authority.renew(identifier, name, passphrase(identifier))


def pack(authority: Authority, tmp_path: Path, name: str) -> Path:
    made = build(authority, rfc8785.dumps(make_record())).pack
    path = tmp_path / f"{name}.zip"
    path.write_bytes(made.zip())
    return path


def judge(path: Path, root: bytes) -> Verification:
    text = b64encode(root).decode()
    return verify_here({"path": str(path), "root": text, "policy": None})


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Three packs: under the first issuing certificate, under its successor, under a new root."""
    folder = tmp_path_factory.mktemp("story")
    authority = new_authority()
    old_root = authority.root_certificate_pem
    packs = [pack(authority, folder, "first")]
    succession.renew_issuing(folder_of(authority), SECRET)
    authority = reopened(authority)
    waiting = [authority.needs_renewal(identifier) for identifier, _ in PEOPLE.values()]
    renew_people(authority)
    packs.append(pack(authority, folder, "second"))
    succession.rotate_root(folder_of(authority), SECRET)
    authority = reopened(authority)
    renew_people(authority)
    packs.append(pack(authority, folder, "third"))
    bridge = (folder_of(authority) / succession.BRIDGE).read_bytes()
    return {"packs": packs, "old": old_root, "new": authority.root_certificate_pem,
            "bridge": bridge, "authority": authority, "waiting": waiting}  # fmt: skip


def test_packs_before_and_after_a_renewal_are_valid_under_the_same_root(
    story: dict[str, Any],
) -> None:
    for path in story["packs"][:2]:
        assert judge(path, story["old"]).verdict == "VALID"


def test_everybody_is_certified_anew_after_the_issuing_certificate(story: dict[str, Any]) -> None:
    assert story["waiting"] == [True, True, True]


def test_a_new_root_is_no_root_for_who_pinned_the_old_one_without_the_bridge(
    story: dict[str, Any],
) -> None:
    assert judge(story["packs"][2], story["old"]).verdict == "INVALID"
    assert judge(story["packs"][2], story["new"]).verdict == "VALID"
    assert judge(story["packs"][0], story["new"]).verdict == "INVALID"


def test_the_bridge_carries_the_trust_over_in_both_directions_of_time(
    story: dict[str, Any],
) -> None:
    for path in story["packs"]:
        found = judge(path, story["bridge"])
        assert found.verdict == "VALID", found.checks


def test_a_bridge_that_somebody_else_signed_carries_nothing(story: dict[str, Any]) -> None:
    stranger = new_authority()
    forged = story["old"] + stranger.root_certificate_pem
    with pytest.raises(BadInput, match="successor"):
        judge(story["packs"][2], forged)


def test_openssl_follows_the_bridge_too(story: dict[str, Any], tmp_path: Path) -> None:
    authority = story["authority"]
    certificates = x509.load_pem_x509_certificates(story["bridge"])
    (tmp_path / "old.crt").write_bytes(story["old"])
    (tmp_path / "bridge.crt").write_bytes(succession._pem(certificates[1]))
    (tmp_path / "issuing.crt").write_bytes(authority.issuing_certificate_pem)
    done = subprocess.run(
        ["openssl", "verify", "-x509_strict", "-CAfile", "old.crt", "-untrusted", "bridge.crt",
         "issuing.crt"], cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout == "issuing.crt: OK\n", done.stderr


def test_a_statement_begun_before_a_renewal_is_signed_with_the_key_that_it_names() -> None:
    authority = Authority.create(folder_of(new_authority()).parent / "other", SECRET, "Example")
    authority.issue("mara", "Mara", "her own")
    before = authority.certificate("mara", "statement")
    authority.renew("mara", "Mara", "her own")
    assert authority.statement_key("mara", "her own").certificate != before
    assert authority.statement_key("mara", "her own", certificate=before).certificate == before


def test_renewing_needs_the_passphrase_unless_the_key_was_revoked(tmp_path: Path) -> None:
    authority = Authority.create(tmp_path / "keys", SECRET, "Example")
    authority.issue("mara", "Mara", "her own")
    with pytest.raises(BadInput, match="passphrase"):
        authority.renew("mara", "Mara", "another")
    authority.revoke("mara")
    authority.renew("mara", "Mara", "another")
    assert not authority.is_revoked("mara")
    authority.document_key("mara", "another")


def test_a_revoked_certificate_is_on_the_list_of_the_authority_that_issued_it(
    tmp_path: Path,
) -> None:
    authority = Authority.create(tmp_path / "keys", SECRET, "Example")
    authority.issue("mara", "Mara", "her own")
    before = authority.certificate("mara", "document")
    authority.revoke("mara")
    succession.renew_issuing(tmp_path / "keys", SECRET)
    again = Authority.open(tmp_path / "keys", SECRET)
    own, _ = again.revocation_lists(again.issuer_of(before))
    found = x509.load_der_x509_crl(own)
    assert found.get_revoked_certificate_by_serial_number(before.serial_number) is not None
    assert found.is_signature_valid(again.issuer_of(before).public_key())  # type: ignore[arg-type]
    with pytest.raises(NotPossibleNow, match="revoked"):
        again.document_key("mara", "her own")


@pytest.mark.parametrize("moved", [0, 1, 3, 6])
def test_an_interrupted_handover_is_completed_when_the_authority_is_opened(
    tmp_path: Path, moved: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    Authority.create(tmp_path / "keys", SECRET, "Example")
    monkeypatch.setattr(succession, "finish", lambda _: None)
    succession.rotate_root(tmp_path / "keys", SECRET)
    monkeypatch.undo()
    for file in sorted((tmp_path / "keys" / "next").iterdir())[:moved]:
        file.replace(tmp_path / "keys" / file.name)
    opened = Authority.open(tmp_path / "keys", SECRET)
    assert not (tmp_path / "keys" / "next").exists()
    opened.issuing.verify_directly_issued_by(opened.root)
    opened.issue("mara", "Mara", "her own")
    opened.document_key("mara", "her own")


def test_a_handover_killed_while_it_was_written_changes_nothing(tmp_path: Path) -> None:
    before = Authority.create(tmp_path / "keys", SECRET, "Example").root_fingerprint
    (tmp_path / "keys" / "next.partial").mkdir()
    (tmp_path / "keys" / "next.partial" / "root.key").write_bytes(b"half")
    assert Authority.open(tmp_path / "keys", SECRET).root_fingerprint == before
    assert not (tmp_path / "keys" / "next.partial").exists()


def test_a_certificate_is_renewed_a_month_before_it_ends(tmp_path: Path) -> None:
    authority = Authority.create(tmp_path / "keys", SECRET, "Example")
    authority.issue("mara", "Mara", "her own")
    end = authority.certificate("mara", "document").not_valid_after_utc
    assert not authority.needs_renewal("mara", now=end - timedelta(days=31))
    assert authority.needs_renewal("mara", now=end - timedelta(days=29))
    assert not authority.needs_renewal("mara", now=datetime.now(UTC))
