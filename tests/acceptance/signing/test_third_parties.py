"""pdfsig with NSS, OpenSSL and MuPDF on the genuine report and on forged twins.

Rule for people who have only pdfsig: exactly the expected field names in order, each signature
valid and each certificate trusted, the expected names, and the last signs the total document.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from assessments.reports.glyphs import FONTS
from tests.assessments.signing.forgeries import FORGERIES
from tests.assessments.signing.signed_pack import PEOPLE, make_signed_pack

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.skipif(
        any(shutil.which(tool) is None for tool in ("pdfsig", "certutil", "openssl")),
        reason="needs poppler-utils, libnss3-tools and openssl",
    ),
]

MISSED_BY_PDFSIG = {"hidden_before_signing"}


def run(*command: str, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The genuine pack, and an NSS database that trusts its root."""
    folder = make_signed_pack().pack.write(tmp_path_factory.mktemp("pack"))
    (folder / "nss").mkdir()
    run("certutil", "-N", "-d", "sql:nss", "--empty-password", cwd=folder)
    run(
        "certutil",
        "-A",
        "-d",
        "sql:nss",
        "-n",
        "root",
        "-t",
        "CT,CT,CT",
        "-i",
        "root.crt",
        cwd=folder,
    )
    return folder


def fulfils_pdfsig_rule(text: str) -> bool:
    def all_of(label: str) -> list[str]:
        return re.findall(rf"^  - {label}: (.*)$", text, re.MULTILINE)

    total = re.findall(
        r"^  - (Total document signed|Not total document signed)$", text, re.MULTILINE
    )
    return (
        all_of("Signature Field Name") == list(PEOPLE)
        and all_of("Signer Certificate Common Name") == [name for _, name in PEOPLE.values()]
        and all_of("Signature Type") == ["ETSI.CAdES.detached"] * 3
        and all_of("Signature Validation") == ["Signature is Valid."] * 3
        and all_of("Certificate Validation") == ["Certificate is Trusted."] * 3
        and total[-1:] == ["Total document signed"]
    )


def pdfsig(folder: Path, data: bytes) -> str:
    (folder / "judged.pdf").write_bytes(data)
    return run("pdfsig", "-nssdir", "sql:nss", "judged.pdf", cwd=folder)


def test_pdfsig_finds_three_valid_trusted_signatures_over_the_total_document(folder: Path) -> None:
    assert fulfils_pdfsig_rule(pdfsig(folder, make_signed_pack().report))


@pytest.mark.parametrize("name", sorted(set(FORGERIES) - MISSED_BY_PDFSIG))
def test_pdfsig_agrees_that_a_forged_report_is_none(name: str, folder: Path) -> None:
    assert not fulfils_pdfsig_rule(pdfsig(folder, FORGERIES[name](make_signed_pack())))


def test_what_pdfsig_cannot_see_shows_in_the_digest_of_the_pack(folder: Path) -> None:
    genuine = make_signed_pack()
    forged = FORGERIES["hidden_before_signing"](genuine)

    assert fulfils_pdfsig_rule(pdfsig(folder, forged))
    assert hashlib.sha256(forged).digest() != hashlib.sha256(genuine.report).digest()


def openssl_outcomes(folder: Path, data: bytes, name: str) -> list[bool]:
    """Verify each CMS as VERIFY.txt says, over the ranges that pdfsig prints."""
    (folder / name).write_bytes(data)
    run("pdfsig", "-dump", name, cwd=folder)
    text = run("pdfsig", name, cwd=folder)
    outcomes = []
    ranges = re.findall(r"Signed Ranges: \[0 - (\d+)\], \[(\d+) - (\d+)\]", text)
    for index, (end, start, stop) in enumerate(ranges):
        (folder / "part").write_bytes(data[: int(end)] + data[int(start) : int(stop)])
        found = run(
            "openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER",
            "-in", f"{name}.sig{index}", "-content", "part", "-CAfile", "root.crt",
            "-purpose", "any", "-out", "/dev/null", cwd=folder,
        )  # fmt: skip
        outcomes.append("CAdES Verification successful" in found)
    return outcomes


def test_openssl_verifies_each_signature_of_the_genuine_report(folder: Path) -> None:
    assert openssl_outcomes(folder, make_signed_pack().report, "genuine.pdf") == [True] * 3


def test_openssl_refuses_changed_content_and_another_root(folder: Path) -> None:
    genuine = make_signed_pack()

    flipped = openssl_outcomes(folder, FORGERIES["flipped"](genuine), "flipped.pdf")
    other = openssl_outcomes(folder, FORGERIES["other_root"](genuine), "other.pdf")

    assert flipped == [False] * 3
    assert other == [False] * 3


@pytest.mark.skipif(shutil.which("mutool") is None, reason="needs mupdf-tools")
def test_mupdf_says_that_nothing_changed_after_the_last_signature(folder: Path) -> None:
    def last_word(data: bytes) -> str:
        (folder / "judged.pdf").write_bytes(data)
        return run("mutool", "sign", "-v", "judged.pdf", cwd=folder).split("\tDistinguished")[-1]

    genuine = make_signed_pack()

    assert "The document is unchanged since signing." in last_word(genuine.report)
    assert "unchanged since signing" not in last_word(FORGERIES["shadowed"](genuine))


def guide_step(folder: Path, step: int) -> str:
    """Run the commands of one numbered step of VERIFY.txt as one shell script."""
    text = (folder / "VERIFY.txt").read_text()
    body = re.split(rf"^{step}\. ", text, flags=re.MULTILINE)[1]
    body = re.split(rf"^{step + 1}\. ", body, flags=re.MULTILINE)[0]
    commands = [line.strip() for line in body.splitlines() if line.startswith("     ")]
    return run("sh", "-ec", "\n".join(commands), cwd=folder)


def test_the_guide_s_own_commands_find_the_genuine_pack_genuine(tmp_path: Path) -> None:
    folder = make_signed_pack().pack.write(tmp_path / "pack")

    fingerprint = guide_step(folder, 0).split("=")[1].strip()
    assert fingerprint in (folder / "VERIFY.txt").read_text()
    assert fulfils_pdfsig_rule(guide_step(folder, 2))
    assert guide_step(folder, 3).count("CAdES Verification successful") == 3
    assert "unchanged since signing" in guide_step(folder, 4)
    assert guide_step(folder, 5) == ""
    assert (folder / "attached.json").read_bytes() == make_signed_pack().record
    statement = guide_step(folder, 6)
    assert "Verified OK" in statement
    assert "author.crt: OK" in statement
    assert "Signature Verified Successfully" in guide_step(folder, 7)


def test_the_guide_s_commands_refuse_a_changed_statement_and_checkpoint(tmp_path: Path) -> None:
    folder = make_signed_pack().pack.write(tmp_path / "pack")
    for name in ("att.dsse.json", "checkpoint"):
        data = (folder / name).read_bytes()
        (folder / name).write_bytes(data[:30] + bytes([data[30] ^ 1]) + data[31:])

    assert "Verified OK" not in guide_step(folder, 6)
    assert "Signature Verified Successfully" not in guide_step(folder, 7)


def test_every_font_in_the_report_is_one_of_those_that_are_shipped(folder: Path) -> None:
    listed = run("pdffonts", "report.pdf", cwd=folder).splitlines()[2:]
    shipped = {font.stem for font in FONTS.glob("*.[ot]tf")} | {"NotoSans-Stamp"}

    assert listed
    for line in listed:
        font = line.split()[0].partition("+")[2].removesuffix("-Identity-H")
        assert font in shipped, line
        assert line.split()[-5:-2] == ["yes", "yes", "yes"], line
