"""The templates that ship are complete, sourced, and refused when somebody breaks them."""

from __future__ import annotations

from importlib import resources

import pytest

from assessments.errors import BadInput, NotFound
from assessments.questionnaire import (
    Answer,
    Severity,
    Template,
    Type,
    find_template,
    list_packs,
    list_templates,
    load_pack,
    read_template,
    visible_questions,
)

TEMPLATES = list_templates()
MINIMAL = """\
id: mini
version: "1"
title: Mini
kind: test
source: nobody
roles: [author]
sections:
  - id: one
    title: Say something
    source: nobody
    questions:
      - {id: a, type: yes_no_unknown, title: A, source: s}
      - {id: b, type: text, title: B, source: s, show_if: a = yes}
      - id: t
        type: table
        title: T
        source: s
        columns:
          - {id: x, type: text, title: X}
          - {id: y, type: reference, references: [t], title: Y}
"""


def read(text: str) -> Template:
    return read_template(text.encode(), "mini.yaml")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.id)
def test_every_question_names_its_source_and_asks_something(template: Template) -> None:
    for question in template.questions:
        assert question.source, question.id
        assert question.title.endswith("?"), question.id
    for section in template.sections:
        assert section.source
        assert section.title.split()[0] not in {"The", "A", "An"}, "a task starts with a verb"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.id)
def test_every_rule_names_its_source(template: Template) -> None:
    assert all(rule.source and rule.text for rule in template.lints)
    if template.outcome:
        assert all(rule.source for rule in (*template.outcome.triggers, *template.outcome.further))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.id)
def test_every_outcome_says_how_good_it_is(template: Template) -> None:
    levels = template.outcome.levels if template.outcome else ()
    assert [level.id for level in levels if level.tone == "info"] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.id)
def test_a_further_assessment_names_a_template_that_ships(template: Template) -> None:
    further = template.outcome.further if template.outcome else ()
    assert {trigger.template for trigger in further} <= {found.id for found in TEMPLATES}


def test_a_tone_that_does_not_exist_is_refused() -> None:
    outcome = (
        "outcome: {triggers: [], levels: [{id: x, title: X, when: a = yes, text: X, tone: pink}]}"
    )
    with pytest.raises(BadInput, match="tone"):
        read(MINIMAL + outcome)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.id)
def test_every_further_assessment_that_an_outcome_names_can_be_begun(template: Template) -> None:
    for rule in template.outcome.further if template.outcome else ():
        assert not rule.template or find_template(rule.template).id == rule.template


def test_the_dpia_covers_the_four_parts_of_article_35_7() -> None:
    sources = " ".join(section.source for section in find_template("dpia").sections)
    for part in "abcd":
        assert f"35(7)({part})" in sources


def test_the_dpia_holds_the_consistency_rules_of_the_edpb_tables() -> None:
    blocking = {r.id for r in find_template("dpia").lints if r.severity is Severity.BLOCKING}
    assert blocking >= {
        "special-item-has-ground",
        "purpose-has-basis",
        "item-has-retention",
        "by-design-threat-is-rated",
        "event-is-rated",
        "unacceptable-risk-has-measure",
        "unacceptable-risk-has-residual",
        "transfer-has-row",
    }


@pytest.mark.parametrize("pack_id", list_packs())
def test_every_pack_is_dated_sourced_and_filled(pack_id: str) -> None:
    pack = load_pack(pack_id)
    assert pack.id == pack_id
    assert pack.source
    assert pack.is_valid_on(pack.valid_from)
    assert all(pack.lists.values())


def test_every_country_of_the_national_lists_names_its_source_and_has_entries() -> None:
    pack = load_pack("national_lists")
    countries = {entry["id"] for entry in pack.entries("countries")}
    assert all(entry["source"] for entry in pack.entries("countries"))
    assert {entry["country"] for entry in pack.entries("operations")} == countries


def test_the_dutch_list_has_its_seventeen_entries() -> None:
    entries = load_pack("national_lists").entries("operations")
    assert sum(entry["country"] == "nl" for entry in entries) == 17


def test_the_limits_of_the_pack_are_those_of_the_leakage_policy() -> None:
    from assessments.leakage.policy import limits

    policy = resources.files(limits.__package__).joinpath("limits.yaml").read_text("utf-8")
    for entry in load_pack("leakage_limits").entries("classes"):
        assert f"{entry['id']}: {entry['limit']}" in policy


def test_the_minimal_template_is_read() -> None:
    template = read(MINIMAL)
    assert [question.id for question in template.questions] == ["a", "b", "t"]
    assert template.question("t").type is Type.TABLE


BROKEN = {
    "an unknown key": ("title: A,", "title: A, colour: red,", 12, "colour"),
    "an unknown type": ("type: text, title: B", "type: poem, title: B", 13, "type"),
    "a duplicate id": ("id: b,", "id: a,", 13, "id"),
    "a condition on nothing": ("a = yes", "zz = yes", 13, "show_if"),
    "a condition on itself": ("a = yes", "answered(b)", 13, "show_if"),
    "a condition that cannot be read": ("a = yes", "a = = yes", 13, "show_if"),
    "a missing source": ("{id: a, type: yes_no_unknown, title: A, source: s}", "{id: a, type: yes_no_unknown, title: A}", 12, "questions[0]"),
    "a reference to no table": ("references: [t]", "references: [a]", 20, "references"),
    "a role that nobody has": ("roles: [author]", "roles: [king]", 6, "roles"),
    "a key given twice": ("kind: test", "kind: test\nkind: test", 5, "kind"),
    "a table without columns": ("type: text, title: B", "type: table, title: B", 13, "columns"),
    "a score without a scale": ("type: text, title: B", "type: score, title: B", 13, "scale"),
    "an id with capitals": ("id: b,", "id: Bee,", 13, "id"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", BROKEN)
def test_a_mistake_is_refused_with_its_line_and_field(mistake: str) -> None:
    right, wrong, line, field = BROKEN[mistake]
    assert right in MINIMAL
    with pytest.raises(BadInput) as caught:
        read(MINIMAL.replace(right, wrong, 1))
    assert caught.value.where["file"] == "mini.yaml"
    assert caught.value.where["line"] == line
    assert field in (caught.value.field or "") + caught.value.title


def test_conditions_that_go_in_a_circle_over_two_questions_are_refused() -> None:
    ring = MINIMAL.replace("title: A, source: s", "title: A, source: s, show_if: answered(b)")
    with pytest.raises(BadInput, match="circle") as caught:
        read(ring)
    assert "->" in caught.value.detail


@pytest.mark.parametrize(
    "text",
    ["a: &x 1\nb: *x\n", "a: [1, 2\n", "\ta: 1\n", "[[[[" * 9 + "]]]]" * 9, "", "just text"],
    ids=["alias", "open bracket", "tab", "deep", "empty", "text"],
)
def test_what_is_no_template_is_refused_without_a_traceback(text: str) -> None:
    with pytest.raises(BadInput):
        read(text)


def test_bytes_that_are_no_utf_8_are_refused_with_their_line() -> None:
    with pytest.raises(BadInput) as caught:
        read_template(b"id: x\ntitle: \xff\n", "mini.yaml")
    assert caught.value.where["line"] == 2


def test_an_unknown_template_and_an_unknown_version_are_not_found() -> None:
    with pytest.raises(NotFound):
        find_template("../../etc/passwd")
    with pytest.raises(NotFound):
        find_template("dpia", "0.1")


def test_the_transfer_assessment_looks_at_the_law_for_exactly_the_tools_that_are_safeguards() -> (
    None
):
    template = find_template("transfer")
    tools = {str(e["id"]): e["kind"] for e in load_pack("transfer_tools").entries("tools")}
    for tool, kind in tools.items():
        rows = [{"id": "u", "transfer": "t", "tool": tool}]
        answers = {"any_transfer": Answer("yes"), "tools": Answer(rows)}
        shown = {question.id for question in visible_questions(template, answers)}
        assert ("laws" in shown) is (kind == "safeguard"), tool
