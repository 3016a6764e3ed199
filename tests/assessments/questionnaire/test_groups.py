"""Sections asked for each instance: answers stay with theirs, whatever happens to the list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assessments import questionnaire as q
from assessments.errors import BadInput, NotFound
from assessments.questionnaire import current, record_sections
from assessments.questionnaire.fingerprint import fingerprint
from assessments.questionnaire.groups import expand
from assessments.records import Actor, Records
from tests.assessments.questionnaire.cases import answered, join

TEXT = Path(__file__).with_name("processors.yaml").read_text("utf-8")
BASE = q.read_template(TEXT.encode(), "processors.yaml")
TWO = [{"id": "a", "processor_name": "Acme"}, {"id": "b", "processor_name": "Bolt"}]


def told(**raw: Any) -> tuple[q.Template, dict[str, q.Answer]]:
    """The expanded template and its answers; ``a__country`` stands for processor/a/country."""
    plain = {
        f"processor/{name.replace('__', '/')}" if "__" in name else name: value
        for name, value in raw.items()
    }
    lists = {"has_processors": "yes", "processor": TWO} | plain
    template = expand(BASE, answered(BASE, {"processor": lists["processor"]}), lists)
    answers = answered(template, lists)
    return expand(template, answers), answers


def asked(template: q.Template, answers: dict[str, q.Answer]) -> list[str]:
    return [question.id for question in q.visible_questions(template, answers)]


def test_each_instance_is_asked_under_its_own_id_and_name() -> None:
    template, answers = told(a__country="other")
    assert asked(template, answers) == [
        "has_processors", "chain", "why_abroad", "processor",
        "processor/a/country", "processor/a/safeguard", "processor/a/systems",
        "processor/b/country", "processor/b/systems",
    ]  # fmt: skip
    assert template.question("processor/a/country").title == "Acme: Where does it process?"


def test_a_condition_refers_to_the_same_instance() -> None:
    template, answers = told(a__country="other", b__country="eea")
    assert "processor/a/safeguard" in asked(template, answers)
    assert "processor/b/safeguard" not in asked(template, answers)
    systems = [{"id": "s", "system": "Mail", "encrypted": "yes"}]
    template, answers = told(b__systems=systems)
    assert "processor/b/keys" in asked(template, answers)
    assert "processor/a/keys" not in asked(template, answers)


def test_a_rule_for_each_instance_points_at_the_instance_that_breaks_it() -> None:
    fine = [{"id": "s", "system": "Mail", "encrypted": "yes"}]
    template, answers = told(a__country="other", b__country="other", b__systems=fine)
    found = [f for f in q.lint(template, answers) if f.rule == "abroad-is-encrypted"]
    assert [(f.question, f.text) for f in found] == [
        ("processor/a/systems", "'Acme' processes elsewhere. Encrypt what it holds.")
    ]
    rest = {f.rule for f in q.lint(template, answers)}
    assert "not-all-abroad" in rest
    template, answers = told(a__country="eea")
    assert "not-all-abroad" not in {f.rule for f in q.lint(template, answers)}


def test_a_deviation_of_one_instance_rests_on_its_own_answers() -> None:
    template, answers = told(a__country="other", b__country="other")
    first, second = (f for f in q.lint(template, answers) if f.rule == "abroad-is-encrypted")
    before = [fingerprint(q.View(template, answers), each) for each in (first, second)]
    systems = [{"id": "s", "system": "Mail", "encrypted": "no"}]
    template, answers = told(a__country="other", b__country="other", a__systems=systems)
    after = [fingerprint(q.View(template, answers), each) for each in (first, second)]
    assert after[0] != before[0]
    assert after[1] == before[1]


def test_a_reference_in_an_instance_names_rows_of_the_same_instance() -> None:
    systems = [{"id": "s", "system": "Mail", "encrypted": "yes"}]
    template, answers = told(
        a__systems=systems, a__keys=[{"of": "s"}], b__systems=systems, b__keys=[{"of": "gone"}]
    )
    gone = [f.question for f in q.lint(template, answers) if f.rule == "reference-gone"]
    assert gone == ["processor/b/keys"]


def test_a_table_outside_can_name_instances() -> None:
    template, answers = told(chain=[{"sub": "Zed", "hired_by": "b"}])
    assert q.table_texts(template, answers, "chain") == [["Zed", "Bolt"]]


def test_progress_counts_every_instance() -> None:
    template, answers = told(a__country="eea")
    task = next(t for t in q.tasks(template, answers) if t.section_id == "processor")
    assert (task.answered, task.asked, task.first_open) == (2, 5, "processor/b/country")
    missing = [b.question_id for b in q.blockers(template, answers)]
    assert "processor/b/country" in missing
    assert "processor/a/country" not in missing


def test_the_record_holds_every_instance_under_its_section() -> None:
    template, answers = told(a__country="eea", b__country="other", b__safeguard="Clauses")
    section = record_sections(template, answers)[1]
    said = {(each["title"], each["text"]) for each in section["questions"]}
    assert ("Acme: Where does it process?", "In the EEA") in said
    assert ("Bolt: Which safeguard applies?", "Clauses") in said
    assert section["questions"][0]["rows"] == [["Acme"], ["Bolt"]]


def test_the_list_keeps_its_least_and_its_most_instances() -> None:
    four = [{"processor_name": name} for name in "abcd"]
    with pytest.raises(BadInput, match="too long"):
        q.check_answer(BASE.question("processor"), four)
    with pytest.raises(BadInput, match="id cannot be used"):
        q.check_answer(BASE.question("processor"), [{"id": "a/b", "processor_name": "x"}])
    text = TEXT.replace("min: 1", "min: 2")
    template = q.read_template(text.encode(), "t.yaml")
    answers = answered(template, {"has_processors": "yes", "processor": TWO[:1]})
    few = [f for f in q.lint(expand(template, answers), answers) if f.rule == "rows-missing"]
    assert [f.question for f in few] == ["processor"]


def break_in(old: str, new: str) -> str:
    assert old in TEXT
    return TEXT.replace(old, new, 1)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (break_in("any(processor where country = 'other')", "country = 'other'"), "asked several times"),
        (break_in("any(processor where country = 'eea')", "country = 'eea'"), "asked several times"),
        (break_in("show_if: country = 'other'", "show_if: processor_name = 'x'"), "names the instance"),
        (break_in("label: processor_name", "label: country"), "label is a text question"),
        (break_in("references: [processor]", "references: [systems]"), "asked several times"),
        (break_in("max: 3", "max: 0"), "leave no number"),
        (break_in("question: systems", "question: nowhere"), "no question nowhere"),
        (break_in("show_if: has_processors = yes", "show_if: country = 'other'"), "circle"),
        (break_in("show_if: country = 'other'", "show_if: any(processor where safeguard = 'x')"), "circle"),
    ],
)  # fmt: skip
def test_a_template_whose_group_makes_no_sense_is_refused(text: str, reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        q.read_template(text.encode(), "t.yaml")


@pytest.fixture
def records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Records:
    """A store whose assessments all run from the test template."""
    monkeypatch.setattr(current, "find_template", lambda *_: BASE)
    return Records.open(f"sqlite:///{tmp_path / 'records.sqlite'}")


@pytest.fixture
def author(records: Records) -> Actor:
    return join(records, "ann", "author")


@pytest.fixture
def draft(records: Records, author: Actor) -> str:
    made = q.start(records, author, "screening", "p", "Draft")
    q.save_answer(records, author, made, "has_processors", "yes")
    q.save_answer(records, author, made, "processor", TWO)
    q.save_answer(records, author, made, "processor/a/country", "other")
    q.save_answer(records, author, made, "processor/a/safeguard", "Clauses")
    return made


def test_answers_stay_with_their_instance_when_the_list_is_renamed_and_reordered(
    records: Records, author: Actor, draft: str
) -> None:
    turned = [TWO[1], {"id": "a", "processor_name": "Acme Ltd"}]
    q.save_answer(records, author, draft, "processor", turned)
    found = q.load(records, draft)
    assert found.answers["processor/a/safeguard"].value == "Clauses"
    assert found.template.question("processor/a/country").title.startswith("Acme Ltd: ")
    section = found.template.section("processor")
    assert [each.id for each in section.questions][:2] == ["processor", "processor/b/country"]


def test_removing_an_instance_sets_its_answers_aside_and_undo_brings_them_back(
    records: Records, author: Actor, draft: str
) -> None:
    saved = q.save_answer(records, author, draft, "processor", TWO[1:])
    assert [each.id for each in saved.set_aside] == ["processor/a/country", "processor/a/safeguard"]
    found = q.load(records, draft)
    assert set(q.set_aside(found.template, found.answers)) == {
        "processor/a/country", "processor/a/safeguard",
    }  # fmt: skip
    assert "row" in q.explain_hidden(found.template, found.answers, "processor/a/country")
    said = str(record_sections(found.template, found.answers))
    assert "Clauses" not in said
    q.undo(records, author, draft, "processor")
    found = q.load(records, draft)
    assert q.set_aside(found.template, found.answers) == {}
    assert q.View(found.template, found.answers).value("processor/a/safeguard") == "Clauses"


def test_an_instance_that_is_not_listed_cannot_be_answered(
    records: Records, author: Actor, draft: str
) -> None:
    with pytest.raises(NotFound):
        q.save_answer(records, author, draft, "processor/zzz/country", "eea")


def test_an_answer_of_an_instance_has_its_history_undo_and_conflict(
    records: Records, author: Actor, draft: str
) -> None:
    q.save_answer(records, author, draft, "processor/a/country", "eea")
    assert len(q.history(records, draft, "processor/a/country")) == 2
    q.undo(records, author, draft, "processor/a/country")
    assert q.load(records, draft).answers["processor/a/country"].value == "other"
    with pytest.raises(q.AnswerConflict):
        q.save_answer(records, author, draft, "processor/a/country", "eea", expected_version=1)


def test_hiding_the_whole_section_sets_every_instance_aside(
    records: Records, author: Actor, draft: str
) -> None:
    saved = q.save_answer(records, author, draft, "has_processors", "no")
    assert [each.id for each in saved.set_aside] == [
        "processor", "processor/a/country", "processor/a/safeguard",
    ]  # fmt: skip
