"""The forms that ship are complete and sound, and a broken one is refused at its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from assessments.errors import BadInput, NotFound
from assessments.questionnaire import find_template
from assessments.views import Form, find_form, forms_for, list_forms
from assessments.views.loader import read_form

LISTED: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[2] / "spec/views/items.yaml").read_text("utf-8")
)
FORMS = list_forms()
MINIMAL = """\
id: mini
version: "1"
title: Mini
authority: Nobody
source: s
templates: [dpia]
sections:
  - ref: "1"
    title: One
    items:
      - {ref: "1.1", title: A, source: s, from: [{question: overview}]}
      - ref: "1.2"
        title: B
        source: s
        from:
          - {question: events, columns: [title, "how?"], where: event = 'access'}
          - {record: decision}
"""


def test_every_listed_form_ships_and_no_other() -> None:
    assert {form.id for form in FORMS} == set(LISTED)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_a_form_has_every_item_of_its_authority_once_and_in_order(form: Form) -> None:
    assert [item.ref for item in form.items] == LISTED[form.id]["refs"]
    assert all(item.source and item.title for item in form.items)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_every_item_names_something_that_is_needed(form: Form) -> None:
    for item in form.items:
        assert any(feed.is_needed for feed in item.feeds), item.ref


def test_every_question_that_the_dpia_requires_reaches_a_form() -> None:
    """What is asked of people serves somebody; questions on models alone have no authority's item."""
    template = find_template("dpia")
    named = {
        feed.question for form in forms_for("dpia") for item in form.items for feed in item.feeds
    }
    left = {q.id for q in template.questions if q.required} - named
    assert {template.question(name).section_id for name in left} <= {"model", "rights"}


def test_the_forms_of_a_template_are_those_that_read_it() -> None:
    assert [form.id for form in forms_for("fria")] == ["fria"]
    assert len(forms_for("dpia")) == len(FORMS)
    assert forms_for("screening") == []


def test_an_unknown_view_is_not_found() -> None:
    with pytest.raises(NotFound):
        find_form("../../etc/passwd")


def test_the_minimal_form_is_read() -> None:
    form = read_form(MINIMAL.encode(), "mini.yaml")
    assert [item.ref for item in form.items] == ["1.1", "1.2"]
    title, how = list(form.items)[1].feeds[0].columns
    assert title.is_needed
    assert (how.id, how.is_needed) == ("how", False)


BROKEN = {
    "an unknown key": ("title: Mini", "title: Mini\ncolour: red", 4, "colour"),
    "an unknown template": ("templates: [dpia]", "templates: [poem]", 6, "templates"),
    "a question that is not there": ("question: overview", "question: overwiev", 11, "question"),
    "a column that is not there": ("columns: [title", "columns: [titel", 16, "columns"),
    "a table without columns": (', columns: [title, "how?"]', "", 16, "columns"),
    "columns of a text": ("{question: overview}", "{question: overview, columns: [a]}", 11, "columns"),
    "a condition on nothing": ("event = 'access'", "evnet = 'access'", 16, "where"),
    "a condition on a column of another table": ("event = 'access'", "basis = 'consent'", 16, "where"),
    "a row's cell that is not there": ("event = 'access'", "any(inherent where threat = this.theat)", 16, "where"),
    "a condition that cannot be read": ("event = 'access'", "event = = 1", 16, "where"),
    "a part that no record has": ("record: decision", "record: verdict", 17, "record"),
    "a number given twice": ('ref: "1.2"', 'ref: "1.1"', 12, "ref"),
    "a condition of an item on nothing": ("title: A,", "title: A, applies: zz = yes,", 11, "applies"),
    "nothing that fills it": ("from: [{question: overview}]", "from: []", 11, "from"),
    "both kinds of source": ("{record: decision}", "{record: decision, question: plan}", 17, "from"),
    "a level without a scale": ("where: event", "overall: true, where: event", 16, "overall"),
    "a scale of three levels": ("sections:", "scale: {pack: ico_3x3, severity: [1, 2, 3], likelihood: [1, 2, 3, 3], overall: []}\nsections:", 7, "severity"),
    "a missing source": ("title: A, source: s,", "title: A,", 11, "items[0]"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", BROKEN)
def test_a_mistake_is_refused_with_its_line_and_field(mistake: str) -> None:
    right, wrong, line, field = BROKEN[mistake]
    assert right in MINIMAL
    with pytest.raises(BadInput) as caught:
        read_form(MINIMAL.replace(right, wrong, 1).encode(), "mini.yaml")
    assert caught.value.where == {"file": "mini.yaml", "line": line}
    assert field in (caught.value.field or "") + caught.value.title
