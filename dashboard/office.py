"""What pages, commands and notebooks share: keys of the office, and beginning an assessment.

Passphrases of the office come from the environment. Only a marked demonstration home, which holds
nothing but invented data, uses the published one.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.x509.oid import NameOID

from assessments import questionnaire
from assessments.errors import BadInput, NotFound
from assessments.ledger import keys
from assessments.ledger.checkpoint import CheckpointSigner
from assessments.ledger.note import Verifier
from assessments.ledger.remote import RemoteKey
from assessments.questionnaire import FactSource
from assessments.questionnaire.triggers import Trigger, find_triggers
from assessments.records import Actor, Records
from assessments.records.people import Person
from assessments.settings import Home
from assessments.signing.authority import Authority, has_keys
from dashboard import demonstration
from dashboard.warehouse.connect import Warehouse
from dashboard.warehouse.facts import WarehouseFacts
from dashboard.warehouse.renewal import opened

LEDGER_VARIABLE = "PRIVACY_LEDGER_PASSPHRASE"
SIGNER_VARIABLE = "PRIVACY_LEDGER_SIGNER"
AUTHORITY_VARIABLE = "PRIVACY_AUTHORITY_PASSPHRASE"
SUBJECTS = ("dataset", "vendor", "model")
DEMONSTRATION_PASSPHRASE = "for demonstration only"  # noqa: S105


def authority_folder(home: Home) -> Path:
    """Where the organisation's certificate authority keeps its files."""
    return home.keys / "authority"


def set_up_keys(home: Home, organisation: str, log_name: str) -> None:
    """First start: make the ledger's key and the certificate authority; later starts change nothing."""
    home.prepare()
    if not (home.keys / keys.KEY_FILE).exists():
        keys.create_key(home.keys, log_name, passphrase(home, LEDGER_VARIABLE))
    if not (authority_folder(home) / "root.crt").exists():
        Authority.create(authority_folder(home), passphrase(home, AUTHORITY_VARIABLE), organisation)


def open_log(home: Home) -> CheckpointSigner:
    """The ledger's signer: another process when its socket is named, else the key in the home."""
    socket = os.environ.get(SIGNER_VARIABLE)
    if socket:
        return RemoteKey.connect(Path(socket))
    return keys.open_key(home.keys, passphrase(home, LEDGER_VARIABLE))


def log_verifiers(home: Home) -> list[Verifier]:
    """Every key whose checkpoints count, past names included; none before the first start."""
    try:
        return keys.read_vkeys(home.keys)
    except NotFound:
        return []


def open_authority(home: Home) -> Authority:
    """The organisation's certificate authority."""
    return Authority.open(authority_folder(home), passphrase(home, AUTHORITY_VARIABLE))


def has_signing_keys(home: Home, person_id: str) -> bool:
    """Whether a person was certified already."""
    return has_keys(authority_folder(home), person_id)


def certify(authority: Authority, person: Person, secret: str) -> None:
    """Make a person's keys under their passphrase at the first signature; renew them in time."""
    if not authority.has_keys(person.id):
        authority.issue(person.id, person.name, secret)
    elif not authority.is_revoked(person.id) and authority.needs_renewal(person.id):
        authority.renew(person.id, person.name, secret)


def passphrase(home: Home, variable: str) -> str:
    """The office's passphrase, or a clear word on where it has to come from."""
    found = os.environ.get(variable)
    if found:
        return found
    if demonstration.is_marked(home):
        return DEMONSTRATION_PASSPHRASE
    raise BadInput(
        "The passphrase of the office's key is not there",
        f"Give it in {variable}; it is never stored beside the key.",
        field=variable,
    )


def begin(
    records: Records,
    actor: Actor,
    facts: FactSource,
    template_id: str,
    project: str,
    title: str,
    *,
    organisation: str = "",
    sources: list[dict[str, str]] | None = None,
    language: str = "en",
    about: Mapping[str, str] | None = None,
) -> str:
    """Begin an assessment with what the inventory knows of the project; returns its id.

    about: a dataset, vendor or model of the inventory that it is about, by kind.
    """
    named = name_project(facts, project)
    for kind, object_id in (about or {}).items():
        _check_known(facts, kind, object_id)
    return questionnaire.start(
        records,
        actor,
        template_id,
        project,
        title,
        facts,
        subject=about,
        language=language,
        context={
            "organisation": organisation,
            "project": named,
            "sources": sources or [],
        },
    )


def _check_known(facts: FactSource, kind: str, object_id: str) -> None:
    if kind not in SUBJECTS:
        raise BadInput(f"An assessment is not about a {kind}", f"But about: {', '.join(SUBJECTS)}.")
    if not facts.query(kind, {kind: object_id}):
        raise BadInput(f"The inventory has no {kind} {object_id}", field=kind)


def name_project(facts: FactSource, project: str) -> dict[str, str]:
    """What records say of a project; BadInput for one that the inventory does not know."""
    known = facts.query("project", {"project": project})
    if not known:
        raise BadInput(
            f"The inventory has no project {project}",
            "Load an export of projects that names it first.",
            field="project",
        )
    row: Mapping[str, Any] = known[0].value
    return {
        "name": str(row.get("name") or ""),
        "description": str(row.get("description") or ""),
        "owner": str(row.get("owner_name") or row.get("owner") or row.get("owner_id") or ""),
    }


def find_review_triggers(home: Home, records: Records, actor: Actor) -> list[Trigger]:
    """After a load: log which approved assessments rest on facts that have changed."""
    with opened(home, records) as warehouse:
        return find_triggers(records, actor, WarehouseFacts(warehouse))


def organisation(home: Home) -> str:
    """The organisation's name, as its certificate authority states it; empty before first start."""
    path = authority_folder(home) / "root.crt"
    if not path.exists():
        return ""
    subject = x509.load_pem_x509_certificate(path.read_bytes()).subject
    names = subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return str(names[0].value) if names else ""


def describe_sources(warehouse: Warehouse) -> list[dict[str, str]]:
    """Name, file, digest and time of every load."""
    return [
        {
            "name": str(item["kind"]),
            "path": str(item["path"]),
            "sha256": str(item["sha256"]),
            "loaded_at": item["loaded_at"].isoformat(timespec="seconds"),
        }
        for item in warehouse.sources()
    ]
