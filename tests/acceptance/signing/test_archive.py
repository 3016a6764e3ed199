"""Archive time-stamps by an authority of OpenSSL's making, and their forged twins."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest

from assessments.errors import BadInput, NotPossibleNow
from assessments.reports.pack import Pack
from assessments.signing import archive
from assessments.signing.pdf_checks import check_archive, check_signatures, read_signed
from assessments.signing.verify import verify_here
from tests.acceptance.ledger.test_timestamps import Authority
from tests.assessments.signing.signed_pack import (
    PEOPLE,
    SignedPack,
    make_pack,
    make_signed_pack,
)

pytestmark = pytest.mark.acceptance
CHECKER = Path(__file__).resolve().parents[3] / "docs" / "verify" / "check_pack.py"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tsa") / "authority")


@pytest.fixture(scope="module")
def genuine() -> SignedPack:
    return make_signed_pack()


@pytest.fixture(scope="module")
def stamped(genuine: SignedPack, authority: Authority) -> bytes:
    return archive.stamp(genuine.report, authority.answer, authority.root)


@pytest.fixture(scope="module")
def pack(genuine: SignedPack, stamped: bytes, authority: Authority) -> Pack:
    root = (authority.folder / "root.crt").read_bytes()
    return make_pack(genuine.authority, stamped, attached={"tsa.crt": root})


def problems(report: bytes, genuine: SignedPack, authority: Authority) -> list[str]:
    """Everything that is not in order about the signatures of a file."""
    from assessments.signing.evidence import read_certificate

    try:
        signed = read_signed(report)
        persons = {role: identifier for role, (identifier, _) in PEOPLE.items()}
        from datetime import UTC, datetime

        checks = check_signatures(
            signed, tuple(PEOPLE), persons, read_certificate(genuine.root), datetime.now(UTC)
        )
        checks += check_archive(signed, authority.root)
    except Exception as error:
        return [type(error).__name__]
    return [check.name for check in checks if check.verdict != "VALID"]


def test_a_stamped_pack_is_valid_and_says_when(
    pack: Pack, genuine: SignedPack, tmp_path: Path
) -> None:
    path = tmp_path / "pack.zip"
    path.write_bytes(pack.zip())
    root = b64encode(genuine.root).decode()
    found = verify_here({"path": str(path), "root": root, "policy": None})
    assert found.verdict == "VALID", found.checks
    assert "archive time-stamp" in {check.name for check in found.checks}
    (tmp_path / "root.crt").write_bytes(genuine.root)
    done = subprocess.run([sys.executable, "-I", CHECKER, path, tmp_path / "root.crt"],
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.stdout.endswith("CONSISTENT\n"), done.stdout


def test_the_stamp_adds_a_revision_and_changes_no_earlier_byte(
    stamped: bytes, genuine: SignedPack
) -> None:
    assert stamped.startswith(genuine.report)


def test_poppler_still_accepts_the_three_signatures(stamped: bytes, tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(stamped)
    said = subprocess.run(["pdfsig", tmp_path / "report.pdf"], capture_output=True, text=True,
                          check=False).stdout  # fmt: skip
    assert said.count("Signature is Valid.") == 3
    assert said.count("Total document signed") == 1


def test_openssl_agrees_that_the_token_covers_these_bytes(
    stamped: bytes, authority: Authority, tmp_path: Path
) -> None:
    stamp = read_signed(stamped).stamp
    first, gap, rest, length = (int(number) for number in stamp.byte_range)
    covered = stamped[first:gap] + stamped[rest : rest + length]
    (tmp_path / "token.der").write_bytes(stamp.pkcs7_content)
    (tmp_path / "covered").write_bytes(covered)
    done = subprocess.run(
        ["openssl", "ts", "-verify", "-data", tmp_path / "covered", "-in", tmp_path / "token.der",
         "-token_in", "-CAfile", authority.folder / "root.crt"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Verification: OK" in done.stdout + done.stderr


def test_only_a_fully_signed_report_is_stamped_and_only_once(
    genuine: SignedPack, stamped: bytes, authority: Authority
) -> None:
    for report in (genuine.base, genuine.revisions[1], stamped):
        with pytest.raises(NotPossibleNow):
            archive.stamp(report, authority.answer, authority.root)


def test_an_authority_for_another_purpose_is_refused(genuine: SignedPack, tmp_path: Path) -> None:
    plain = Authority(tmp_path / "plain", "plain")
    with pytest.raises(Exception, match="stamp"):
        archive.stamp(genuine.report, plain.answer, plain.root)


def test_an_answer_that_is_no_token_leaves_the_report_as_it_was(genuine: SignedPack) -> None:
    with pytest.raises(BadInput, match="time-stamp"):
        archive.stamp(genuine.report, lambda _: b"no token", b"")


def flipped_in_the_token(report: bytes) -> bytes:
    _, gap, rest, _ = read_signed(report).stamp.byte_range
    middle = int(gap) + (int(rest) - int(gap)) // 4
    other = b"0" if report[middle : middle + 1] != b"0" else b"1"
    return report[:middle] + other + report[middle + 1 :]


def flipped_below(report: bytes) -> bytes:
    at = report.index(b"stream\n") + 200
    return report[:at] + bytes([report[at] ^ 1]) + report[at + 1 :]


def followed_by_junk(report: bytes) -> bytes:
    return report + b"\n% approved without conditions\n"


def filled_in_the_padding(report: bytes) -> bytes:
    _, _, rest, _ = read_signed(report).stamp.byte_range
    return report[: int(rest) - 3] + b"1" + report[int(rest) - 2 :]


def cut_in_the_stamp(report: bytes) -> bytes:
    return report[:-200]


@pytest.mark.parametrize(
    "forge",
    [
        flipped_in_the_token,
        filled_in_the_padding,
        flipped_below,
        followed_by_junk,
        cut_in_the_stamp,
    ],
)
def test_no_forged_twin_of_a_stamped_report_passes(
    forge: Callable[[bytes], bytes], stamped: bytes, genuine: SignedPack, authority: Authority
) -> None:
    assert problems(stamped, genuine, authority) == []
    assert problems(forge(stamped), genuine, authority) != []


def test_a_stamp_of_another_authority_is_found_by_the_stated_root(
    genuine: SignedPack, authority: Authority, tmp_path: Path
) -> None:
    other = Authority(tmp_path / "other")
    report = archive.stamp(genuine.report, other.answer, other.root)
    assert problems(report, genuine, authority) == ["archive time-stamp"]


def test_a_swapped_authority_root_makes_the_pack_invalid(
    pack: Pack, genuine: SignedPack, tmp_path: Path
) -> None:
    other = Authority(tmp_path / "other")
    files = dict(pack.files) | {"tsa.crt": (other.folder / "root.crt").read_bytes()}
    path = tmp_path / "pack.zip"
    path.write_bytes(Pack(files).zip())
    root = b64encode(genuine.root).decode()
    found = verify_here({"path": str(path), "root": root, "policy": None})
    failed = {check.name for check in found.checks if check.verdict == "INVALID"}
    assert failed == {"archive time-stamp", "files of the pack"}


def test_a_stamped_report_without_the_root_is_incomplete(
    stamped: bytes, genuine: SignedPack, tmp_path: Path
) -> None:
    pack = make_pack(genuine.authority, stamped)
    path = tmp_path / "pack.zip"
    path.write_bytes(pack.zip())
    root = b64encode(genuine.root).decode()
    found = verify_here({"path": str(path), "root": root, "policy": None})
    assert found.verdict == "INCOMPLETE"
    assert hashlib.sha256(stamped).hexdigest() in pack.files["released.json"].decode()
