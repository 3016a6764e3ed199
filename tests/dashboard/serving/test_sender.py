"""The sender of ``privacy serve``: it sends what waits, and a bad turn does not end it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from assessments.errors import BadInput
from assessments.records import Records
from dashboard.sender import sending
from tests.assessments.review.desk import open_desk
from tests.assessments.talk.mail_server import MailServer, running
from tests.assessments.talk.test_post import mentioned


def url_of(records: Records) -> str:
    return records.engine.url.render_as_string(hide_password=False)


def wait_for(server: MailServer, count: int) -> int:
    end = time.monotonic() + 15
    while len(server.mails) < count and time.monotonic() < end:
        time.sleep(0.05)
    return len(server.mails)


def test_mail_goes_out_while_the_app_is_served_and_a_bad_turn_is_followed_by_a_good_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboard import sender

    turns = []

    def failing_once(*words: object) -> int:
        turns.append(words)
        if len(turns) == 1:
            raise OSError("disk")
        return 0

    with running() as server, open_desk(tmp_path, monkeypatch) as records:
        for name, value in server.environment().items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sender, "remind", failing_once)
        mentioned(records, "rosa")
        with sending(url_of(records), every=0.05):
            assert wait_for(server, 1) == 1
        assert len(turns) >= 2


def test_settings_that_are_wrong_stop_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRIVACY_MAIL_HOST", "mail.example")
    monkeypatch.delenv("PRIVACY_MAIL_SENDER", raising=False)
    with pytest.raises(BadInput), sending("sqlite://"):
        raise AssertionError("it began")
