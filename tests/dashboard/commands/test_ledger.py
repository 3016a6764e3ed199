"""``privacy ledger`` from outside: answers, exit codes, and a tampered database."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from assessments.errors import WorkbenchError
from assessments.ledger import keys, proof
from assessments.ledger.note import Verifier
from assessments.records import Actor, Records, people
from assessments.settings import Home
from dashboard.cli import cli

PASSPHRASE = "correct horse"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("PRIVACY_LEDGER_PASSPHRASE", PASSPHRASE)
    made = Home.locate(tmp_path / "home").prepare()
    keys.create_key(made.keys, "ledger.example", PASSPHRASE)
    records = Records.open(made.records_url)
    with records.change(Actor.system("setup")) as change:
        people.add_person(change, "p-1", "Somebody", email="somebody@x.example")
        people.grant_role(change, "p-1", "dpo", reason="test")
    records.close()
    return made


def run(home: Home, *words: str, given: str | None = None) -> Result:
    return CliRunner().invoke(cli, ["--home", str(home.path), "ledger", *words], input=given)


def data(home: Home, *words: str) -> dict[str, Any]:
    done = run(home, *words, "--json")
    assert done.exit_code == 0, done.output
    return dict(json.loads(done.stdout))


def test_a_ledger_without_checkpoint_is_incomplete_and_with_one_valid(home: Home) -> None:
    assert run(home, "verify").exit_code == 3
    assert run(home, "checkpoint").exit_code == 0
    found = data(home, "verify")
    assert (found["verdict"], found["size"], found["checked"]) == ("VALID", 2, 2)
    assert len(bytes.fromhex(found["root"])) == 32


def test_an_edit_of_the_database_is_invalid(home: Home) -> None:
    run(home, "checkpoint")
    with closing(sqlite3.connect(home.path / "records.sqlite")) as database:
        database.execute("drop trigger ledger_entry_no_update")
        database.execute("update ledger_entry set body = replace(body, 'p-1', 'p-2')")
        database.commit()
    done = run(home, "verify")
    assert done.exit_code == 1
    assert "INVALID" in done.output


def test_a_rolled_back_database_is_found_by_the_keys_memory(home: Home) -> None:
    run(home, "checkpoint")
    with closing(sqlite3.connect(home.path / "records.sqlite")) as database:
        for table in ("entry", "node", "checkpoint"):
            database.execute(f"drop trigger ledger_{table}_no_delete")
            database.execute(f"delete from ledger_{table}")
        database.execute("delete from ledger_private")
        database.commit()
    done = run(home, "verify")
    assert done.exit_code == 1
    assert "kept elsewhere names 2 entries" in done.output


def test_a_printed_proof_verifies_and_a_newer_entry_needs_a_checkpoint(home: Home) -> None:
    signed = data(home, "checkpoint")
    made = data(home, "proof", "1")
    known = [Verifier.parse(signed["vkey"])]
    assert proof.verify_proof(made["proof"], made["entry"].encode(), known).size == 2
    with pytest.raises(WorkbenchError, match="no entry 9"):
        CliRunner().invoke(
            cli, ["--home", str(home.path), "ledger", "proof", "9"], catch_exceptions=False
        )


def test_consistency_with_an_older_checkpoint(home: Home, tmp_path: Path) -> None:
    old = tmp_path / "old.checkpoint"
    old.write_text(data(home, "checkpoint")["checkpoint"])
    assert data(home, "rotate")["vkeys"]
    run(home, "checkpoint")
    made = data(home, "consistency", str(old))
    assert (made["old"], made["new"]) == (2, 3)
    known = keys.read_vkeys(home.keys)
    proof.verify_consistency(old.read_text(), made["checkpoint"], made["proof"], known)
    assert data(home, "retire")["vkeys"]
    assert data(home, "verify", "--checkpoint", str(old))["verdict"] == "VALID"


def test_a_witness_cosigns_and_the_line_is_kept(home: Home, tmp_path: Path) -> None:
    run(home, "checkpoint")
    asked = tmp_path / "request"
    asked.write_text(data(home, "request")["request"])
    folder = tmp_path / "witness"
    words = [
        "cosign",
        str(asked),
        "--folder",
        str(folder),
        "--log",
        str(home.keys / keys.VKEY_FILE),
    ]
    done = run(home, *words, "--create", "w.example", "--json", given="horse\nhorse\n")
    assert done.exit_code == 0, done.output
    line = tmp_path / "line"
    line.write_text(json.loads(done.stdout)["line"])
    kept = data(home, "endorse", str(line), "--witness", str(folder / "witness.vkey"))
    assert kept["witness"] == "w.example"
    assert "— w.example " in data(home, "checkpoint")["checkpoint"]


def test_a_declared_restore_goes_on_under_a_new_name(home: Home) -> None:
    run(home, "checkpoint")
    assert "restored-1" in data(home, "restored")["vkey"]
    assert data(home, "checkpoint")["checkpoint"].startswith("ledger.example/restored-1\n3\n")
    assert data(home, "verify")["verdict"] == "VALID"


def test_erasing_a_persons_payloads_leaves_a_valid_ledger(home: Home) -> None:
    run(home, "checkpoint")
    words = ["--home", str(home.path), "--as", "p-1", "ledger", "erase", "person", "p-1"]
    done = CliRunner().invoke(cli, [*words, "--ground", "art-17-1-a", "--json"])
    assert json.loads(done.stdout)["erased"] >= 1, done.output
    found = data(home, "verify")
    assert (found["verdict"], found["erased"]) == ("VALID", json.loads(done.stdout)["erased"])
