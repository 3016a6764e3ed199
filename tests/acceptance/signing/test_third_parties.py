"""pdfsig and OpenSSL, which we did not write, on the genuine report and on forged twins."""

from __future__ import annotations

import re
import shutil
import subprocess
from base64 import b64encode
from pathlib import Path

import pytest

from assessments.signing.verify import verify_here
from tests.assessments.signing.forgeries import FORGERIES
from tests.assessments.signing.signed_pack import SignedPack, make_signed_pack

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.skipif(
        any(shutil.which(tool) is None for tool in ("pdfsig", "certutil", "openssl")),
        reason="pdfsig, certutil or openssl is absent",
    ),
]
SEEN_BY_PDFSIG = [
    "flipped", "shadowed", "attachment_swapped", "annotated", "with_junk", "cut_back", "stripped",
    "rewritten", "other_root", "padding_filled",
]  # fmt: skip


def run(*command: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False, cwd=cwd
    )


def pdfsig_accepts(report: bytes, root: bytes, folder: Path) -> bool:
    """The rule for people who have only pdfsig: three valid, trusted, and the last covers the file."""
    nss = folder / "nss"
    nss.mkdir()
    (folder / "root.crt").write_bytes(root)
    (folder / "report.pdf").write_bytes(report)
    run("certutil", "-N", "-d", f"sql:{nss}", "--empty-password", cwd=folder)
    run(
        "certutil",
        "-A",
        "-d",
        f"sql:{nss}",
        "-n",
        "Root",
        "-t",
        "CT,CT,CT",
        "-i",
        "root.crt",
        cwd=folder,
    )
    text = run("pdfsig", "-nssdir", f"sql:{nss}", "report.pdf", cwd=folder).stdout
    signatures = re.split(r"^Signature #\d+:", text, flags=re.MULTILINE)[1:]
    return (
        len(signatures) == 3
        and all("Signature is Valid." in one for one in signatures)
        and all("Certificate is Trusted." in one for one in signatures)
        and "Total document signed" in signatures[-1]
        and "Not total document signed" not in signatures[-1]
    )


def openssl_accepts(report: bytes, root: bytes, folder: Path) -> list[bool]:
    """``openssl cms`` on each signature's container and the bytes that it covers."""
    (folder / "root.pem").write_bytes(root)
    ranges = re.findall(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]", report)
    found = []
    for number, (first, before, after, length) in enumerate(ranges):
        start, end = int(first) + int(before), int(after)
        covered = report[int(first) : start] + report[end : end + int(length)]
        (folder / f"{number}.part").write_bytes(covered)
        (folder / f"{number}.der").write_bytes(bytes.fromhex(report[start + 1 : end - 1].decode()))
        done = run(
            "openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", f"{number}.der",
            "-content", f"{number}.part", "-CAfile", "root.pem", "-purpose", "any", "-out", "/dev/null",
            cwd=folder,
        )  # fmt: skip
        found.append(done.returncode == 0)
    return found


def our_verdict(report: bytes, genuine: SignedPack, folder: Path) -> str:
    path = folder / "ours.pdf"
    path.write_bytes(report)
    root = b64encode(genuine.root).decode()
    return verify_here({"path": str(path), "root": root, "policy": None}).verdict


def test_pdfsig_and_openssl_accept_the_genuine_report(tmp_path: Path) -> None:
    genuine = make_signed_pack()
    assert pdfsig_accepts(genuine.report, genuine.root, tmp_path)
    assert openssl_accepts(genuine.report, genuine.root, tmp_path) == [True, True, True]


@pytest.mark.parametrize("name", SEEN_BY_PDFSIG)
def test_pdfsig_and_we_refuse_the_same_forgery(name: str, tmp_path: Path) -> None:
    genuine = make_signed_pack()
    forged = FORGERIES[name](genuine)
    assert not pdfsig_accepts(forged, genuine.root, tmp_path)
    assert our_verdict(forged, genuine, tmp_path) == "INVALID"


@pytest.mark.parametrize("name", ["flipped", "other_root"])
def test_openssl_refuses_changed_content_and_a_foreign_root(name: str, tmp_path: Path) -> None:
    genuine = make_signed_pack()
    found = openssl_accepts(FORGERIES[name](genuine), genuine.root, tmp_path)
    assert found == [False, False, False]
