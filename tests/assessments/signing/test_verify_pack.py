from __future__ import annotations

import hashlib
import io
import json
import zipfile
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from assessments.errors import BadInput
from assessments.ledger.note import Signer
from assessments.reports.pack import Pack
from assessments.reports.record import read_record
from assessments.signing.verification import Verification
from assessments.signing.verify import verify, verify_here
from dashboard.cli import cli
from tests.assessments.reports.dpia import make_record, record_bytes
from tests.assessments.signing.forgeries import FORGERIES
from tests.assessments.signing.signed_pack import (
    build,
    make_pack,
    make_signed_pack,
    new_authority,
)

Files = dict[str, bytes]


def look_at(
    files: Files, tmp_path: Path, root: bytes | None = None, policy: bytes | None = None
) -> Verification:
    file = tmp_path / "pack.zip"
    file.write_bytes(Pack(files).zip())
    return verify_here(
        {
            "path": str(file),
            "root": b64encode(root or make_signed_pack().root).decode(),
            "policy": None if policy is None else b64encode(policy).decode(),
        }
    )


def genuine_files() -> Files:
    return dict(make_signed_pack().pack.files)


def failed(found: Verification) -> set[str]:
    return {check.name for check in found.checks if check.verdict == "INVALID"}


def test_a_genuine_pack_is_valid_as_archive_and_as_folder_in_a_process_with_limits(
    tmp_path: Path,
) -> None:
    genuine = make_signed_pack()
    archive = tmp_path / "pack.zip"
    archive.write_bytes(genuine.pack.zip())
    folder = genuine.pack.write(tmp_path / "pack")

    for path in (archive, folder):
        found = verify(path, trust_root=genuine.root)
        assert found.verdict == "VALID", found.checks


def test_a_pack_vouches_for_nothing_without_a_root_from_elsewhere(tmp_path: Path) -> None:
    archive = tmp_path / "pack.zip"
    archive.write_bytes(make_signed_pack().pack.zip())

    assert verify(archive).verdict == "INCOMPLETE"


def test_a_pack_made_wholly_by_an_attacker_is_invalid_under_the_real_root(tmp_path: Path) -> None:
    forged = build(new_authority(), record_bytes()).pack

    found = look_at(dict(forged.files), tmp_path)

    assert {"statement", "pinned keys", "signature of the author"} <= failed(found)


@pytest.mark.parametrize("name", sorted(make_signed_pack().pack.files))
def test_changing_any_file_of_a_pack_makes_it_invalid(name: str, tmp_path: Path) -> None:
    files = genuine_files()
    middle = len(files[name]) // 2
    changed = files[name][:middle] + bytes([files[name][middle] ^ 1]) + files[name][middle + 1 :]

    try:
        found = look_at(files | {name: changed}, tmp_path)
    except BadInput:
        return
    assert found.verdict == "INVALID", found.checks


@pytest.mark.parametrize(
    "name",
    ["att.dsse.json", "checkpoint", "dpo.crt", "dpo.sigstore.json", "released.json", "VERIFY.txt"],
)
def test_a_pack_without_one_of_its_files_is_never_valid(name: str, tmp_path: Path) -> None:
    files = genuine_files()
    del files[name]

    assert look_at(files, tmp_path).verdict == "INVALID"


def test_a_file_that_nobody_stated_makes_a_pack_invalid(tmp_path: Path) -> None:
    found = look_at(genuine_files() | {"addendum.txt": b"approved without conditions"}, tmp_path)

    assert failed(found) == {"files of the pack"}


@pytest.mark.parametrize("name", ["with_junk", "other_root", "hidden_before_signing"])
def test_a_forged_report_inside_a_genuine_pack_is_invalid(name: str, tmp_path: Path) -> None:
    report = FORGERIES[name](make_signed_pack())

    assert look_at(genuine_files() | {"report.pdf": report}, tmp_path).verdict == "INVALID"


def test_signatures_of_one_revision_say_nothing_about_the_next(tmp_path: Path) -> None:
    genuine = make_signed_pack()
    assessment = make_record()["assessment"] | {"revision": 3}
    later = build(genuine.authority, record_bytes(assessment=assessment))
    mixed = dict(later.pack.files)
    mixed |= {
        n: d for n, d in genuine.pack.files.items() if n.endswith((".sigstore.json", "dsse.json"))
    }

    assert look_at(dict(later.pack.files), tmp_path).verdict == "VALID"
    assert look_at(mixed, tmp_path).verdict == "INVALID"


def test_a_release_entry_of_another_file_does_not_count(tmp_path: Path) -> None:
    genuine = make_signed_pack()
    other = dict(make_pack(genuine.authority, genuine.revisions[1]).files)
    other["report.pdf"] = genuine.report

    assert "released in the ledger" in failed(look_at(other, tmp_path))


def test_two_of_three_signatures_on_the_statement_are_not_enough(tmp_path: Path) -> None:
    files = genuine_files()
    envelope = json.loads(files["att.dsse.json"])
    envelope["signatures"].pop()

    found = look_at(files | {"att.dsse.json": json.dumps(envelope).encode()}, tmp_path)

    assert "statement" in failed(found)


def test_one_person_s_bundle_does_not_stand_in_for_another_s(tmp_path: Path) -> None:
    files = genuine_files()

    found = look_at(files | {"dpo.sigstore.json": files["author.sigstore.json"]}, tmp_path)

    assert "statement" in failed(found)


def test_a_policy_from_outside_names_other_people_and_other_keys(tmp_path: Path) -> None:
    roles = [{"role": role} for role in ("author", "dpo", "approver")]
    other_log = Signer("other", Ed25519PrivateKey.generate()).verifier.vkey

    def judged(**policy: object) -> str:
        text = json.dumps({"roles": roles} | policy).encode()
        return look_at(genuine_files(), tmp_path, policy=text).verdict

    assert judged() == "VALID"
    assert judged(roles=[*roles[:2], {"role": "approver", "person": "eve"}]) == "INVALID"
    assert judged(roles=roles[:2]) == "INVALID"
    assert judged(vkey=other_log) == "INVALID"
    assert judged(root_sha256="00" * 32) == "INVALID"
    assert judged(max_checkpoint_age_days=-1) == "INCOMPLETE"


def test_a_revoked_statement_certificate_is_found_in_the_lists_of_the_report(
    tmp_path: Path,
) -> None:
    authority = new_authority()
    before = build(authority, record_bytes())
    authority.revoke("mara")
    lists = authority.revocation_lists()
    from assessments.signing.evidence import read_certificate
    from assessments.signing.pack_checks import check_revocation

    issuing = read_certificate(authority.issuing_certificate_pem)
    mara = read_certificate(before.pack.files["author.crt"])

    with pytest.raises(BadInput, match="revoked"):
        check_revocation(issuing, [mara], lists)


def test_an_archive_that_inflates_without_end_is_refused_within_bounds(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("report.pdf", bytes(300 * 1024 * 1024))
    bomb = tmp_path / "bomb.zip"
    bomb.write_bytes(out.getvalue())

    with pytest.raises(BadInput, match="too large"):
        verify(bomb)


@pytest.mark.parametrize("name", ["../report.pdf", "/etc/passwd", "a\\b", ".hidden"])
def test_an_archive_with_paths_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        look_at(genuine_files() | {name: b"x"}, tmp_path)


def test_the_command_line_exits_with_the_verdict(tmp_path: Path) -> None:
    genuine = make_signed_pack()
    archive, root = tmp_path / "pack.zip", tmp_path / "root.crt"
    archive.write_bytes(genuine.pack.zip())
    root.write_bytes(genuine.root)
    forged = tmp_path / "forged.pdf"
    forged.write_bytes(FORGERIES["with_junk"](genuine))
    run: Callable[..., object] = CliRunner().invoke

    good = run(
        cli, ["--home", str(tmp_path), "verify", str(archive), "--trust", str(root), "--json"]
    )
    bad = run(cli, ["--home", str(tmp_path), "verify", str(forged), "--trust", str(root)])
    unsure = run(cli, ["--home", str(tmp_path), "verify", str(archive)])

    assert (good.exit_code, bad.exit_code, unsure.exit_code) == (0, 1, 3)
    answer = json.loads(good.output)
    assert answer["verdict"] == "VALID"
    assert set(answer["checks"][0]) == {"name", "verdict", "detail"}


def test_the_archive_is_the_same_bytes_for_the_same_files() -> None:
    files = genuine_files()
    backwards = dict(reversed(files.items()))

    assert Pack(files).zip() == Pack(backwards).zip()


def test_the_statement_names_every_file_but_the_signatures_themselves() -> None:
    from base64 import b64decode

    files = genuine_files()
    statement = json.loads(b64decode(json.loads(files["att.dsse.json"])["payload"]))
    named = {s["name"]: s["digest"]["sha256"] for s in statement["subject"]}

    signed = {n: d for n, d in files.items() if not n.endswith(("sigstore.json", "dsse.json"))}
    assert named == {n: hashlib.sha256(d).hexdigest() for n, d in signed.items()}
    assert read_record(files["assessment.json"]).sha256 == statement["predicate"]["record_sha256"]
