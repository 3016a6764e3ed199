"""Names: of people, by a list that the user supplies, and of columns, by what they are called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from assessments.errors import BadInput
from assessments.leakage.relation import Column, Relation
from assessments.leakage.text.detectors import Detector

PERSON = r"\b(\p{Lu}[\p{L}'’-]{1,30} (?:(?:van|von|de|den|der|da|di|la|le|del) ){0,2}\p{Lu}[\p{L}'’-]{1,40})"
LONGEST = 2_000_000
COLUMN_NAMES: dict[str, str] = {
    "a name of a person": r"(first|last|given|family|full|maiden|sur|fore|nick|user)_?name|vorname|nachname|pr[ée]nom|apellidos?|^name$",
    "an address": r"(street|postal|home|mail)_?(address)?|address|adresse|strasse|postcode|zip(_?code)?$",
    "a date of birth": r"birth|^dob$|geburt|naissance|nacimiento",
    "contact data": r"e_?mail|phone|telefon|mobile|fax$",
    "an official number": r"(^|_)(ssn|nino|nhs|bsn|nir|dni|pesel|passport|tax_?id|licen[cs]e)(_|$)",
    "a location": r"(^|_)(lat|lon|lng|latitude|longitude|gps)(_|$)",
    "an online identifier": r"(^|_)(ip|ip_?addr(ess)?|mac|cookie|device_?id|advertising_?id|session_?id)(_|$)",
}


def detector(relation: Relation, file: str | Path) -> tuple[Detector, ...]:
    """Two capitalised words of which the first is on the list; one name a line, any case."""
    path = Path(file)
    if not path.is_file() or path.stat().st_size > LONGEST:
        raise BadInput("The list of names has to be a text file of at most 2 MB.", field="names")
    listed = sorted(
        {line.strip().casefold() for line in path.read_text("utf-8").splitlines()} - {""}
    )
    if not listed:
        raise BadInput("The list of names is empty.", field="names")
    relation.connection.execute("create or replace temp table given_names (name varchar)")
    relation.connection.execute("insert into given_names select unnest(?)", [listed])
    check = "lower(split_part(x, ' ', 1)) in (select name from given_names)"
    return (Detector("person_name", "direct", PERSON, check, source="the list supplied"),)


def suggestive(columns: Sequence[Column]) -> list[tuple[str, str]]:
    """Columns whose names say what they hold; a hint to look, never a finding."""
    spelled = [
        (c.name, re.sub(r"(?<=[a-z])(?=[A-Z])|[\s.-]+", "_", c.name).lower()) for c in columns
    ]
    return [
        (name, kind)
        for name, plain in spelled
        for kind, pattern in COLUMN_NAMES.items()
        if re.search(pattern, plain)
    ]
