"""Who signs is the template's to say: an access request is signed by two, an impact assessment by three."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from assessments import questionnaire
from assessments.errors import BadInput, NotPermitted
from assessments.questionnaire.loader import read_template
from assessments.records import Actor, Records
from assessments.reports import release
from assessments.reports.record import read_record
from assessments.reports.state import PACKED
from assessments.review import decisions
from assessments.settings import Home
from assessments.signing.roles import signers_for, signers_of
from assessments.signing.verify import verify_here
from tests.assessments.grants.requests import open_office, waiting_request
from tests.assessments.reports.dpia import make_record
from tests.assessments.signing.signed_pack import (
    LOG,
    build,
    certified,
    encoded,
    make_signed_pack,
    passphrase,
)
from tests.assessments.signing.test_verify_pack import failed, look_at

CHECKERS = Path(__file__).resolve().parents[3] / "docs" / "verify"
TEMPLATE = (
    "id: small\nversion: '1'\ntitle: Small\nkind: test\nsource: s\nroles: [%s]\n%ssections: []\n"
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Records, Home]]:
    folder = tmp_path_factory.mktemp("office")
    records = open_office(folder)
    yield records, Home(folder)
    records.close()


@pytest.fixture(scope="module")
def finished(office: tuple[Records, Home]) -> tuple[Path, bytes]:
    """The pack of an access request that went from the author's desk to the last signature."""
    records, home = office
    ana, olga = Actor.person("ana"), Actor.person("olga")
    request = waiting_request(records)
    decisions.decide(records, olga, request, decisions.Outcome.APPROVED, "Needed, and limited.")
    authority = certified({"ana": "Ana", "olga": "Olga"})
    release.render(records, home, LOG, olga, request)
    with pytest.raises(NotPermitted, match="do not sign"):
        release.sign(records, home, authority, Actor.person("rosa"), request, "x")
    for who in (ana, olga):
        state = release.sign(records, home, authority, who, request, passphrase(who.person_id))
    assert state.next_role is None
    release.release(records, home, authority, LOG, olga, request)
    for who in (olga, ana):
        state = release.countersign(
            records, home, authority, who, request, passphrase(who.person_id)
        )
    assert (state.state, state.roles) == (PACKED, ("author", "approver"))
    return state.pack_path, authority.root_certificate_pem


def test_an_access_request_is_signed_by_author_and_approver_and_its_pack_is_valid(
    finished: tuple[Path, bytes],
) -> None:
    path, root = finished
    found = verify_here({"path": str(path), "root": encoded(root), "policy": None})
    assert found.verdict == "VALID", found.checks
    said = {check.name: check.detail for check in found.checks}
    assert said["signing roles"] == "author, approver, as the template access_request says"
    assert "signature of the dpo" not in said


def test_a_policy_that_asks_for_three_is_not_content_with_two(finished: tuple[Path, bytes]) -> None:
    path, root = finished
    policy = rfc8785.dumps({"roles": [{"role": role} for role in ("author", "dpo", "approver")]})
    asked = {"path": str(path), "root": encoded(root), "policy": encoded(policy)}
    assert verify_here(asked).verdict == "INVALID"


def test_the_auditors_programs_read_who_signs_from_the_record(
    finished: tuple[Path, bytes], tmp_path: Path
) -> None:
    path, root = finished
    (tmp_path / "root.crt").write_bytes(root)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "pack")
    for program in (
        [sys.executable, "-I", str(CHECKERS / "check_pack.py")],
        ["node", str(CHECKERS / "check_pack.mjs")],
    ):
        command = [*program, str(tmp_path / "pack"), str(tmp_path / "root.crt")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "CONSISTENT"), done


def test_the_guide_in_the_pack_asks_for_as_many_signatures_as_there_are(
    finished: tuple[Path, bytes],
) -> None:
    with zipfile.ZipFile(finished[0]) as archive:
        guide = archive.read("VERIFY.txt").decode()
    assert "exactly 2 signatures with the field names author, approver" in guide
    assert "{" not in guide.replace("{print", "").replace("{exit", "")


def without_officer() -> dict[str, Any]:
    """An impact assessment whose record leaves out the officer, who has to sign this kind."""
    template = questionnaire.find_template("dpia")
    content = make_record(opinion=None, signers=["author", "approver"])
    told = {"id": "dpia", "version": template.version, "sha256": template.sha256}
    return content | {"template": content["template"] | told}


def test_a_kind_that_the_officer_signs_is_invalid_without_the_officer(tmp_path: Path) -> None:
    genuine = make_signed_pack()
    forged = build(genuine.authority, rfc8785.dumps(without_officer()))
    found = look_at(dict(forged.pack.files), tmp_path)
    assert failed(found) == {"signing roles"}


@pytest.mark.parametrize(
    "changes",
    [
        {"signers": ["author", "approver"]},
        {"signers": ["approver", "author"], "opinion": None},
        {"signers": ["author"], "opinion": None},
        {"signers": ["author", "author", "approver"], "opinion": None},
        {"signers": []},
    ],
    ids=["advice without its signature", "wrong order", "one person", "twice", "nobody"],
)
def test_a_record_cannot_name_signers_who_cannot_sign_it(changes: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        read_record(rfc8785.dumps(make_record() | changes))


def test_a_record_that_names_nobody_is_from_when_three_always_signed() -> None:
    assert signers_of(make_record()) == ("author", "dpo", "approver")


def test_a_record_that_nobody_signs_is_never_valid(tmp_path: Path) -> None:
    genuine = make_signed_pack()
    nobody = rfc8785.dumps(make_record(opinion=None, signers=[]))
    files = dict(build(genuine.authority, nobody, signed=False).pack.files)
    assert "signing roles" in failed(look_at(files, tmp_path))


def test_advice_is_signed_even_where_the_template_asks_for_none() -> None:
    assert signers_for(("author", "approver"), is_advised=True) == ("author", "dpo", "approver")
    assert signers_for(("author", "approver"), is_advised=False) == ("author", "approver")


@pytest.mark.parametrize(
    ("roles", "signers", "expected"),
    [
        ("author, reviewer, dpo, approver", "", ("author", "dpo", "approver")),
        ("author, reviewer, approver", "", ("author", "approver")),
        ("author", "", ()),
        ("author, dpo, approver", "[author, approver]", ("author", "approver")),
    ],
)
def test_a_template_says_who_signs_or_leaves_it_to_its_roles(
    roles: str, signers: str, expected: tuple[str, ...]
) -> None:
    line = f"signers: {signers}\n" if signers else ""
    assert read_template((TEMPLATE % (roles, line)).encode(), "t.yaml").signers == expected


@pytest.mark.parametrize("signers", ["[approver, author]", "[author, dpo]", "[author, king]",
                                     "[author, dpo, approver]"])  # fmt: skip
def test_a_template_with_unsound_signers_is_refused_at_its_line(signers: str) -> None:
    text = TEMPLATE % ("author, reviewer, approver", f"signers: {signers}\n")
    with pytest.raises(BadInput) as caught:
        read_template(text.encode(), "t.yaml")
    assert (caught.value.where["line"], caught.value.field) == (7, "signers")


def test_every_shipped_kind_is_signed_by_author_and_approver_at_least() -> None:
    for template in questionnaire.list_templates():
        expected = ("author", "dpo", "approver") if "dpo" in template.roles else (
            "author", "approver")  # fmt: skip
        assert template.signers == expected, template.id
