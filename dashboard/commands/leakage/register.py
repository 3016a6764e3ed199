"""``privacy leakage register``, ``measurements`` and ``key``: results that are kept and may be signed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assessments.files import replace_file
from dashboard.commands.plumbing import Session, emit, json_option, pass_session

if TYPE_CHECKING:
    from assessments.leakage.register.keys import Key
    from assessments.leakage.register.reading import Registered

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])


def register(group: click.Group) -> None:
    """Add the commands to ``privacy leakage``."""
    for command in (register_file, sign, measurements, accept, withdraw, keys):
        group.add_command(command)


def _about(model: str | None, dataset: str | None) -> tuple[str, str]:
    if bool(model) == bool(dataset):
        raise click.UsageError("Name one of --model and --dataset.")
    return ("model", model) if model else ("dataset", str(dataset))


@click.command("register")
@click.argument("result", type=FILE)
@click.option("--project", required=True, help="The project that answers for it.")
@click.option("--model", help="The model that was measured.")
@click.option("--dataset", help="The dataset that was measured.")
@click.option("--on", "day", type=DAY, help="Day of measurement; today by default.")
@click.option("--signature", type=FILE, help="DSSE envelope of a build elsewhere.")
@json_option
@pass_session
def register_file(
    session: Session, result: Path, project: str, model: str | None, dataset: str | None,
    day: datetime | None, signature: Path | None,
) -> None:  # fmt: skip
    """Keep a result file (`privacy leakage ... --json`) in the register, where pages and gate see it.

    It counts when an enrolled key signed it, or when the privacy office registers or accepts it.
    """
    from assessments.leakage.register.store import Subject
    from dashboard import measurements as kept

    found = kept.register(
        session.home, session.records(), session.person(),
        Subject(*_about(model, dataset), project), result.read_bytes(), result.name,
        measured_on=day.date() if day else None,
        envelope=signature.read_bytes() if signature else None,
    )  # fmt: skip
    emit(session, [_as_dict(each) for each in found], "\n".join(map(_line, found)))


@click.command("sign")
@click.argument("result", type=FILE)
@click.option("--key", type=FILE, required=True, help="Private key in PEM (Ed25519, P-256, P-384).")
@click.option("--subject", required=True, metavar="KIND:ID", help="model:ID or dataset:ID.")
@click.option("--on", "day", type=DAY, required=True, help="Day of measurement.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
@json_option
@pass_session
def sign(session: Session, result: Path, key: Path, subject: str, day: datetime, out: Path) -> None:
    """Sign a result file where it was made, for instance in a build; nothing is registered yet."""
    from assessments.leakage.register import signature

    made = signature.sign(result.read_bytes(), subject, day.date(), key.read_bytes())
    replace_file(out, made)
    emit(session, {"path": str(out)}, f"Signed: {out}")


@click.command("measurements")
@click.option("--project", help="Only those of this project.")
@json_option
@pass_session
def measurements(session: Session, project: str | None) -> None:
    """List registered measurements that you may read."""
    from assessments.leakage.register.reading import list_readable

    with session.records().read() as connection:
        found = list_readable(connection, session.person())
    shown = [each for each in found if project in (None, each.project_id)]
    emit(
        session,
        [_as_dict(each) for each in shown],
        "\n".join(map(_line, shown)) or "No measurements.",
    )


@click.command("accept")
@click.argument("measurement")
@json_option
@pass_session
def accept(session: Session, measurement: str) -> None:
    """Let an unsigned MEASUREMENT count; needs a role in the privacy office."""
    from dashboard import measurements as kept

    found = kept.accept(session.home, session.records(), session.person(), measurement)
    emit(session, _as_dict(found), _line(found))


@click.command("withdraw")
@click.argument("measurement")
@click.option("--reason", required=True)
@json_option
@pass_session
def withdraw(session: Session, measurement: str, reason: str) -> None:
    """Take a wrong MEASUREMENT out of gate and KPIs; it stays readable."""
    from dashboard import measurements as kept

    found = kept.withdraw(session.home, session.records(), session.person(), measurement, reason)
    emit(session, _as_dict(found), _line(found))


@click.group("key")
def keys() -> None:
    """Public keys of builds elsewhere that sign results."""


@keys.command("enrol")
@click.argument("public_key", type=FILE)
@click.option("--name", required=True, help="Which build it is.")
@click.option("--project", default="*", show_default=True, help="For which project; * for all.")
@json_option
@pass_session
def enrol(session: Session, public_key: Path, name: str, project: str) -> None:
    """Trust the key in the PEM file PUBLIC_KEY."""
    from assessments.leakage.register import keys as store

    found = store.enrol(session.records(), session.person(), name, public_key.read_bytes(), project)
    emit(session, _key(found), _key_line(found))


@keys.command("list")
@json_option
@pass_session
def list_(session: Session) -> None:
    """List enrolled keys."""
    from assessments.leakage.register import keys as store

    with session.records().read() as connection:
        found = store.list_keys(connection)
    emit(session, [_key(each) for each in found], "\n".join(map(_key_line, found)) or "No keys.")


@keys.command("revoke")
@click.argument("key")
@json_option
@pass_session
def revoke(session: Session, key: str) -> None:
    """Trust KEY (an id or its beginning) for nothing new."""
    from assessments.leakage.register import keys as store

    found = store.revoke(session.records(), session.person(), key)
    emit(session, _key(found), _key_line(found))


def _as_dict(found: Registered) -> dict[str, Any]:
    return {
        "measurement": found.id, "sha256": found.sha256, "project": found.project_id,
        "subject": f"{found.subject_kind}:{found.subject_id}", "channel": found.channel,
        "measure": found.measure, "measured_on": found.measured_on.isoformat(),
        "status": found.status, "score": found.score, "counts": found.counts and found.is_evidence,
        "signed_by": found.key_id, "accepted_by": found.accepted_by,
        "withdrawn": found.withdrawn_reason,
    }  # fmt: skip


def _line(found: Registered) -> str:
    score = "not measured" if found.score is None else f"score {found.score:.1f}"
    trust = f"signed by {found.key_id[:12]}" if found.key_id else "unsigned"
    state = (
        "withdrawn" if found.withdrawn_at else "" if found.is_trusted else ", waits for acceptance"
    )
    return (
        f"{found.id}  {found.subject_kind}:{found.subject_id}  {found.channel}  "
        f"{found.measured_on}  {score}  {trust}{state}"
    )


def _key(key: Key) -> dict[str, Any]:
    return {"key": key.id, "name": key.name, "project": key.scope,
            "enrolled_at": key.enrolled_at, "revoked_at": key.revoked_at}  # fmt: skip


def _key_line(key: Key) -> str:
    return f"{key.id[:16]}  {key.name}  {key.scope}{'  revoked' if key.revoked_at else ''}"
