"""The ledger entries of a report: frozen before anybody signed, released with these very bytes."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import assessments.records  # noqa: F401  (the ledger's tables join the records' metadata)
from assessments.errors import WorkbenchError
from assessments.ledger.note import Verifier
from assessments.ledger.proof import verify_proof
from assessments.reports.record import Record
from assessments.signing.evidence import Policy
from assessments.signing.verification import Check, incomplete, invalid, judge

FROZEN, RELEASED = "assessment.frozen", "report.released"


def check_frozen(record: Record, attached: dict[str, bytes], vkey: str | None) -> Check:
    """The attached entry names the record's digest, and its proof leads to a signed checkpoint."""
    name = "frozen in the ledger"
    missing = [f for f in ("frozen.json", "frozen.tlog-proof") if f not in attached]
    if missing or vkey is None:
        why = f"{', '.join(missing)} not attached" if missing else "no log key to check it with"
        return incomplete(name, f"not checked: {why}")
    return check_entry(
        name,
        attached["frozen.json"],
        attached["frozen.tlog-proof"],
        vkey,
        FROZEN,
        _about(record),
        record.sha256,
    )


def check_released(files: dict[str, bytes], report: bytes, record: Record, vkey: str) -> Check:
    """The released entry names the SHA-256 of the signed file."""
    name = "released in the ledger"
    missing = [f for f in ("released.json", "report.tlog-proof", "checkpoint") if f not in files]
    if missing:
        return incomplete(name, f"not checked: {', '.join(missing)} missing")
    digest = hashlib.sha256(report).hexdigest()
    entry, proof = files["released.json"], files["report.tlog-proof"]
    if not proof.endswith(files["checkpoint"]):
        return invalid(name, "the checkpoint file is not the one in the proof")
    return check_entry(name, entry, proof, vkey, RELEASED, _about(record), digest)


def check_age(files: dict[str, bytes], policy: Policy, now: datetime) -> Check:
    """How old the pack's knowledge is; a later revision or withdrawal cannot show in it."""
    name = "age of the checkpoint"
    try:
        at = datetime.fromisoformat(json.loads(files["released.json"])["ts"]).astimezone(UTC)
    except (KeyError, ValueError, TypeError, RecursionError):
        return incomplete(name, "not checked: no released entry with a time")
    days = (now - at).total_seconds() / 86400
    detail = f"released {max(days, 0):.0f} days ago; later revisions cannot show in this pack"
    limit = policy.max_checkpoint_age_days
    if limit is not None and days > limit:
        return incomplete(name, f"{detail}; the policy allows {limit} days")
    return judge(name, ["released in the future"] if days < -1 else [], detail)


def _about(record: Record) -> tuple[str, int]:
    told = record.content["assessment"]
    return told["id"], told["revision"]


def check_entry(
    name: str,
    entry: bytes,
    proof: bytes,
    vkey: str,
    action: str,
    about: tuple[str, int],
    digest: str,
) -> Check:
    """The entry is in the signed tree, and is this action on this revision of this assessment."""
    try:
        checkpoint = verify_proof(proof.decode("utf-8"), entry, [Verifier.parse(vkey)])
        body: Any = json.loads(entry)
        facts = body["facts"]
        expected = (action, about[0], digest)
        found = (body["action"], body["id"], facts["sha256"])
        revision = facts["revision"]
    except WorkbenchError as error:
        return invalid(name, error.title)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        return invalid(name, f"the entry cannot be read: {type(error).__name__}")
    problems = []
    if found != expected or revision != about[1]:
        problems.append("the entry is about another file, assessment or revision")
    passed = f"{action} is in the signed tree of {checkpoint.size} entries of {checkpoint.origin}"
    return judge(name, problems, passed)
