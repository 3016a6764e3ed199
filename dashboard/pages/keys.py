"""Keys and backups: what ends soon, what is not signed yet, and the last examination, with commands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import streamlit as st

from assessments.doctor import Finding, State
from assessments.doctor.custody import Custody, Held, describe
from assessments.doctor.kept import Examination, conduct, keep, last
from assessments.language import sentence
from assessments.records.permissions import check_permission, has_permission
from dashboard import identity, state
from dashboard.components import (
    Cell,
    Link,
    Tag,
    announce,
    empty,
    facts,
    notice,
    page_head,
    table,
    tags,
)
from dashboard.components.markup import Tone
from dashboard.examination import every_finding
from dashboard.reading import names_of
from dashboard.text import counted, day, moment, number, say

TONES: dict[State, Tone] = {State.OK: "good", State.ATTENTION: "warn", State.BROKEN: "bad"}
OLD_DAYS = 2
NAMES = {
    "records": sentence("Records"),
    "ledger": sentence("Ledger"),
    "checkpoint": sentence("Checkpoint"),
    "signer": sentence("The ledger's key"),
    "reports": sentence("Reports"),
    "evidence": sentence("Evidence"),
    "privacy": sentence("Who can read the files"),
    "leftovers": sentence("Unfinished files"),
    "disk": sentence("Disk"),
    "certificates": sentence("Certificates"),
    "revocation": sentence("Revocation list"),
    "backup": sentence("Backup"),
    "warehouse": sentence("Warehouse"),
}


def render() -> None:
    """The last examination first: it says what to do. Then certificates, ledger and backups."""
    page_head(
        say("Keys and backups"),
        say("What the people who run this installation keep an eye on. No key is opened here."),
        [Link(say("Ledger"), "ledger")],
    )
    now = datetime.now(UTC)
    with state.records().read() as connection:
        check_permission(connection, identity.current_actor(), "custody.read")
        may_examine = has_permission(connection, identity.current_actor(), "review.trigger")
        found = describe(state.home(), connection)
    _examination(may_examine, now)
    _certificates(found, now)
    _ledger(found)
    _backups(found)


def _examination(may_examine: bool, now: datetime) -> None:
    st.header(say("Examination"), anchor=False)
    if may_examine and st.button(say("Examine now"), type="primary"):
        with st.spinner(say("Hashing every entry and every file again")):
            made = conduct(every_finding(state.home(), state.records()))
            keep(state.home(), made)
        announce(say("Examined."))
    kept = last(state.home())
    if kept is None:
        empty(say("Nobody has examined this installation yet"),
              say("Run every night: privacy doctor --nightly"), key="unexamined")  # fmt: skip
        return
    _age(kept, now)
    open_ = [finding for finding in kept.findings if finding.state is not State.OK]
    tags([Tag(_state(kept.state), TONES[kept.state])], key="examined")
    rows = [
        _finding(finding) for finding in (*open_, *(f for f in kept.findings if f not in open_))
    ]
    table(say("Findings"), [say("What"), say("State"), say("Seen"), say("What to do")], rows,
          key="findings")  # fmt: skip


def _age(kept: Examination, now: datetime) -> None:
    took = number(kept.seconds, 1)
    said = say("Examined {moment}, in {seconds} seconds.", moment=moment(kept.at), seconds=took)
    if (now - kept.at).days >= OLD_DAYS:
        notice(f"{said} {say('Run every night: privacy doctor --nightly')}", tone="warn", key="age")
    else:
        st.write(said)


def _finding(finding: Finding) -> list[Cell]:
    tag = Tag(_state(finding.state), TONES[finding.state])
    return [say(NAMES.get(finding.name, finding.name)), tag, finding.detail, finding.remedy]


def _state(found: State) -> str:
    return {
        State.OK: say("In order"),
        State.ATTENTION: say("Wants attention"),
        State.BROKEN: say("Broken"),
    }[found]


def _certificates(found: Custody, now: datetime) -> None:
    st.header(say("Certificates"), anchor=False)
    if not found.certificates:
        empty(say("There is no certificate authority"), say("Make one with: privacy setup"),
              key="no-authority")  # fmt: skip
        return
    people = names_of("person")
    table(
        say("Certificates in use, the first to end on top"),
        [say("Whose"), say("For"), say("Ends"), say("State"), say("What to do")],
        [_certificate(held, people, now) for held in found.certificates],
        key="certificates",
    )
    until = found.list_until
    facts(
        [
            (say("Revocation list of the root"), say("None yet") if until is None else say(
                "Counts until {day}; the next signature renews it", day=day(until.date())), None),
            (say("Revoke"), "privacy authority revoke PERSON --reason CODE", None),
        ],
        key="revocation",
    )  # fmt: skip


def _certificate(held: Held, people: Mapping[str, str], now: datetime) -> list[Cell]:
    whose = {"root": say("Root authority"), "issuing": say("Issuing authority")}.get(
        held.whose, people.get(held.whose, held.name or held.whose)
    )
    purpose = {"document": say("Reports"), "statement": say("Statements")}.get(
        held.kind, say("Other certificates")
    )
    tag = Tag(say("Counts"), "good")
    command = ""
    if held.is_revoked:
        tag, command = Tag(say("Revoked"), "bad"), say("A new one is made at the next signature")
    elif held.is_ending(now):
        tag = Tag(say("Ended"), "bad") if held.ends_at < now else Tag(say("Ends soon"), "warn")
        command = _renewal(held)
    return [whose, purpose, day(held.ends_at.date()), tag, command]


def _renewal(held: Held) -> str:
    commands = {
        "root": "privacy authority rotate-root",
        "issuing": "privacy authority renew-issuing",
    }
    return commands.get(held.whose, f"privacy authority renew {held.whose}")


def _ledger(found: Custody) -> None:
    st.header(say("Ledger"), anchor=False)
    unsigned = found.entries - found.covered
    signed = say("None yet") if found.checkpoint_at is None else moment(found.checkpoint_at)
    stamped = say("None yet") if found.stamped_at is None else say(
        "{count}, the last {moment}", count=counted(found.stamps, "time-stamp", "time-stamps"),
        moment=moment(found.stamped_at))  # fmt: skip
    facts(
        [
            (say("Newest checkpoint"), signed, None),
            (say("Not signed yet"), counted(unsigned, "entry", "entries"), None),
            (say("Sign them"), "privacy ledger checkpoint", None),
            (say("Time-stamps from outside"), stamped, None),
            (say("Ask for one"), "privacy ledger timestamp", None),
        ],
        key="custody",
    )


def _backups(found: Custody) -> None:
    st.header(say("Backups"), anchor=False)

    def when(at: datetime | None) -> str:
        return say("Never") if at is None else moment(at)

    facts(
        [
            (say("Records, ledger, evidence"), when(found.records_backup), None),
            (say("Keys"), when(found.keys_backup), None),
            (
                say("Make both"),
                "privacy backup create FILE; privacy backup create FILE --part keys",
                None,
            ),
        ],
        key="backups",
    )
