"""Keeping a measurement: the one way in, with its event, and who may let it count.

A result that an enrolled key signed counts at once. Without a signature it counts when the privacy office
registers or accepts it: the team that built a model does not clear it alone. A result is never changed;
a wrong one is withdrawn, with a reason, and stays readable.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.sql.base import Executable

from assessments.errors import BadInput, NotPossibleNow
from assessments.leakage.measurement import from_dict
from assessments.leakage.register.keys import usable
from assessments.leakage.register.reading import Registered, find_registered
from assessments.leakage.register.signature import Signed, open_signed
from assessments.leakage.register.tables import measurement, measurement_file
from assessments.leakage.results_file import (
    SUBJECTS,
    as_row,
    channel_of,
    check_word,
    code_digest,
    data_digest,
    headline,
    is_evidence,
    read_parts,
)
from assessments.records import Actor, Event, Records
from assessments.records.permissions import check_permission, has_permission
from assessments.records.store import Change

LONGEST_REASON = 1000


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose measurement it is: a model or a dataset, and the project that answers for it."""

    kind: str
    id: str
    project_id: str

    def __post_init__(self) -> None:
        if self.kind not in SUBJECTS or not 0 < len(self.id) <= 120:
            raise BadInput(
                "A result is about a model or a dataset",
                "For example model:m-churn-5.",
                field="subject",
            )

    @property
    def about(self) -> str:
        """As the command line and signed statements name it."""
        return f"{self.kind}:{self.id}"


def register(
    records: Records,
    actor: Actor,
    subject: Subject,
    data: bytes,
    file: str,
    *,
    measured_on: date | None = None,
    envelope: bytes | None = None,
) -> list[Registered]:
    """Keep a result file; the same file for the same subject and day is kept once.

    A signed statement says whose it is and of which day; given ones must agree with it.
    """
    with records.read() as connection:
        check_permission(connection, actor, "measurement.register", subject.project_id)
        keys = usable(connection, subject.project_id)
    parts = read_parts(data, file)
    signed = None if envelope is None else open_signed(envelope, data, keys)
    day = _day(subject, measured_on, signed)
    with records.change(actor) as change:
        return [
            _enter(change, subject, data, name, result, day, (signed, envelope))
            for name, result in parts.items()
        ]


def accept(records: Records, actor: Actor, measurement_id: str) -> Registered:
    """The privacy office lets an unsigned result count."""
    with records.change(actor) as change:
        found = find_registered(change.connection, measurement_id)
        if found.is_trusted or found.withdrawn_at is not None:
            raise NotPossibleNow("This measurement waits for nobody's acceptance")
        values = {"accepted_by": change.actor.person_id, "accepted_at": change.now}
        _change(change, found, "accept", values)
        return find_registered(change.connection, found.id)


def withdraw(records: Records, actor: Actor, measurement_id: str, reason: str) -> Registered:
    """Take a wrong result out of gate and KPIs; it stays readable with the reason."""
    why = " ".join(reason.split())
    if not why or len(why) > LONGEST_REASON:
        raise BadInput("Withdrawing needs a reason", field="reason")
    with records.change(actor) as change:
        found = find_registered(change.connection, measurement_id)
        if found.withdrawn_at is not None:
            raise NotPossibleNow("This measurement was withdrawn before")
        values = {
            "withdrawn_by": change.actor.person_id, "withdrawn_at": change.now,
            "withdrawn_reason": why,
        }  # fmt: skip
        _change(change, found, "withdraw", values, private={"reason": why})
        return find_registered(change.connection, found.id)


def _day(subject: Subject, given: date | None, signed: Signed | None) -> date:
    today = datetime.now(UTC).date()
    if signed is None:
        day = given or today
    elif signed.about != subject.about or given not in (None, signed.measured_on):
        raise BadInput(
            "The signature is for another subject or day",
            f"It says {signed.about[:140]}, measured on {signed.measured_on}.",
            field="signature",
        )
    else:
        day = signed.measured_on
    if day > today:
        raise BadInput("A measurement cannot be of a day to come", field="measured_on")
    return day


def _enter(
    change: Change, subject: Subject, data: bytes, part: str, result: Mapping[str, Any], day: date,
    signature: tuple[Signed | None, bytes | None],
) -> Registered:  # fmt: skip
    """Keep one channel; a signature that comes later is added to what is there."""
    digest, (signed, envelope) = hashlib.sha256(data).hexdigest(), signature
    name = f"{subject.project_id}\n{subject.about}\n{day}\n{digest}\n{part}"
    found = f"ms-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
    if change.connection.execute(select(measurement.c.id).where(measurement.c.id == found)).first():
        known = find_registered(change.connection, found)
        if signed is not None and known.key_id is None:
            _change(change, known, "sign", {"key_id": signed.key.id, "envelope": envelope})
        return find_registered(change.connection, found)
    is_office = signed is None and has_permission(
        change.connection, change.actor, "measurement.accept", subject.project_id, change.now
    )
    row = {
        "id": found, "sha256": digest, "part": part, "project_id": subject.project_id,
        "subject_kind": subject.kind, "subject_id": subject.id, "measured_on": day,
        "key_id": signed.key.id if signed else None, "envelope": envelope,
        "registered_by": change.actor.person_id, "registered_at": change.now,
        "accepted_by": change.actor.person_id if is_office else None,
        "accepted_at": change.now if is_office else None, **_figures(subject, result, day),
    }  # fmt: skip
    facts = {"sha256": digest, "subject": subject.about, "channel": row["channel"],
             "measured_on": day.isoformat(), "key": row["key_id"], "accepted": is_office}  # fmt: skip
    event = Event("measurement.registered", "measurement", found, "measurement.register",
                  subject.project_id, facts)  # fmt: skip
    change.apply(event, *_keep(change, digest, data), insert(measurement).values(**row))
    return find_registered(change.connection, found)


def _keep(change: Change, digest: str, data: bytes) -> list[Executable]:
    known = select(measurement_file.c.sha256).where(measurement_file.c.sha256 == digest)
    if change.connection.execute(known).first():
        return []
    return [insert(measurement_file).values(sha256=digest, content=data)]


def _figures(subject: Subject, result: Mapping[str, Any], day: date) -> dict[str, Any]:
    """What lists and the warehouse need; an inconclusive result has no row there."""
    read = from_dict(result)
    shows = read.severity is not None and read.value is not None
    row = as_row(result, subject.kind, subject.id, day) if shows else {}
    return {
        "channel": channel_of(result), "measure": headline(result), "method": read.method,
        "method_version": read.method_version, "status": read.status,
        "is_evidence": is_evidence(result), "value": read.value, "low": row.get("low", read.ci_low),
        "high": row.get("high", read.ci_high), "confidence": read.confidence, "n": read.n,
        "severity": read.severity, "severity_high": read.severity_high, "extent": read.extent,
        "power_check": check_word(result["power_check"]),
        "null_check": check_word(result["null_check"]), "data_sha256": data_digest(result),
        "code_sha256": code_digest(result), "row_id": row.get("result_id"),
        "trend_key": read.trend_key,
    }  # fmt: skip


def _change(
    change: Change, found: Registered, step: str, values: dict[str, Any],
    private: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """A later step: signed, accepted or withdrawn."""
    word = {"sign": "signed", "accept": "accepted", "withdraw": "withdrawn"}[step]
    permission = "measurement.register" if step == "sign" else f"measurement.{step}"
    event = Event(f"measurement.{word}", "measurement", found.id, permission, found.project_id,
                  {"sha256": found.sha256, "key": values.get("key_id")}, private)  # fmt: skip
    change.apply(event, update(measurement).where(measurement.c.id == found.id).values(**values))
