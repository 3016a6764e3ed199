"""The list of releases: a pack learns what came after it, and no forged list teaches it anything."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update

from assessments.errors import NotPermitted
from assessments.ledger import keys
from assessments.records import Actor, Event, Records, people
from assessments.records.tables import assessment, report
from assessments.reports.status import list_releases, publish_status
from assessments.signing.status_checks import check_status
from assessments.signing.verify import verify_here
from tests.assessments.signing.signed_pack import make_signed_pack

SYSTEM = Actor.system("test")
APPROVER = Actor.person("p-6")
FILES = {1: b"the first report", 2: b"the second report"}


class Office:
    def __init__(self, folder: Path) -> None:
        self.records = Records.open(f"sqlite:///{folder / 'records.sqlite'}")
        self.log = keys.create_key(folder / "keys", "ledger.example", "secret")
        with self.records.change(SYSTEM) as change:
            people.add_person(change, "p-6", "A person")
            people.grant_role(change, "p-6", "approver", reason="test")
        now = datetime.now(UTC)
        row = {"id": "a-1", "template_id": "dpia", "template_version": "1.1", "title": "t",
               "project_id": "pr", "state": "approved", "author_id": "p-1", "created_at": now,
               "updated_at": now}  # fmt: skip
        self.write(insert(assessment).values(row))

    def write(self, *statements: Any) -> None:
        with self.records.change(SYSTEM) as change:
            change.apply(Event("x", "thing", "1", "people.manage"), *statements)

    def release(self, revision: int) -> None:
        digest = hashlib.sha256(FILES[revision]).hexdigest()
        self.write(insert(report).values(
            assessment_id="a-1", revision=revision, base_sha256=digest, file_sha256=digest,
            state="packed", created_at=datetime.now(UTC),
        ))  # fmt: skip

    def judge(self, revision: int, status: bytes | None = None) -> tuple[str, str]:
        found = check_status(status or self.publish(), FILES[revision], self.log.verifier.vkey)
        return found.verdict, found.detail

    def publish(self) -> bytes:
        return publish_status(self.records, APPROVER, self.log)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_a_release_stands_until_a_later_revision_is_released(office: Office) -> None:
    office.release(1)
    before = office.publish()
    assert office.judge(1)[0] == "VALID"
    office.release(2)
    verdict, detail = office.judge(1)
    assert (verdict, "superseded" in detail) == ("INVALID", True)
    assert office.judge(2)[0] == "VALID"
    assert office.judge(1, before)[0] == "VALID"
    assert json.loads(before)["as_of"] in office.judge(1, before)[1]


@pytest.mark.parametrize("state", ["withdrawn", "expired", "superseded"])
def test_what_happens_to_the_assessment_ends_its_release(office: Office, state: str) -> None:
    office.release(1)
    office.write(update(assessment).values(state=state))
    verdict, detail = office.judge(1)
    assert (verdict, state in detail) == ("INVALID", True)


def test_a_list_that_does_not_know_the_release_says_nothing_about_it(office: Office) -> None:
    assert office.judge(1)[0] == "INCOMPLETE"


def test_a_report_that_was_never_released_is_not_listed(office: Office) -> None:
    office.release(1)
    office.write(update(report).values(state="signed"))
    with office.records.read() as connection:
        assert list_releases(connection) == []


def test_only_who_may_release_publishes(office: Office) -> None:
    with pytest.raises(NotPermitted):
        publish_status(office.records, Actor.person("p-9"), office.log)


def say_current(content: dict[str, Any]) -> None:
    content["releases"][0]["state"] = "current"


def drop_the_release(content: dict[str, Any]) -> None:
    content["releases"].clear()


def change_the_day(content: dict[str, Any]) -> None:
    content["as_of"] = "2036-01-01T00:00:00+00:00"


def change_the_entry(content: dict[str, Any]) -> None:
    content["entry"] = content["entry"].replace("status.published", "status.drafted")


def change_the_proof(content: dict[str, Any]) -> None:
    content["proof"] = content["proof"].replace("index ", "index 1")


def another_schema(content: dict[str, Any]) -> None:
    content["schema"] = "x"


@pytest.mark.parametrize(
    "forge",
    [say_current, drop_the_release, change_the_day, change_the_entry, change_the_proof,
     another_schema],
)  # fmt: skip
def test_no_forged_list_is_trusted(office: Office, forge: Callable[[dict[str, Any]], None]) -> None:
    office.release(1)
    office.release(2)
    content = json.loads(office.publish())
    forge(content)
    verdict, detail = office.judge(1, json.dumps(content).encode())
    assert verdict == "INVALID"
    assert "list" in detail


def test_a_list_of_another_log_is_not_trusted(office: Office, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Office(tmp_path / "other")
    other.release(1)
    assert office.judge(1, other.publish())[0] == "INVALID"


@pytest.mark.parametrize("data", [b"", b"null", b"{}", b"[" * 100_000, b"\xff"])
def test_any_other_file_is_no_list(office: Office, data: bytes) -> None:
    assert check_status(data, FILES[1], office.log.verifier.vkey).verdict == "INVALID"


def test_verify_takes_the_list_along(office: Office, tmp_path: Path) -> None:
    genuine = make_signed_pack()
    path = tmp_path / "pack.zip"
    path.write_bytes(genuine.pack.zip())
    request = {"path": str(path), "root": b64encode(genuine.root).decode(), "policy": None,
               "status": b64encode(office.publish()).decode()}  # fmt: skip
    found = verify_here(request)
    assert {c.name: c.verdict for c in found.checks}["supersession"] == "INVALID"
