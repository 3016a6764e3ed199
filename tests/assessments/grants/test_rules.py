"""What a template may declare as a grant: only answers that are certain when somebody approves."""

from __future__ import annotations

import pytest

from assessments.errors import BadInput
from assessments.questionnaire import Template, read_template

REQUEST = """\
id: request
version: "1"
title: Request
kind: test
source: nobody
roles: [author, approver]
sections:
  - id: one
    title: Ask
    source: nobody
    questions:
      - {id: who, type: person, title: Who?, source: s, allow_unknown: false}
      - {id: what, type: reference, inventory: dataset, title: What?, source: s, allow_unknown: false}
      - {id: why, type: reference, inventory: purpose, title: Why?, source: s, allow_unknown: false}
      - {id: since, type: date, title: Since?, source: s, allow_unknown: false}
      - {id: till, type: date, title: Till?, source: s, allow_unknown: false}
      - {id: note, type: text, title: Note?, source: s, required: false}
grants: {person: who, dataset: what, purpose: why, valid_from: since, valid_to: till, extends: note}
"""


def read(text: str) -> Template:
    return read_template(text.encode(), "request.yaml")


def test_any_template_can_declare_what_its_approval_grants() -> None:
    rules = read(REQUEST).grants
    assert rules is not None
    assert (rules.person, rules.valid_to, rules.level, rules.extends) == ("who", "till", "", "note")


BROKEN = {
    "a question that is not there": ("person: who", "person: whom", "no question whom"),
    "a question of another type": ("dataset: what", "dataset: why", "does not ask for"),
    "a level that is no choice": ("extends: note", "level: note", "does not ask for"),
    "an answer that may be unknown": (
        "title: Till?, source: s, allow_unknown: false", "title: Till?, source: s", "can stay open"),
    "an answer that is optional": (
        "title: Who?, source: s,", "title: Who?, source: s, required: false,", "can stay open"),
    "an answer that is not always asked": (
        "title: Why?, source: s,", "title: Why?, source: s, show_if: answered(note),", "can stay open"),
    "several datasets at once": (
        "title: What?, source: s,", "title: What?, source: s, multiple: true,", "does not ask for"),
    "a rule that nobody knows": ("extends: note", "forever: note", "not known here"),
    "no last day": (", valid_to: till", "", "'valid_to' is missing"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", BROKEN)
def test_a_grant_that_could_stay_open_is_refused_when_the_template_is_read(mistake: str) -> None:
    right, wrong, problem = BROKEN[mistake]
    assert right in REQUEST
    with pytest.raises(BadInput, match=problem) as caught:
        read(REQUEST.replace(right, wrong, 1))
    assert caught.value.where["line"] == REQUEST.count("\n", 0, REQUEST.index("grants:")) + 1
