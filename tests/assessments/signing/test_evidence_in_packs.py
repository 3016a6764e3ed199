"""Files of evidence in a pack: what the signed record names, all of it or nothing."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import pytest

from assessments import questionnaire
from assessments.errors import BadInput, Conflict
from assessments.evidence import Rules, add
from assessments.evidence.store import path_of
from assessments.records import Records
from assessments.reports import attached
from assessments.reports.record import read_record
from assessments.review.freeze import canonical
from assessments.review.snapshot import describe
from assessments.settings import Home
from tests.assessments.questionnaire.cases import join
from tests.assessments.reports.dpia import record_bytes
from tests.assessments.signing.signed_pack import SignedPack, build, make_pack, make_signed_pack
from tests.assessments.signing.test_verify_pack import failed, look_at

FILES = {"Test Meier.txt": b"passed", "contract.txt": b"signed"}


def item(name: str, data: bytes) -> dict[str, object]:
    return {
        "name": name, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data),
        "media_type": "text/plain", "expires_on": "2027-06-30", "questions": ["evidence"],
    }  # fmt: skip


RECORD = record_bytes(evidence=[item(name, data) for name, data in FILES.items()])
PACKED = {attached.packed_name(item("", data)): data for data in FILES.values()}


@lru_cache(maxsize=1)
def signed() -> SignedPack:
    return build(make_signed_pack().authority, RECORD)


def verdict_of(files: Mapping[str, bytes], folder: Path) -> tuple[str, set[str], str]:
    """The verdict on a pack that all three have signed with these files in it."""
    genuine = signed()
    about = read_record(RECORD).content["assessment"]
    pack = make_pack(genuine.authority, genuine.report, about, dict(files))
    found = look_at(dict(pack.files), folder)
    detail = next(check.detail for check in found.checks if check.name == "evidence")
    return found.verdict, failed(found), detail


def test_a_pack_with_every_file_is_valid_and_names_no_file_by_its_own_name(tmp_path: Path) -> None:
    verdict, _, detail = verdict_of(PACKED, tmp_path)
    assert (verdict, detail) == ("VALID", "2 files, as the record names them")
    assert not any("Meier" in name for name in PACKED)


def test_a_pack_without_the_bytes_is_valid_and_says_so(tmp_path: Path) -> None:
    verdict, _, detail = verdict_of({}, tmp_path)
    assert (verdict, "not in this pack" in detail) == ("VALID", True)


def test_some_of_the_files_are_not_enough(tmp_path: Path) -> None:
    some = dict([next(iter(PACKED.items()))])
    verdict, problems, detail = verdict_of(some, tmp_path)
    assert (verdict, problems) == ("INVALID", {"evidence"})
    assert "is missing" in detail


def test_a_file_that_the_record_does_not_name_is_refused_though_all_signed_it(
    tmp_path: Path,
) -> None:
    foreign = PACKED | {f"evidence-{'0' * 64}.txt": b"slipped in"}
    verdict, problems, _ = verdict_of(foreign, tmp_path)
    assert (verdict, problems) == ("INVALID", {"evidence"})


def test_other_bytes_under_the_right_name_are_found(tmp_path: Path) -> None:
    swapped = {name: data[::-1] for name, data in PACKED.items()}
    verdict, problems, detail = verdict_of(swapped, tmp_path)
    assert (verdict, problems) == ("INVALID", {"evidence"})
    assert "was altered" in detail


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path).prepare()


def test_the_frozen_record_names_the_files_of_answers_that_count(home: Home) -> None:
    records = Records.open(home.records_url)
    ann = join(records, "ann", "author")
    dpia = questionnaire.start(records, ann, "dpia", "p", "DPIA")
    kept = add(records, home, ann, "Test.txt", io.BytesIO(b"passed"), scope="p", rules=Rules())
    unused = add(records, home, ann, "Other.txt", io.BytesIO(b"x"), scope="p", rules=Rules())
    questionnaire.save_answer(records, ann, dpia, "evidence", [kept.sha256])
    with records.read() as connection:
        record = describe(connection, dpia, 1, datetime.now(UTC))
    assert [(each["name"], each["sha256"], each["size"], each["questions"])
            for each in record["evidence"]] == [("Test.txt", kept.sha256, 6, ["evidence"])]  # fmt: skip
    said = next(q for s in record["sections"] for q in s["questions"] if q["id"] == "evidence")
    assert said["text"] == f"Test.txt ({kept.sha256[:12]})"
    assert unused.sha256.encode() not in canonical(record)
    records.close()


def test_files_are_read_for_a_pack_only_as_the_record_names_them(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = read_record(RECORD)
    for data in FILES.values():
        path = path_of(home, hashlib.sha256(data).hexdigest())
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    assert attached.read_files(home, record) == PACKED
    monkeypatch.setattr(attached, "MAX_TOTAL", 5)
    with pytest.raises(BadInput, match="too large for a pack"):
        attached.read_files(home, record)
    monkeypatch.undo()
    path.write_bytes(b"sIgned")
    with pytest.raises(Conflict, match="missing or altered"):
        attached.read_files(home, record)
    path.unlink()
    with pytest.raises(Conflict, match="missing or altered"):
        attached.read_files(home, record)
