"""One entry of the ledger, and the proof that it is in the tree that a checkpoint names."""

from __future__ import annotations

import json

import streamlit as st
from sqlalchemy import Connection

from assessments.errors import NotFound
from assessments.ledger import body, checkpoint, proof, store, tree
from assessments.records.permissions import check_permission
from dashboard import identity, office, state
from dashboard.components import Link, code, facts, notice, page_head
from dashboard.components.markup import Cell
from dashboard.pages.ledger import when_of
from dashboard.parameters import required
from dashboard.text import say, words


def render() -> None:
    """The entry in the address."""
    wanted = required("seq")
    with state.records().read() as connection:
        check_permission(connection, identity.current_actor(), "ledger.read")
        entry = _find(connection, wanted)
        page_head(
            say("Entry {seq}", seq=entry.seq),
            say("What the ledger says, word for word, and how to prove it."),
            [Link(say("Ledger"), "ledger")],
        )
        _facts(entry)
        code(say("Show the entry as it is hashed"), entry.body.decode())
        st.header(say("Proof"), anchor=False)
        _proof(connection, entry.seq)


def _find(connection: Connection, wanted: str) -> store.Entry:
    if not wanted.isascii() or not wanted.isdecimal() or len(wanted) > 15:
        raise NotFound(say("This address names no entry"), field="seq")
    return store.entry(connection, int(wanted))


def _facts(entry: store.Entry) -> None:
    said = body.read(entry)
    rows: list[tuple[str, Cell]] = [
        (say("What"), words(str(said.get("action", "")).replace(".", " "))),
        (say("On"), f"{said.get('kind', '')} {said.get('id', '')}"),
        (say("By"), str(said.get("actor", ""))),
        (say("When"), when_of(said)),
        (say("Commitment"), said.get("commitment") or say("No personal data behind it")),
        (say("Leaf hash"), tree.hash_leaf(entry.body).hex()),
    ]
    for name, value in sorted(said.get("facts", {}).items()):
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        rows.append((words(name), shown))
    facts(rows)


def _proof(connection: Connection, seq: int) -> None:
    note = checkpoint.latest_checkpoint(connection)
    if note is None:
        notice(
            say("There is no checkpoint yet. Make one with: privacy ledger checkpoint"), tone="warn"
        )
        return
    known = office.log_verifiers(state.home())
    covered = checkpoint.open_checkpoint(note, known).size if known else 0
    if seq >= covered:
        notice(
            say("This entry is newer than the latest checkpoint. Make one with: privacy ledger checkpoint"),
            tone="warn",
        )  # fmt: skip
        return
    text = proof.make_proof(connection, seq, note)
    st.download_button(
        say("Download the proof"), text, file_name=f"entry-{seq}.tlog-proof", mime="text/plain",
        on_click="ignore",
    )  # fmt: skip
    code(say("Show the proof"), text, key="proof")
