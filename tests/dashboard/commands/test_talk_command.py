"""``privacy notices``: exit codes, and what a script reads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from assessments import talk
from assessments.records import Records
from assessments.talk import Place
from dashboard.cli import cli
from tests.assessments.review.desk import begin, open_desk, who
from tests.assessments.talk.mail_server import running
from tests.assessments.talk.test_post import with_addresses


def run(home: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["--home", str(home), "notices", *words, "--json"])
    return done.exit_code, done.stdout


def test_send_says_how_many_and_fails_when_one_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running() as server, open_desk(tmp_path, monkeypatch) as records:
        for name, value in server.environment().items():
            monkeypatch.setenv(name, value)
        _mention(records, "rosa")
        code, said = run(tmp_path, "send")
        assert (code, json.loads(said)["sent"], len(server.mails)) == (0, 1, 1)
        server.refusals["rosa@people.example"] = "550 gone"
        _mention(records, "rosa")
        code, said = run(tmp_path, "send")
        assert (code, json.loads(said)["given_up"]) == (1, 1)
    assert json.loads(run(tmp_path, "remind")[1])["notices"] == 0


def test_send_without_a_server_names_the_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PRIVACY_MAIL_HOST", raising=False)
    done = CliRunner().invoke(cli, ["--home", str(tmp_path), "notices", "send"])
    assert "PRIVACY_MAIL_HOST" in str(done.exception)


def _mention(records: Records, person: str) -> None:
    with_addresses(records, person)
    talk.open_thread(records, who("ruth"), begin(records), Place(), "Look", mentions=(person,))
