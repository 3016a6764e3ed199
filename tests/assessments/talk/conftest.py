"""The review desk of the small template, and a real SMTP server of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assessments.records import Records
from tests.assessments.review.desk import open_desk
from tests.assessments.talk.mail_server import MailServer, running


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Records]:
    with open_desk(tmp_path, monkeypatch) as opened:
        yield opened


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    with running() as found:
        for name, value in found.environment().items():
            monkeypatch.setenv(name, value)
        yield found
