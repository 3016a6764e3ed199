"""Who keeps the records of GDPR Art. 30, as letter (a) asks: names and how to reach them.

``organisation.yaml`` in the home directory may say it: name, contact, representative, officer. Without
it the name is that of the certificate authority, and the officer is whoever has that role today.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from assessments.exchange.article_30 import Parties
from assessments.questionnaire.document import Cursor, read_document
from assessments.records import Records
from assessments.records.tables import person, role_grant
from assessments.settings import Home
from dashboard import office

FILE = "organisation.yaml"
_KEYS = "name contact representative officer"


def find_parties(home: Home, records: Records) -> Parties:
    """What the file says, completed by what the installation knows."""
    told = _told(home)
    return Parties(
        organisation=str(told.get("name") or office.organisation(home)),
        contact=str(told.get("contact") or ""),
        representative=str(told.get("representative") or ""),
        officer=str(told.get("officer") or ", ".join(_officers(records))),
    )


def _told(home: Home) -> dict[str, Any]:
    path = home.path / FILE
    if not path.exists():
        return {}
    cursor = Cursor.at_root(read_document(path.read_bytes(), FILE))
    cursor.check_keys("", _KEYS)
    found: dict[str, Any] = cursor.content
    return found


def _officers(records: Records) -> list[str]:
    now = datetime.now(UTC)
    query = (
        select(person.c.name)
        .join(role_grant, role_grant.c.person_id == person.c.id)
        .where(role_grant.c.role == "dpo", person.c.is_active)
        .where(role_grant.c.valid_from <= now, role_grant.c.valid_to > now)
        .order_by(person.c.name)
        .distinct()
    )
    with records.read() as connection:
        return [str(name) for name in connection.execute(query).scalars()]
