"""Keys that never leave a token: SoftHSM holds them, poppler and OpenSSL check what they sign."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from assessments.errors import BadInput, Conflict, NotFound
from assessments.signing.authority import Authority
from assessments.signing.token import TokenKey, read_place
from assessments.signing.verify import verify_here
from tests.assessments.reports.dpia import make_record
from tests.assessments.signing.signed_pack import PEOPLE, build, passphrase

MODULES = [p for p in (Path("/usr/lib/softhsm/libsofthsm2.so"),) if p.exists()]
pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.skipif(
        not MODULES or not shutil.which("softhsm2-util"), reason="SoftHSM is absent"
    ),
    pytest.mark.skipif(
        not importlib.util.find_spec("pkcs11"), reason="the extra [pkcs11] is absent"
    ),
]
TOKEN = "privacy"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Its approver's keys are on a token; the others' are files."""
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
        pin = passphrase(PEOPLE["approver"][0])
        subprocess.run(
            ["softhsm2-util", "--init-token", "--free", "--label", TOKEN, "--so-pin", "12345678",
             "--pin", pin], check=True, capture_output=True,
        )  # fmt: skip
        made = Authority.create(folder / "keys", "authority", "Meridian Credit SE")
        for role, (identifier, name) in PEOPLE.items():
            if role == "approver":
                made.issue_on_token(identifier, name, str(MODULES[0]), TOKEN, pin)
            else:
                made.issue(identifier, name, passphrase(identifier))
        yield made


def approver(authority: Authority) -> Path:
    return authority._person(PEOPLE["approver"][0])


def test_a_pack_signed_with_a_token_is_valid_for_us_and_for_others(
    authority: Authority, tmp_path: Path
) -> None:
    made = build(authority, rfc8785.dumps(make_record()))
    path = tmp_path / "pack.zip"
    path.write_bytes(made.pack.zip())
    root = b64encode(made.root).decode()
    found = verify_here({"path": str(path), "root": root, "policy": None})
    assert found.verdict == "VALID", found.checks
    (tmp_path / "report.pdf").write_bytes(made.report)
    (tmp_path / "root.crt").write_bytes(made.root)
    checker = Path(__file__).resolve().parents[3] / "docs" / "verify" / "check_pack.py"
    done = subprocess.run(
        ["python3", "-I", checker, path, tmp_path / "root.crt"], capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.stdout.endswith("CONSISTENT\n"), done.stdout
    said = subprocess.run(["pdfsig", tmp_path / "report.pdf"], capture_output=True, text=True,
                          check=False).stdout  # fmt: skip
    assert said.count("Signature is Valid.") == 3


def test_no_private_key_is_in_a_file_and_the_token_gives_none_away(authority: Authority) -> None:
    assert not list(approver(authority).glob("*.key"))
    place = read_place(approver(authority))
    assert place is not None
    import pkcs11

    identifier = PEOPLE["approver"][0]
    key = TokenKey(place.module, place.token, bytes.fromhex(place.document), passphrase(identifier))
    with key.session() as opened:
        found = opened.get_key(
            object_class=pkcs11.ObjectClass.PRIVATE_KEY, id=bytes.fromhex(place.document)
        )
        with pytest.raises(pkcs11.exceptions.AttributeSensitive):
            found[pkcs11.Attribute.PRIVATE_EXPONENT]


def test_a_wrong_pin_signs_nothing(authority: Authority) -> None:
    key = authority.statement_key(PEOPLE["approver"][0], "000000").key
    assert isinstance(key, TokenKey)
    with pytest.raises(BadInput, match="PIN"):
        key.sign_ecdsa(b"x")


def test_a_token_that_is_not_there_is_named(authority: Authority) -> None:
    place = read_place(approver(authority))
    assert place is not None
    for key in (
        TokenKey(place.module, "another", bytes(16), "1234"),
        TokenKey("/nowhere/driver.so", place.token, bytes(16), "1234"),
    ):
        with pytest.raises(NotFound):
            key.sign_ecdsa(b"x")


def test_a_person_does_not_get_second_keys(authority: Authority) -> None:
    with pytest.raises(Conflict):
        authority.issue_on_token(PEOPLE["approver"][0], "T", str(MODULES[0]), TOKEN, "1234")
