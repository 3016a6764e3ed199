"""Another language changes texts and nothing else; what it leaves out stays English."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assessments.errors import BadInput
from assessments.questionnaire import (
    blockers,
    explain_hidden,
    explain_shown,
    find_template,
    lint,
    load,
    load_pack,
    prefill,
    screening_outcome,
    start,
    tasks,
)
from assessments.questionnaire.answers import Answer
from assessments.questionnaire.citations import cite
from assessments.questionnaire.durations import in_words
from assessments.questionnaire.overlay import apply_overlay
from assessments.questionnaire.packs import read_pack, translate_pack
from assessments.questionnaire.text import answer_text, provenance_text
from assessments.questionnaire.translation import missing_texts
from assessments.records import Records
from assessments.risk.record import record_scale
from tests.assessments.questionnaire.cases import join, sample_inventory

SCREENING = find_template("screening")
GERMAN = """
id: screening
language: de
title: Vorprüfung
sections:
  describe: {title: Beschreiben Sie Ihr Vorhaben}
questions:
  plan: {title: "Was haben Sie mit personenbezogenen Daten vor?", hint: Was geht hinein?, why: Weil.}
  new_or_changed: {options: {new: Es ist neu}}
lints:
  number-behind-scale: Nennen Sie die ungefähre Zahl der Menschen.
outcome:
  levels: {no_dpia: {title: Keine Folgenabschätzung nötig}}
  triggers: {c1: Menschen werden bewertet.}
"""


def test_texts_change_and_rules_stay() -> None:
    german = apply_overlay(SCREENING, GERMAN.encode(), "screening.de.yaml")
    assert (german.language, german.title) == ("de", "Vorprüfung")
    assert german.section("describe").title == "Beschreiben Sie Ihr Vorhaben"
    plan = german.question("plan")
    assert plan.title.startswith("Was haben Sie")
    assert plan.guidance.why == "Weil."
    assert plan.guidance.example == SCREENING.question("plan").guidance.example
    assert plan.source == "WP248 rev.01, Anhang 2"
    assert german.question("new_or_changed").options[0].title == "Es ist neu"
    assert german.question("c1").title == SCREENING.question("c1").title
    assert german.sections[0].questions[0] is plan
    assert german.sha256 == SCREENING.sha256


def test_findings_and_outcomes_speak_the_language() -> None:
    german = apply_overlay(SCREENING, GERMAN.encode(), "screening.de.yaml")
    answers = {"personal_data": Answer("yes"), "c5": Answer("yes"), "c1": Answer("yes")}
    assert lint(german, answers)[0].text == "Nennen Sie die ungefähre Zahl der Menschen."
    outcome = screening_outcome(german, answers)
    assert outcome.reasons[0].text == "Menschen werden bewertet."
    assert outcome.level == screening_outcome(SCREENING, answers).level
    trees = screening_outcome(german, {"personal_data": Answer("no")})
    assert trees.title == "Keine Folgenabschätzung nötig"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("plan:", "plam:"),
        ("describe:", "descrive:"),
        ("number-behind-scale:", "number-behind:"),
        ("new: Es ist neu", "old: Es ist alt"),
        ("hint: Was geht hinein?", "show_if: a = yes"),
        ("id: screening", "id: dpia"),
    ],
)
def test_an_overlay_that_names_what_is_not_there_or_a_rule_is_refused(
    right: str, wrong: str
) -> None:
    with pytest.raises(BadInput) as caught:
        apply_overlay(SCREENING, GERMAN.replace(right, wrong).encode(), "screening.de.yaml")
    assert caught.value.where["file"] == "screening.de.yaml"
    assert caught.value.where["line"] > 1


def test_a_language_without_an_overlay_falls_back_to_english() -> None:
    assert find_template("screening", language="xx") == SCREENING


@pytest.mark.parametrize("language", ["de", "fr"])
@pytest.mark.parametrize("template_id", ["screening", "dpia"])
def test_no_text_of_screening_and_impact_assessment_is_missing(
    template_id: str, language: str
) -> None:
    assert missing_texts(template_id, language) == []


def test_a_missing_text_is_named_by_its_place() -> None:
    assert "questions.plan.title" in missing_texts("screening", "xx")
    assert "packs/national_lists.operations.de_ai" in missing_texts("screening", "xx")


@pytest.mark.parametrize("language", ["de", "fr"])
@pytest.mark.parametrize("template_id", ["screening", "dpia"])
def test_placeholders_of_findings_are_those_of_the_english_text(
    template_id: str, language: str
) -> None:
    english, other = find_template(template_id), find_template(template_id, language=language)
    for rule, told in zip(english.lints, other.lints, strict=True):
        assert set(re.findall(r"{\w+}", told.text)) == set(re.findall(r"{\w+}", rule.text)), rule.id


@pytest.mark.parametrize("language", ["de", "fr"])
def test_another_language_decides_exactly_as_english_does(language: str) -> None:
    english, other = find_template("dpia"), find_template("dpia", language=language)
    answers = {"joint_control": Answer("yes"), "outside_eea": Answer("yes")}
    assert [task.status for task in tasks(other, answers)] == [
        task.status for task in tasks(english, answers)
    ]
    assert [b.question_id for b in blockers(other, answers)] == [
        b.question_id for b in blockers(english, answers)
    ]
    assert [b.text for b in blockers(other, answers)] != [
        b.text for b in blockers(english, answers)
    ]


@pytest.mark.parametrize(
    ("language", "frame"), [("de", "Zurückgestellt; "), ("fr", "Mise de côté\u00a0; ")]
)
@pytest.mark.parametrize("template_id", ["screening", "dpia"])
def test_every_condition_is_said_without_an_english_word(
    template_id: str, language: str, frame: str
) -> None:
    template = find_template(template_id, language=language)
    english = {" is ", " is one of ", " includes ", " where ", " at least ", " answered", "Yes"}
    for question in template.questions:
        if question.show_if is not None:
            said = explain_hidden(template, {}, question.id)
            assert said.startswith(frame)
            assert not [word for word in english if word in said], said


def test_why_a_question_is_shown_is_said_in_the_language_of_the_assessment() -> None:
    german = find_template("dpia", language="de")
    said = explain_shown(german, {"joint_control": Answer("yes")}, "joint_arrangement")
    assert said.startswith("Wird aus diesem Grund gefragt: ")
    assert said.endswith("“ ist Ja.") or "mit Ja beantwortet" in said


def test_options_of_packs_and_scales_speak_the_language_and_keep_their_scores() -> None:
    german = find_template("dpia", language="de")
    severity = german.question("inherent").column("severity").shape
    assert [option.title for option in severity.options][:2] == ["Vernachlässigbar", "Begrenzt"]
    assert [option.score for option in severity.options] == [1, 2, 3, 4]
    assert record_scale(german, {})["likelihood"][3] == "maximal"
    assert load_pack("art6_bases", "de").entry("consent")["article"] == "GDPR Art. 6(1)(a)"
    assert load_pack("art6_bases", "xx") == load_pack("art6_bases")


def test_texts_of_a_pack_cannot_name_what_it_does_not_have() -> None:
    pack = load_pack("art6_bases")
    texts = b"id: art6_bases\nlanguage: de\nbases:\n  consemt: Einwilligung\n"
    with pytest.raises(BadInput) as caught:
        translate_pack(pack, texts, "packs/art6_bases.de.yaml")
    assert caught.value.where["line"] == 4


def test_a_pack_whose_text_was_cut_at_a_comma_is_refused() -> None:
    data = (
        b"id: p\ntitle: P\nsource: S\nvalid_from: 2026-01-01\nrows:\n  - {id: a, title: One, two}\n"
    )
    with pytest.raises(BadInput) as caught:
        read_pack(data, "packs/p.yaml")
    assert caught.value.title == "'two' has no value"


@pytest.mark.parametrize(
    ("source", "german", "french"),
    [
        ("GDPR Art. 35(3)(a)", "Art. 35 Abs. 3 Buchst. a DSGVO", "art. 35, § 3, point a), du RGPD"),
        ("GDPR Art. 4(7), 30(1)(a)", "Art. 4 Nr. 7, Art. 30 Abs. 1 Buchst. a DSGVO",
         "art. 4, point 7), art. 30, § 1, point a), du RGPD"),
        ("GDPR Art. 12 to 22", "Art. 12 bis 22 DSGVO", "art. 12 à 22 du RGPD"),
        ("GDPR Art. 5(1)(a), 5(1)(b), 14", "Art. 5 Abs. 1 Buchst. a, Buchst. b, Art. 14 DSGVO",
         "art. 5, § 1, point a), point b), art. 14, du RGPD"),
        ("Recital 38; GDPR Art. 8", "Erwägungsgrund 38; Art. 8 DSGVO",
         "considérant 38\u00a0; art. 8 du RGPD"),
        ("Regulation (EU) 2024/1689, Art. 6(2), Annex III",
         "Verordnung (EU) 2024/1689, Art. 6 Abs. 2, Anhang III",
         "règlement (UE) 2024/1689, art. 6, § 2, annexe III"),
        ("CJEU C-634/21", "EuGH C-634/21", "CJUE C-634/21"),
        ("NIST SP 800-226", "NIST SP 800-226", "NIST SP 800-226"),
    ],
)  # fmt: skip
def test_sources_are_cited_as_lawyers_of_the_language_do(
    source: str, german: str, french: str
) -> None:
    assert (cite(source, "de"), cite(source, "fr"), cite(source, "en")) == (german, french, source)


def test_answers_and_their_origin_are_said_in_the_language() -> None:
    german = find_template("dpia", language="de")
    assert answer_text(german, {}, "joint_control") == "Keine Angabe"
    assert answer_text(german, {"joint_control": Answer("yes")}, "joint_control") == "Ja"
    assert answer_text(german, {"start_date": Answer("2026-03-01")}, "start_date") == "1. März 2026"
    french = find_template("dpia", language="fr")
    assert (
        answer_text(french, {"start_date": Answer("2026-03-01")}, "start_date") == "1er mars 2026"
    )
    assert in_words("P1Y6M", "fr") == "1 an 6 mois"
    assert in_words("P1Y6M", "xx") == "1 year 6 months"


def test_facts_fill_a_german_assessment_with_german_words_and_stay_fresh() -> None:
    german, facts = find_template("dpia", language="de"), sample_inventory()
    about = {"project": "prj-churn"}
    filled, english = prefill(german, facts, about), prefill(find_template("dpia"), facts, about)
    items = {row["category"]: row["item"] for row in filled["data_items"].value}
    assert items["health"] == "Gesundheit"
    assert {name: a.provenance.sha256 for name, a in filled.items() if a.provenance} == {
        name: a.provenance.sha256 for name, a in english.items() if a.provenance
    }
    assert "Zeilen" in provenance_text(filled["data_items"], "de")


def test_an_assessment_keeps_the_language_that_it_was_begun_in(tmp_path: Path) -> None:
    records = Records.open(f"sqlite:///{tmp_path / 'records.sqlite'}")
    author = join(records, "ann", "author")
    german = start(records, author, "screening", "p", "Schadensfotos", language="de")
    other = start(records, author, "screening", "p", "Damage photos", language="xx")
    assert load(records, german).template.title == "Schwellwertanalyse"
    assert load(records, german).language == "de"
    assert load(records, other).language == "en"
    records.close()
