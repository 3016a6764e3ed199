"""A store with people who can play every part of a round."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assessments.records import Actor, Records, people
from tests.assessments.review.desk import open_desk

ROLES = {"anna": ["author", "reviewer"], "rosa": ["reviewer"], "otto": ["approver"], "max": ["author"],
         "dora": ["dpo"], "all": ["author", "reviewer", "approver", "dpo"]}  # fmt: skip


@pytest.fixture
def records(tmp_path: Path) -> Records:
    opened = Records.open(f"sqlite:///{tmp_path / 'records.sqlite'}")
    with opened.change(Actor.system("test")) as change:
        for name, roles in ROLES.items():
            people.add_person(change, name, name.title())
            for role in roles:
                people.grant_role(change, name, role, reason="test")
    return opened


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Records]:
    with open_desk(tmp_path, monkeypatch) as opened:
        yield opened
