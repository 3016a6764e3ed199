"""The ledger: every change in an append-only tree; anybody can check that nothing was altered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import streamlit as st
from sqlalchemy import Connection

from assessments.errors import WorkbenchError
from assessments.ledger import body, checkpoint, store
from assessments.ledger.verify import LedgerVerification, verify_ledger
from assessments.records.permissions import check_permission
from dashboard import identity, office, state
from dashboard.components import (
    Column,
    Columns,
    Link,
    announce,
    code,
    empty,
    facts,
    notice,
    page_head,
    paged,
)
from dashboard.components.markup import Cell, Tone
from dashboard.text import counted, moment, number, say, words

VERDICTS: dict[str, Tone] = {"VALID": "good", "INVALID": "bad", "INCOMPLETE": "warn"}
SHOWN_PROBLEMS = 5


def render() -> None:
    """Size, root, latest checkpoint, a button that checks all of it, and the entries."""
    page_head(
        say("Ledger"),
        say("Every change is one entry of a tree (RFC 6962). It holds no personal data, only salted commitments."),
    )  # fmt: skip
    with state.records().read() as connection:
        check_permission(connection, identity.current_actor(), "ledger.read")
        _facts(connection)
        _check(connection)
        _entries(connection)


def _facts(connection: Connection) -> None:
    size = store.size(connection)
    note = checkpoint.latest_checkpoint(connection)
    signed: Cell = say("None yet; make one with: privacy ledger checkpoint")
    if note is not None:
        try:
            covered = checkpoint.open_checkpoint(note, office.log_verifiers(state.home())).size
            signed = say("Signed over the first {size} entries", size=number(covered))
        except WorkbenchError as error:
            signed = error.title
    facts(
        [
            (say("Entries"), number(size)),
            (say("Root"), store.root(connection).hex() if size else say("Empty tree")),
            (say("Latest checkpoint"), signed),
            (say("Certificates, checkpoints, backups"), Link(say("Keys and backups"), "keys")),
        ]
    )
    if note is not None:
        code(say("Show the checkpoint"), note)


def _check(connection: Connection) -> None:
    if st.button(say("Check the whole ledger"), type="primary"):
        with st.spinner(say("Hashing every entry again")):
            _show_verdict(verify_ledger(connection, office.log_verifiers(state.home())))


def _show_verdict(found: LedgerVerification) -> None:
    sentence = say(
        "{count} hashed again and compared with {checkpoints}.",
        count=counted(found.checked, "entry", "entries"),
        checkpoints=counted(found.checkpoints, "signed checkpoint", "signed checkpoints"),
    )
    problems = "; ".join(found.problems[:SHOWN_PROBLEMS])
    text = f"{sentence} {problems}".strip()
    notice(text, tone=VERDICTS[found.verdict], title=found.verdict.capitalize(), key="verdict")
    announce(f"{found.verdict}. {sentence}")


def _entries(connection: Connection) -> None:
    st.header(say("Entries"), anchor=False)
    size = store.size(connection)
    if not size:
        empty(say("No entry yet"), say("The first change writes the first entry."))
        return
    columns: Columns = [
        Column(say("Entry"), is_number=True),
        say("What"),
        say("On"),
        say("By"),
        say("When"),
    ]

    def read(limit: int, offset: int) -> list[list[Cell]]:
        return [
            _line(entry.seq, body.read(entry))
            for entry in store.entries(connection, before=size - offset, limit=limit)
        ]

    paged(say("Entries, newest first"), columns, size, read)


def _line(seq: int, entry: dict[str, Any]) -> list[Cell]:
    return [
        Link(number(seq), "ledger_entry", {"seq": str(seq)}),
        words(str(entry.get("action", "")).replace(".", " ")),
        " ".join(str(entry.get(name, "")) for name in ("kind", "id")),
        str(entry.get("actor", "")),
        when_of(entry),
    ]


def when_of(entry: dict[str, Any]) -> str:
    """The moment of an entry in words."""
    raw = str(entry.get("ts", ""))
    try:
        return moment(datetime.fromisoformat(raw))
    except ValueError:
        return raw
