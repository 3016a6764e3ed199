"""Every command of the auditors' guide, on a genuine pack and on a forged one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.assessments.signing.signed_pack import make_signed_pack

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "verify"
NEEDED = {
    "Python, nothing installed": ("python3", "CONSISTENT"),
    "Node, nothing installed": ("node", "CONSISTENT"),
    "Go": ("go", "inclusion OK"),
    "Poppler": ("pdfsig", "Total document signed"),
    "MuPDF": ("mutool", "The document is unchanged since signing"),
    "OpenSSL": ("openssl", "pack/approver.crt: OK"),
}
FORGED = {
    "Python, nothing installed": "BROKEN: files differ from the statement: ['report.pdf']",
    "Node, nothing installed": "BROKEN: report.pdf was changed",
    "Poppler": "Digest Mismatch",
}
pytestmark = pytest.mark.acceptance


def chapters() -> dict[str, str]:
    """The shell commands below each heading."""
    parts = re.split(r"^## (.+)$", (GUIDE / "README.md").read_text("utf-8"), flags=re.M)
    found = {}
    for title, text in zip(parts[1::2], parts[2::2], strict=True):
        found[title] = "\n".join(re.findall(r"```sh\n(.*?)```", text, flags=re.S))
    return found


def run(title: str, folder: Path) -> str:
    program = NEEDED[title][0]
    if shutil.which(program) is None:
        pytest.skip(f"{program} is absent")
    if program == "go" and not Path("/usr/share/gocode/src/golang.org/x/mod/sumdb").exists():
        pytest.skip("golang-golang-x-mod-dev is absent")
    go = {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOCACHE": str(folder / "cache")}
    done = subprocess.run(
        ["sh", "-c", chapters()[title]], cwd=folder, env={**os.environ, **go},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    genuine = make_signed_pack()
    (tmp_path / "root.crt").write_bytes(genuine.root)
    (tmp_path / "pack").mkdir()
    for name, content in genuine.pack.files.items():
        (tmp_path / "pack" / name).write_bytes(content)
    for path in GUIDE.glob("check_*"):
        shutil.copy(path, tmp_path)
    return tmp_path


def test_the_guide_has_no_other_chapters() -> None:
    assert list(chapters()) == list(NEEDED)


@pytest.mark.parametrize("title", NEEDED)
def test_the_guide_s_commands_accept_a_genuine_pack(title: str, folder: Path) -> None:
    said = run(title, folder)
    assert NEEDED[title][1] in said, said


@pytest.mark.parametrize("title", FORGED)
def test_the_guide_s_commands_refuse_a_changed_report(title: str, folder: Path) -> None:
    report = folder / "pack" / "report.pdf"
    content = bytearray(report.read_bytes())
    content[content.index(b"stream\n") + 200] ^= 1
    report.write_bytes(content)
    said = run(title, folder)
    assert FORGED[title] in said, said


READ_BY_NODE = [n for n in sorted(make_signed_pack().pack.files) if not n.endswith("sigstore.json")]


@pytest.mark.parametrize("name", READ_BY_NODE)
def test_node_finds_a_changed_byte_in_every_file_that_it_reads(name: str, folder: Path) -> None:
    path = folder / "pack" / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert "BROKEN" in run("Node, nothing installed", folder)
