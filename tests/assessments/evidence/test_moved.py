"""Files follow their answer when a new version of the template gives the question another name."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from assessments import questionnaire as q
from assessments.evidence import Rules, add, list_uses
from assessments.questionnaire import library
from assessments.questionnaire.upgrade import undo_upgrade, upgrade
from assessments.records import Records
from assessments.settings import Home
from tests.assessments.questionnaire.cases import join

TEMPLATE = """
id: small
version: '{version}'
title: Small
kind: test
source: own words
roles: [author]
{renamed}
sections:
  - id: one
    title: Say
    source: own words
    questions:
      - {{id: {name}, type: file, title: Which evidence?, source: s}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    made = tmp_path / "templates"
    (made / "archive").mkdir(parents=True)
    monkeypatch.setattr(library, "_folder", lambda: made)
    library.find_template.cache_clear()
    yield made
    library.find_template.cache_clear()


def test_files_follow_a_renamed_question_and_come_back(folder: Path, tmp_path: Path) -> None:
    old = TEMPLATE.format(version="1.0", renamed="", name="proof")
    (folder / "small.yaml").write_text(old)
    home = Home(tmp_path / "home").prepare()
    records = Records.open(home.records_url)
    ann = join(records, "ann", "author")
    made = q.start(records, ann, "small", "p", "Small")
    file = add(records, home, ann, "a.txt", io.BytesIO(b"x"), scope="p", rules=Rules())
    q.save_answer(records, ann, made, "proof", [file.sha256])
    (folder / "archive" / "small-1.0.yaml").write_text(old)
    new = TEMPLATE.format(version="2.0", renamed="renamed: {proof: evidence}", name="evidence")
    (folder / "small.yaml").write_text(new)
    library.find_template.cache_clear()

    upgrade(records, ann, made)
    with records.read() as connection:
        after = [(use.question_id, use.sha256) for use in list_uses(connection, made)]
    undo_upgrade(records, ann, made)
    with records.read() as connection:
        back = [(use.question_id, use.sha256) for use in list_uses(connection, made)]
    records.close()

    assert (after, back) == ([("evidence", file.sha256)], [("proof", file.sha256)])
