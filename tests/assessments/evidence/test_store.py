"""Files of evidence: kept once, whole, looked into; used, shared, removed and served by permission."""

from __future__ import annotations

import hashlib
import io
import json
import stat
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import update

from assessments import questionnaire as q
from assessments.errors import BadInput, CannotSay, Conflict, NotPermitted, NotPossibleNow
from assessments.evidence import (
    Rules,
    add,
    check_evidence,
    find,
    list_reusable,
    list_uses,
    read,
    remove,
    set_expiry,
)
from assessments.evidence.store import path_of
from assessments.ledger import body, store
from assessments.questionnaire import beginning
from assessments.records import Actor, Records, people
from assessments.records.tables import assessment, frozen
from assessments.review.gate import check_gate
from assessments.settings import Home
from dashboard.cli import cli
from tests.assessments.evidence import cases
from tests.assessments.questionnaire.cases import SETUP, join

TEXT = b"The access list was reviewed on 3 March.\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path).prepare()


@pytest.fixture
def records(home: Home) -> Records:
    return Records.open(home.records_url)


@pytest.fixture
def ann(records: Records) -> Actor:
    return join(records, "ann", "author")


@pytest.fixture
def dpia(records: Records, ann: Actor) -> str:
    return q.start(records, ann, "dpia", "p", "Triage")


def keep(
    records: Records, home: Home, actor: Actor, name: str = "Meier.txt", data: bytes = TEXT,
    rules: Rules | None = None,
) -> str:  # fmt: skip
    return add(
        records, home, actor, name, io.BytesIO(data), scope="p", rules=rules or Rules()
    ).sha256


def entries(records: Records) -> list[dict[str, object]]:
    with records.read() as connection:
        return [body.read(entry) for entry in store.entries(connection)]


def answer(records: Records, actor: Actor, dpia: str, *digests: str) -> None:
    q.save_answer(records, actor, dpia, "evidence", list(digests))


def put_in_state(records: Records, dpia: str, state: str) -> None:
    with records.engine.begin() as connection:
        connection.execute(update(assessment).where(assessment.c.id == dpia).values(state=state))


def test_a_file_lies_at_its_digest_and_the_ledger_does_not_know_its_name(
    records: Records, home: Home, ann: Actor
) -> None:
    digest = keep(records, home, ann, "../../etc/Herr Meier\u202e.txt")
    assert digest == hashlib.sha256(TEXT).hexdigest()
    file = path_of(home, digest)
    assert file.read_bytes() == TEXT
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with records.read() as connection:
        assert find(connection, digest).name == "Herr Meier.txt"
    told = entries(records)[0]
    assert (told["action"], told["id"]) == ("evidence.added", digest)
    assert "Meier" not in json.dumps(told)
    assert list((home.evidence / ".incoming").iterdir()) == []


def test_a_file_that_is_too_large_is_refused_before_it_is_read_to_its_end(
    records: Records, home: Home, ann: Actor
) -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            self.given += size
            return b"a" * size

    source = Endless()
    with pytest.raises(BadInput, match="too large"):
        add(records, home, ann, "a.txt", source, scope="p", rules=Rules(max_bytes=3 << 20))  # type: ignore[arg-type]
    assert source.given <= 5 << 20
    assert [path for path in home.evidence.rglob("*") if path.is_file()] == []


def test_only_a_role_of_the_project_adds_files(records: Records, home: Home, ann: Actor) -> None:
    stranger = join(records, "zoe", "leadership")
    with pytest.raises(NotPermitted):
        keep(records, home, stranger)


def scanner(tmp_path: Path, code: int) -> Rules:
    program = tmp_path / f"scan{code}"
    program.write_text(f'#!/bin/sh\ntest -f "$2" && test "$1" = --quiet && exit {code}\nexit 9\n')
    program.chmod(0o700)
    return Rules(scanner=(str(program), "--quiet"))


def test_the_exit_code_of_the_scanner_decides(
    records: Records, home: Home, ann: Actor, tmp_path: Path
) -> None:
    with pytest.raises(BadInput, match="scanner refuses"):
        keep(records, home, ann, rules=scanner(tmp_path, 1))
    with pytest.raises(CannotSay, match="could not be checked"):
        keep(records, home, ann, rules=scanner(tmp_path, 2))
    with pytest.raises(CannotSay, match="could not be checked"):
        keep(records, home, ann, rules=Rules(scanner=("/no/such/scanner",)))
    assert not path_of(home, hashlib.sha256(TEXT).hexdigest()).exists()
    digest = keep(records, home, ann, rules=scanner(tmp_path, 0))
    with records.read() as connection:
        assert find(connection, digest).scanned_by == "scan0"


def test_settings_that_cannot_be_read_are_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRIVACY_EVIDENCE_MAX_MB", "lots")
    with pytest.raises(BadInput, match="PRIVACY_EVIDENCE_MAX_MB"):
        Rules.configured()
    monkeypatch.setenv("PRIVACY_EVIDENCE_MAX_MB", "2")
    monkeypatch.setenv("PRIVACY_EVIDENCE_SCANNER", "clamdscan --fdpass")
    assert Rules.configured() == Rules(2 << 20, ("clamdscan", "--fdpass"))


def test_a_file_is_served_only_through_an_assessment_that_one_may_read(
    records: Records, home: Home, ann: Actor, dpia: str
) -> None:
    digest = keep(records, home, ann)
    with pytest.raises(NotPermitted):
        read(records, home, ann, digest)
    answer(records, ann, dpia, digest)
    assert read(records, home, ann, digest)[1] == TEXT
    with records.change(SETUP) as change:
        people.add_person(change, "bob", "Bob")
        people.grant_role(change, "bob", "author", reason="test", scope="other")
    bob = Actor.person("bob")
    with pytest.raises(NotPermitted):
        read(records, home, bob, digest)
    with records.read() as connection:
        assert list_reusable(connection, bob) == {}
        assert list_reusable(connection, ann) == {digest: "Meier.txt"}


def test_an_answer_names_only_files_that_its_writer_may_use(
    records: Records, home: Home, ann: Actor, dpia: str
) -> None:
    with pytest.raises(BadInput, match="no evidence"):
        answer(records, ann, dpia, "f" * 64)
    digest = keep(records, home, ann)
    answer(records, ann, dpia, digest)
    second = q.start(records, ann, "dpia", "p", "Another")
    cy = join(records, "cy", "author")
    q.add_contributor(records, ann, second, "cy")
    answer(records, cy, second, digest)
    with records.read() as connection:
        assert [use.sha256 for use in list_uses(connection, second)] == [digest]
    told = entries(records)[0]
    assert told["facts"]["evidence"] == [digest]  # type: ignore[index]


def test_an_assessment_that_begins_with_files_uses_them(
    records: Records, home: Home, ann: Actor
) -> None:
    digest = keep(records, home, ann)
    template = q.find_template("dpia")
    carried = {"evidence": q.Answer([digest])}
    with records.change(ann) as change:
        made = beginning.start_in(change, template, "p", "Carried over", carried)
    with records.read() as connection:
        assert [use.sha256 for use in list_uses(connection, made)] == [digest]
    with pytest.raises(BadInput, match="no evidence"), records.change(ann) as change:
        unknown = {"evidence": q.Answer(["f" * 64])}
        beginning.start_in(change, template, "p", "Carried over", unknown)


def test_taking_a_file_out_of_an_answer_can_be_undone(
    records: Records, home: Home, ann: Actor, dpia: str
) -> None:
    one, two = keep(records, home, ann), keep(records, home, ann, "a.txt", b"two")
    answer(records, ann, dpia, one, two)
    answer(records, ann, dpia, two)
    q.undo(records, ann, dpia, "evidence")
    with records.read() as connection:
        assert {use.sha256 for use in list_uses(connection, dpia)} == {one, two}
    q.clear_answer(records, ann, dpia, "evidence")
    with records.read() as connection:
        assert list_uses(connection, dpia) == []


def test_a_removed_file_leaves_a_tombstone_and_its_bytes_go(
    records: Records, home: Home, ann: Actor, dpia: str
) -> None:
    digest = keep(records, home, ann)
    answer(records, ann, dpia, digest)
    with pytest.raises(NotPossibleNow, match=dpia):
        remove(records, home, ann, digest, "p")
    put_in_state(records, dpia, "withdrawn")
    gone = remove(records, home, ann, digest, "p")
    assert gone.removed_at
    assert gone.erased_at
    assert not path_of(home, digest).exists()
    assert check_evidence(home, records) == []
    other = q.start(records, ann, "dpia", "p", "Another")
    with pytest.raises(BadInput, match="was removed"):
        answer(records, ann, other, digest)
    assert keep(records, home, ann) == digest
    answer(records, ann, other, digest)
    assert read(records, home, ann, digest)[1] == TEXT


def test_the_bytes_stay_while_a_frozen_record_names_them(
    records: Records, home: Home, ann: Actor, dpia: str
) -> None:
    digest = keep(records, home, ann)
    answer(records, ann, dpia, digest)
    put_in_state(records, dpia, "approved")
    with records.engine.begin() as connection:
        connection.execute(
            frozen.insert().values(
                assessment_id=dpia, revision=1, record=b'["%s"]' % digest.encode(),
                sha256="0" * 64, ledger_seq=0, at=find(connection, digest).added_at,
            )
        )  # fmt: skip
    kept = remove(records, home, ann, digest, "p")
    assert kept.removed_at
    assert kept.erased_at is None
    assert path_of(home, digest).read_bytes() == TEXT
    assert read(records, home, ann, digest)[1] == TEXT


def test_the_integrity_check_finds_what_is_missing_or_altered(
    records: Records, home: Home, ann: Actor, dpia: str
) -> None:
    digests = [keep(records, home, ann, "a.txt", text) for text in (b"one", b"two", b"three")]
    answer(records, ann, dpia, *digests)
    path_of(home, digests[0]).unlink()
    path_of(home, digests[1]).write_bytes(b"TWO")
    found = {damage.sha256: damage.kind for damage in check_evidence(home, records)}
    assert found == {digests[0]: "missing", digests[1]: "altered"}
    with pytest.raises(Conflict, match="altered"):
        read(records, home, ann, digests[1])


def test_expired_evidence_of_an_approval_closes_the_gate(
    records: Records, home: Home, ann: Actor, dpia: str
) -> None:
    digest = keep(records, home, ann)
    answer(records, ann, dpia, digest)
    set_expiry(records, ann, digest, date(2026, 6, 30), "p")
    put_in_state(records, dpia, "approved")
    with records.read() as connection:
        before = check_gate(connection, "p", today=date(2026, 6, 30))
        after = check_gate(connection, "p", today=date(2026, 7, 1))
    (found,) = set(after.reasons) - set(before.reasons)
    assert (found.kind, found.since) == ("evidence_expired", "2026-06-30")
    assert digest[:12] in found.what


def test_a_role_in_another_project_changes_no_expiry(
    records: Records, home: Home, ann: Actor, dpia: str
) -> None:
    digest = keep(records, home, ann)
    answer(records, ann, dpia, digest)
    with pytest.raises(NotPermitted):
        set_expiry(records, ann, digest, date(2026, 6, 30), "q")


def test_a_result_says_which_code_and_data_made_it(
    records: Records, home: Home, ann: Actor, tmp_path: Path
) -> None:
    table = tmp_path / "people.csv"
    table.write_text("age,zip\n" + "".join(f"{n % 9},{n % 5}\n" for n in range(60)))
    options = ["--qi", "age", "--qi", "zip", "--json"]
    run = CliRunner().invoke(cli, ["leakage", "reidentification", str(table), *options])
    result = keep(records, home, ann, "result.json", run.stdout.encode())
    done = keep(records, home, ann, "done.ipynb", cases.notebook())
    blank = keep(records, home, ann, "blank.ipynb", cases.notebook(count=None))
    with records.read() as connection:
        origins = [find(connection, digest).origin or {} for digest in (result, done, blank)]
    assert origins[0]["data"] == [hashlib.sha256(table.read_bytes()).hexdigest()]
    assert origins[0]["code"] == [json.loads(run.stdout)["code_digest"]]
    assert origins[1]["code"] == [hashlib.sha256(b"print('x')\n").hexdigest()]
    assert origins[1]["data"] == ["b" * 64]
    assert (origins[1]["is_executed"], origins[2]["is_executed"]) == (True, False)
