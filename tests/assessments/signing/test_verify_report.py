from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest

from assessments.errors import BadInput, NotFound
from assessments.signing.verification import Check, Verification, incomplete, invalid, valid
from assessments.signing.verify import verify, verify_here
from tests.assessments.signing.forgeries import FORGERIES, OTHERS, rightly_signed
from tests.assessments.signing.signed_pack import make_signed_pack


def look_at(data: bytes, tmp_path: Path, root: bytes | None) -> Verification:
    file = tmp_path / "report.pdf"
    file.write_bytes(data)
    encoded = None if root is None else b64encode(root).decode()
    return verify_here({"path": str(file), "root": encoded, "policy": None})


def open_checks(found: Verification) -> set[str]:
    return {check.name for check in found.checks if check.verdict != "VALID"}


def test_a_genuine_report_alone_passes_every_check_but_those_that_need_its_pack(
    tmp_path: Path,
) -> None:
    genuine = make_signed_pack()

    found = look_at(genuine.report, tmp_path, genuine.root)

    assert found.verdict == "INCOMPLETE"
    assert open_checks(found) == {"frozen in the ledger", "released in the ledger", "statement"}


@pytest.mark.parametrize("name", FORGERIES | OTHERS)
def test_a_forged_report_is_invalid(name: str, tmp_path: Path) -> None:
    genuine = make_signed_pack()

    found = look_at((FORGERIES | OTHERS)[name](genuine), tmp_path, genuine.root)

    assert found.verdict == "INVALID", found.checks


def test_a_third_signature_like_the_forged_ones_passes_with_a_good_key(tmp_path: Path) -> None:
    genuine = make_signed_pack()

    found = look_at(rightly_signed(genuine), tmp_path, genuine.root)

    assert found.verdict == "INCOMPLETE", found.checks


def test_content_hidden_before_signing_is_caught_by_rendering_again_and_by_nothing_else(
    tmp_path: Path,
) -> None:
    genuine = make_signed_pack()

    found = look_at(FORGERIES["hidden_before_signing"](genuine), tmp_path, genuine.root)

    assert [c.name for c in found.checks if c.verdict == "INVALID"] == ["rendering"]


def test_without_a_pinned_root_a_genuine_report_is_never_valid(tmp_path: Path) -> None:
    found = look_at(make_signed_pack().report, tmp_path, None)

    assert found.verdict == "INCOMPLETE"
    assert "trust root" in open_checks(found)


def test_without_a_pinned_root_a_changed_report_is_still_invalid(tmp_path: Path) -> None:
    genuine = make_signed_pack()

    assert look_at(FORGERIES["flipped"](genuine), tmp_path, None).verdict == "INVALID"


def test_every_prefix_of_a_report_is_judged_without_a_traceback(tmp_path: Path) -> None:
    genuine = make_signed_pack()

    for part in range(1, 10):
        cut = genuine.report[: len(genuine.report) * part // 10]
        assert look_at(cut, tmp_path, genuine.root).verdict == "INVALID"


def test_something_that_is_no_report_is_unreadable(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("hello")

    with pytest.raises(BadInput):
        verify(file)
    with pytest.raises(NotFound):
        verify(tmp_path / "absent.pdf")


def test_a_verdict_never_hides_a_skipped_or_failed_check() -> None:
    good, open_, bad = valid("a", ""), incomplete("b", ""), invalid("c", "")

    def verdict(*checks: Check) -> str:
        return Verification.of(checks).verdict

    assert verdict(good) == "VALID"
    assert verdict(good, open_) == "INCOMPLETE"
    assert verdict(open_, bad, good) == "INVALID"
    assert verdict() == "INCOMPLETE"
