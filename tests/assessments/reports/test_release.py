"""Making and releasing a report is refused in the core, whatever a page shows or a script calls."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from assessments import questionnaire
from assessments.errors import NotFound, NotPermitted
from assessments.ledger import store
from assessments.ledger.note import Signer
from assessments.records import Actor, Records, people
from assessments.reports import release
from assessments.settings import Home
from assessments.signing.authority import Authority

LOG = Signer("ledger.example", Ed25519PrivateKey.generate())
PEOPLE = {
    "anna": "author",
    "otto": "approver",
    "rosa": "reviewer",
    "lea": "leadership",
    "aud": "auditor",
}
REFUSED = [Actor.person(name) for name in ("anna", "lea", "aud", "stranger")] + [
    Actor.system("reports")
]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path).prepare()


@pytest.fixture
def records(home: Home) -> Records:
    opened = Records.open(home.records_url)
    with opened.change(Actor.system("test")) as change:
        for name, role in PEOPLE.items():
            people.add_person(change, name, name.title())
            people.grant_role(change, name, role, reason="test")
    return opened


@pytest.fixture
def assessment(records: Records) -> str:
    return questionnaire.start(records, Actor.person("anna"), "dpia", "pr-1", "DPIA")


@pytest.mark.parametrize("actor", REFUSED, ids=lambda actor: actor.person_id)
def test_whoever_may_not_release_makes_and_releases_nothing(
    actor: Actor, records: Records, home: Home, assessment: str
) -> None:
    authority = Authority.create(home.keys / "authority", "x", "Example")
    with records.read() as connection:
        before = store.size(connection)
    with pytest.raises(NotPermitted):
        release.render(records, home, LOG, actor, assessment)
    with pytest.raises(NotPermitted):
        release.release(records, home, authority, LOG, actor, assessment)
    with records.read() as connection:
        assert store.size(connection) == before
    assert not list(home.reports.iterdir())


@pytest.mark.parametrize("name", ["otto", "rosa"])
def test_approver_and_privacy_office_get_past_the_permission(
    name: str, records: Records, home: Home, assessment: str
) -> None:
    with pytest.raises(NotFound, match="no frozen record"):
        release.render(records, home, LOG, Actor.person(name), assessment)
