"""A review desk with a small kind of assessment and enough people to review it twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

from assessments import questionnaire as q
from assessments.questionnaire import library
from assessments.records import Actor, Records, people
from assessments.review import rounds
from assessments.review.rounds import Verdict
from assessments.review.seats import assign_reviewers

TEMPLATE = """
id: small
version: '1'
title: Small
kind: test
source: own words
roles: [author, reviewer, dpo, approver]
sections:
  - id: one
    title: Say
    source: own words
    questions:
      - {id: kept, type: number, title: For how many years?, source: s}
  - id: two
    title: Say more
    source: own words
    questions:
      - {id: owner, type: yes_no_unknown, title: Is there an owner?, source: s}
"""
ROLES = {
    "ann": ["author"], "abe": ["author"], "rosa": ["reviewer"], "rolf": ["reviewer"],
    "ruth": ["reviewer"], "dora": ["dpo"], "otto": ["approver"], "olga": ["approver"],
    "many": ["author", "reviewer", "dpo", "approver"], "adam": ["admin"],
}  # fmt: skip
SECTIONS = ("one", "two")


def who(name: str) -> Actor:
    return Actor.person(name, f"session-{name}")


@contextmanager
def open_desk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Records]:
    """Records with everybody, and the small template beside no other."""
    templates = folder / "templates"
    templates.mkdir()
    (templates / "small.yaml").write_text(TEMPLATE, encoding="utf-8")
    monkeypatch.setattr(library, "_folder", lambda: templates)
    library.find_template.cache_clear()
    records = Records.open(f"sqlite:///{folder / 'records.sqlite'}")
    event.listen(records.engine, "connect", _no_waiting_for_the_disk)
    records.engine.dispose()
    with records.change(Actor.system("test")) as change:
        for name, roles in ROLES.items():
            people.add_person(change, name, f"{name.title()} Private-Name")
            for role in roles:
                people.grant_role(change, name, role, reason="test")
    yield records
    records.close()
    library.find_template.cache_clear()


def _no_waiting_for_the_disk(connection: sqlite3.Connection, _: object) -> None:
    """These stores are thrown away; a crash loses nothing."""
    connection.execute("pragma synchronous = off")


def begin(records: Records, author: str = "ann") -> str:
    made = q.start(records, who(author), "small", "p", "Small")
    q.save_answer(records, who(author), made, "kept", 3)
    q.save_answer(records, who(author), made, "owner", "yes")
    return made


def vote(records: Records, person: str, made: str, section: str, word: str = "") -> None:
    """Accept a section, or ask for the change that the word names."""
    given = Verdict.CHANGES_REQUESTED if word else Verdict.ACCEPTED
    rounds.give_verdict(records, who(person), made, section, given, word)


def under_two(records: Records) -> str:
    """Sent, with Rosa as the lead and Rolf beside her."""
    made = begin(records)
    rounds.submit(records, who("ann"), made)
    assign_reviewers(records, who("dora"), made, ("rosa", "rolf"))
    return made


def accepted(records: Records, made: str, *reviewers: str) -> None:
    """Every section accepted by everybody named, and the round closed by the first."""
    for person in reviewers:
        for section in SECTIONS:
            vote(records, person, made, section)
    rounds.finish_review(records, who(reviewers[0]), made)
