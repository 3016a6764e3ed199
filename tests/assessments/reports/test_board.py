"""A board pack: its figures are in the ledger, and a later pack proves the past of an earlier one."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from assessments.errors import BadInput, NotPermitted, WorkbenchError
from assessments.ledger import keys, proof
from assessments.ledger.keys import LogKey
from assessments.ledger.tables import ledger_entry
from assessments.records import Actor, Event, Records
from assessments.reports.board import make_board_pack, render_board
from assessments.reports.pack import Pack

SYSTEM = Actor.system("test")
KPI = {
    "name": "overdue", "title": "Overdue deletions", "question": "How many?", "owner": "DPO",
    "value": 3.0, "unit": "count", "words": "3", "target": 0.0, "target_words": "0",
    "state": "missed", "state_words": "Target missed", "board": 1, "sql_sha256": "ab" * 32,
    "caveats": [], "sources": [],
    "trend": [{"as_of": "2026-11-13", "value": 5.0}, {"as_of": "2026-11-20", "value": 3.0}],
}  # fmt: skip
OTHER = KPI | {"name": "none", "title": "#read(\"/etc/passwd\") 🫠", "value": None, "words": "–",
               "state": "no_data", "board": None, "trend": []}  # fmt: skip
BOARD: dict[str, Any] = {
    "organisation": "Example", "as_of": "2026-11-20", "generation": "1", "kpis": [KPI, OTHER]
}  # fmt: skip


class Office:
    def __init__(self, folder: Path) -> None:
        self.database = folder / "records.sqlite"
        self.records = Records.open(f"sqlite:///{self.database}")
        self.log: LogKey = keys.create_key(folder / "keys", "ledger.example", "secret")

    def pack(self, previous: bytes | None = None, actor: Actor = SYSTEM) -> Pack:
        return make_board_pack(self.records, actor, self.log, self.log.verifiers, BOARD,
                               {"overdue.sql": b"select 1"}, previous)  # fmt: skip

    def add(self, count: int) -> None:
        for number in range(count):
            with self.records.change(SYSTEM) as change:
                change.apply(Event("x", "thing", str(number), "people.manage"))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_the_entry_names_the_figures_and_is_proved(office: Office) -> None:
    office.add(4)
    files = office.pack().files
    entry = json.loads(files["packed.json"])
    assert entry["facts"]["sha256"] == hashlib.sha256(files["board.json"]).hexdigest()
    text = files["packed.tlog-proof"].decode()
    assert proof.verify_proof(text, files["packed.json"], office.log.verifiers).size == 5
    assert files["kpis/overdue.sql"] == b"select 1"
    assert "consistency.txt" not in files


def test_a_later_pack_proves_that_the_earlier_past_is_untouched(office: Office) -> None:
    first = office.pack().files
    office.add(7)
    second = office.pack(first["checkpoint"]).files
    assert second["previous-checkpoint"] == first["checkpoint"]
    old, new = first["checkpoint"].decode(), second["checkpoint"].decode()
    proof.verify_consistency(old, new, second["consistency.txt"].decode(), office.log.verifiers)


def test_a_changed_past_cannot_be_packed(office: Office) -> None:
    office.add(6)
    first = office.pack().files
    with closing(sqlite3.connect(office.database)) as connection, connection:
        connection.execute("drop trigger ledger_node_no_update")
        connection.execute("update ledger_node set hash = zeroblob(32) where level = 2 and idx = 0")
    office.add(2)
    with pytest.raises(WorkbenchError):
        office.pack(first["checkpoint"])


def test_a_checkpoint_of_another_log_is_refused(office: Office, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Office(tmp_path / "other").pack().files
    with pytest.raises(BadInput):
        office.pack(other["checkpoint"])


def test_only_leadership_and_the_office_pack(office: Office) -> None:
    with pytest.raises(NotPermitted):
        office.pack(actor=Actor.person("p-1"))
    with office.records.read() as connection:
        assert connection.execute(select(func.count()).select_from(ledger_entry)).scalar() == 0


def test_the_same_figures_give_the_same_pages(office: Office) -> None:
    data = office.pack().files["board.json"]
    assert render_board(data, continues=False) == render_board(data, continues=False)
