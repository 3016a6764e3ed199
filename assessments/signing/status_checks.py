"""Whether a release still stands, as the organisation's published list says."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import rfc8785

from assessments.errors import WorkbenchError
from assessments.ledger.note import Verifier
from assessments.ledger.proof import verify_proof
from assessments.reports.status import CURRENT, PUBLISHED, SCHEMA
from assessments.signing.verification import Check, incomplete, invalid, valid

NAME = "supersession"
MAX_BYTES = 32 * 1024 * 1024


def check_status(status: bytes, report: bytes, vkey: str | None) -> Check:
    """INVALID when the list is not the log's own, or says that this release no longer stands."""
    if vkey is None:
        return incomplete(NAME, "not checked: no log key to check the list with")
    try:
        said = _read(status, vkey)
    except WorkbenchError as error:
        return invalid(NAME, f"the list of releases is not to be trusted: {error.title}")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return invalid(NAME, f"the list of releases cannot be read: {type(error).__name__}")
    digest = hashlib.sha256(report).hexdigest()
    found = [release for release in said["releases"] if release["sha256"] == digest]
    if not found:
        return incomplete(NAME, f"the list as of {said['as_of']} does not know this release")
    state = str(found[0]["state"])
    if state == CURRENT:
        return valid(NAME, f"still the current release as of {said['as_of']}")
    return invalid(NAME, f"this release is {state.replace('_', ' ')} as of {said['as_of']}")


def _read(status: bytes, vkey: str) -> dict[str, Any]:
    if len(status) > MAX_BYTES:
        raise ValueError("too large")
    content = json.loads(status)
    if content["schema"] != SCHEMA:
        raise ValueError("another kind of file")
    entry = content["entry"].encode()
    verify_proof(content["proof"], entry, [Verifier.parse(vkey)])
    told = json.loads(entry)
    said = {"as_of": content["as_of"], "releases": content["releases"]}
    digest = hashlib.sha256(rfc8785.dumps(said)).hexdigest()
    if (told["action"], told["facts"]["sha256"]) != (PUBLISHED, digest):
        raise ValueError("the entry is about another list")
    return said
