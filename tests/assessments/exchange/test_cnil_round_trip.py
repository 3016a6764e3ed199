"""A CNIL file that goes in and out again: equal when nobody touched it, different only where somebody did."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from assessments import questionnaire
from assessments.errors import BadInput, NotFound, NotPermitted
from assessments.exchange.cnil.document import find_document
from assessments.exchange.cnil.editing import put
from assessments.exchange.cnil.fields import QUESTIONS
from assessments.exchange.cnil.reading import read_document
from assessments.exchange.keep import bring_in, preview
from assessments.exchange.loss import Imported
from assessments.exchange.originals import find_original
from assessments.exchange.past import erase_original, find_import, list_imports
from assessments.exchange.send import export
from assessments.exchange.tables import foreign_file
from assessments.questionnaire import check_answer, find_template, save_answer
from assessments.records import Actor, Records, people
from tests.assessments.exchange.conftest import ANNA, PROJECT, exported
from tests.assessments.exchange.pia import (
    AT,
    answer,
    evaluation,
    measure,
    pia,
    structure_of,
    with_fields,
)

Bring = Callable[..., Imported]
TEMPLATE = find_template("cnil_pia")

numbers = st.integers(0, 60)
texts = st.none() | st.text(max_size=30) | st.sampled_from(
    ["<p>a</p>", "<b>x</b> &amp; y", "<script>1</script>", "a\nb", "(IMPORT) n", "  ", "0", "\ud83d"]
)  # fmt: skip
odd = st.none() | st.booleans() | numbers | texts | st.floats(allow_nan=False, allow_infinity=False)
references = st.sampled_from([*sorted(QUESTIONS), "211", 2210, "x", None, 3.5])
extra = st.dictionaries(st.sampled_from(["odd", "lock_version", "answer_type"]), odd, max_size=2)


def rows(**keys: Any) -> Any:
    found = st.fixed_dictionaries({"id": numbers, "pia_id": st.just(7)}, optional=keys)
    return st.lists(st.builds(lambda a, b: a | b, found, extra) | odd, max_size=5)


documents = st.builds(
    lambda fields, parts: {"pia": fields, **parts},
    st.fixed_dictionaries({"name": texts}, optional={
        "status": odd, "is_archive": odd, "dpo_status": odd, "dpo_opinion": odd, "category": odd,
        "concerned_people_searched_opinion": odd, "rejected_reason": texts, "dbVersion": odd,
        "user_pias": odd,
    }),
    st.fixed_dictionaries({
        "answers": rows(reference_to=references, data=odd | st.fixed_dictionaries({}, optional={
            "text": odd, "gauge": odd, "list": odd | st.lists(texts, max_size=3)})),
        "measures": rows(title=odd, content=odd, placeholder=odd),
        "evaluations": rows(
            reference_to=st.sampled_from(["1.1", "3.1.1", "3.1.[object Object]", "3.2", None, 5]),
            status=odd, global_status=odd, evaluation_comment=odd, action_plan_comment=odd,
            person_in_charge=odd, estimated_implementation_date=odd,
            gauges=odd | st.fixed_dictionaries({"x": odd, "y": odd})),
        "comments": rows(description=odd, reference_to=numbers | texts, for_measure=odd),
    }),
)  # fmt: skip


def arrived(content: Any) -> dict[str, Any]:
    """The values that an import of this content stores."""
    reading = preview(json.dumps(content).encode(), "pia.json").readings[0]
    return {
        name: check_answer(TEMPLATE.question(name), given_.value).value
        for name, given_ in reading.answers.items()
    }


@settings(max_examples=15, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])  # fmt: skip
@given(content=documents)
def test_any_file_that_can_be_read_comes_back_equal(
    records: Records, bring: Bring, content: Any
) -> None:
    made = bring(content)
    assert exported(records, str(made.assessment)) == content


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(content=documents, number=st.sampled_from(sorted(QUESTIONS)))
def test_one_change_changes_one_answer_and_reads_back(content: Any, number: int) -> None:
    before = arrived(content)
    current = copy.deepcopy(before)
    if number % 10 == 4 and number > 300:
        current[f"q{number}"] = [row["id"] for row in before.get("measures", []) if row["title"]][
            :1
        ]
        if not current[f"q{number}"]:
            del current[f"q{number}"]
    else:
        current[f"q{number}"] = "Written here."
    made = put(content, "", "pia.json", before, current)
    rest = {k: v for k, v in made.items() if k != "answers"}
    assert rest == {k: v for k, v in content.items() if k != "answers"}
    differing = sum(a != b for a, b in zip(content["answers"], made["answers"], strict=False))
    assert differing + len(made["answers"]) - len(content["answers"]) <= 1
    assert arrived(made).get(f"q{number}") == current.get(f"q{number}")


def test_the_back_end_dialect_comes_back_in_its_dialect(records: Records, bring: Bring) -> None:
    front = pia()
    back = [front["pia"] | {part: rows_ for part, rows_ in front.items() if part != "pia"}]
    assert exported(records, str(bring(back).assessment)) == back


def test_a_revision_comes_back_as_the_document_that_it_holds(
    records: Records, bring: Bring
) -> None:
    made = bring({"id": 1, "pia_id": 7, "export": json.dumps(pia())})
    assert exported(records, str(made.assessment)) == pia()


def test_edited_texts_levels_lists_and_fields_appear_and_the_rest_stays(
    records: Records, bring: Bring
) -> None:
    made = str(bring(pia()).assessment)
    for question, value in {
        "q111": "A badge\nopens.\n\nNothing else <does>.", "q112": "Works council.",
        "q321": "Stress", "q325_level": 4, "q326_level": 1, "dpo_opinion": "Go on.",
        "pia_name": "Door readers", "pia_archived": "yes", "people_searched": "no",
        "pia_status": "rejected",
    }.items():  # fmt: skip
        save_answer(records, ANNA, made, question, value)
    expected = pia()
    expected["answers"][0]["data"]["text"] = (
        "<p>A badge<br />opens.</p>\n<p>Nothing else &lt;does&gt;.</p>"
    )
    expected["answers"][2]["data"]["list"] = ["Stress"]
    expected["answers"][4]["data"]["gauge"] = 4
    expected["answers"][5]["data"]["gauge"] = 1
    expected["answers"].append(
        {"id": 7, "pia_id": 7, "reference_to": 112, "created_at": AT,
         "data": {"text": "<p>Works council.</p>", "gauge": None, "list": []}}
    )  # fmt: skip
    expected["pia"] |= {
        "name": "Door readers", "dpo_opinion": "Go on.", "is_archive": 1, "status": 1,
        "concerned_people_searched_opinion": False,
    }  # fmt: skip
    assert exported(records, made) == expected


def test_rows_that_are_changed_added_and_removed(records: Records, bring: Bring) -> None:
    made = str(bring(pia()).assessment)
    found = questionnaire.load(records, made).answers
    first, second = found["measures"].value
    new = {"title": "Blinds", "content": "In every window."}
    save_answer(records, ANNA, made, "measures", [first | {"title": "Disk encryption"}, new])
    blinds = questionnaire.load(records, made).answers["measures"].value[1]["id"]
    kept = found["evaluations"].value
    added = {"reference": "3.1", "measure": blinds, "verdict": "to_correct", "owner": "Ada"}
    save_answer(records, ANNA, made, "evaluations",
                [kept[0], kept[1] | {"due_on": "2026-01-31"}, added])  # fmt: skip
    save_answer(records, ANNA, made, "q324", ["m0", blinds])
    written = exported(records, made)
    assert [(m["id"], m["title"]) for m in written["measures"]] == [
        (40, "Disk encryption"), (41, "Blinds"),
    ]  # fmt: skip
    assert written["measures"][0]["content"] == "<p>Of the disk.</p>"
    assert written["answers"][3]["data"]["list"] == ["Disk encryption", "Blinds"]
    assert [e["reference_to"] for e in written["evaluations"]] == ["1.1", "3.1.40", "3.1.41"]
    assert written["evaluations"][1] == pia()["evaluations"][1] | {
        "estimated_implementation_date": "2026-01-31"
    }
    assert written["evaluations"][2]["status"] == 1
    assert second["id"] == "m1"


def test_a_renamed_measure_is_renamed_where_it_was_chosen(records: Records, bring: Bring) -> None:
    content = pia(answers=[answer(1, 324, list=["ENCRYPTION", "Nobody knows this"])])
    made = str(bring(content).assessment)
    first, second = questionnaire.load(records, made).answers["measures"].value
    save_answer(records, ANNA, made, "measures", [first | {"title": "Vault"}, second])
    assert exported(records, made)["answers"][0]["data"]["list"] == ["Vault", "Nobody knows this"]


def test_an_answer_to_an_own_question_is_written_to_its_number(
    records: Records, bring: Bring
) -> None:
    content = pia(answers=[answer(1, 2210, "No.")])
    content["pia"]["structure_data"] = structure_of("2", "2", [{"id": 2210, "title": "Children?"}])
    made = str(bring(content).assessment)
    (row,) = questionnaire.load(records, made).answers["own_answers"].value
    save_answer(records, ANNA, made, "own_answers", [row | {"answer": "Yes."}])
    content["answers"][0]["data"]["text"] = "<p>Yes.</p>"
    assert exported(records, made) == content


def test_a_document_out_of_an_archive_is_found_again(records: Records) -> None:
    import io
    import zipfile

    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in ("one", "two"):
            whole = pia()
            whole["pia"]["name"] = name
            archive.writestr(f"{name}.json", json.dumps(whole))
    first, second = bring_in(records, ANNA, preview(made.getvalue(), "both.zip"), PROJECT)
    assert exported(records, str(first.assessment))["pia"]["name"] == "one"
    assert exported(records, str(second.assessment))["pia"]["name"] == "two"


def test_a_pia_begun_here_is_written_as_a_new_document_that_reads_back(records: Records) -> None:
    made = questionnaire.start(records, ANNA, "cnil_pia", PROJECT, "New one")
    given_ = {
        "pia_name": "New one", "q111": "First.\n\nSecond <b>.", "q321": "a\nb", "q325_level": 2,
        "measures": [{"id": "x1", "title": "Locks"}], "q324": ["x1"],
        "evaluations": [{"reference": "3.1", "measure": "x1", "verdict": "acceptable"}],
        "comments": [{"measure": "x1", "text": "Which?"}], "dpo_status": "implemented",
    }  # fmt: skip
    for question, value in given_.items():
        save_answer(records, ANNA, made, question, value)
    again = read_document(find_document(exported(records, made), "", "x")).answers
    stored = questionnaire.load(records, made).answers
    for question in ("pia_name", "q111", "q321", "q325_level", "dpo_status"):
        assert again[question].value == stored[question].value
    assert again["q324"].value == ["m0"]
    assert again["evaluations"].value[0]["measure"] == "m0"
    assert again["comments"].value[0]["measure"] == "m0"


def test_everything_is_there_or_nothing(records: Records) -> None:
    flat = [pia()["pia"] | {"answers": [], "evaluations": [], "name": name} for name in ("a", "b")]
    found = preview(json.dumps(flat).encode(), "all.json")
    with pytest.raises(NotPermitted):
        bring_in(records, Actor.person("vera"), found, PROJECT)
    with pytest.raises(BadInput, match="project"):
        bring_in(records, ANNA, found)
    with records.read() as connection:
        assert list_imports(connection) == []
    assert len(bring_in(records, ANNA, found, PROJECT)) == 2


def test_an_import_is_listed_with_its_losses_and_its_original_is_kept(
    records: Records, bring: Bring
) -> None:
    made = bring(pia(extra=1))
    with records.read() as connection:
        (past,) = list_imports(connection)
        original = find_original(connection, str(made.assessment))
    assert (past.name, past.format, past.title) == ("pia.json", "cnil_pia", "Badge readers")
    assert [loss.where for loss in past.losses] == ["extra"]
    assert original is not None
    assert original.file.content == pia(extra=1)


def test_values_wait_for_confirmation_and_name_their_question(
    records: Records, bring: Bring
) -> None:
    found = questionnaire.load(records, str(bring(pia()).assessment))
    stated = found.answers["q215"]
    assert stated.needs_confirmation
    assert stated.provenance is not None
    assert (stated.provenance.source, stated.provenance.row) == ("CNIL PIA", "question 2.1.5")


def test_what_was_decided_here_is_reported_as_lost(records: Records, bring: Bring) -> None:
    made = str(bring(pia()).assessment)
    save_answer(records, ANNA, made, "q215", "One month.", note="Asked the facility team.")
    written = export(records, ANNA, made, "cnil_pia")
    assert [(loss.where, loss.what) for loss in written.losses] == [("q215", "a note")]
    assert json.loads(written.data) == pia()


def test_an_export_needs_a_role_that_may_read(records: Records, bring: Bring) -> None:
    made = str(bring(pia()).assessment)
    with pytest.raises(NotPermitted):
        export(records, Actor.person("nobody"), made, "cnil_pia")


def test_evaluations_of_measures_added_by_hand_keep_their_own_ids() -> None:
    content = pia(measures=[measure(40, "Encryption")], evaluations=[evaluation(9, "3.1.40")])
    before = arrived(content)
    row = before["measures"][0] | {"id": "e12", "title": "Other"}
    made = put(content, "", "x", before, before | {"measures": [*before["measures"], row]})
    assert [m["id"] for m in made["measures"]] == [40, 41]
    assert made["evaluations"] == content["evaluations"]


def test_chosen_measures_are_read_by_title(records: Records, bring: Bring) -> None:
    found = questionnaire.load(records, str(bring(pia()).assessment))
    assert questionnaire.answer_text(found.template, found.answers, "q324") == "Encryption"


def test_an_erased_original_is_gone_and_the_export_is_a_new_document(
    records: Records, bring: Bring
) -> None:
    with records.change(Actor.system("test")) as change:
        people.add_person(change, "olga", "Olga")
        people.grant_role(change, "olga", "dpo", reason="test")
    made = str(bring(with_fields(odd="Secret remark")).assessment)
    with records.read() as connection:
        (past,) = list_imports(connection)
    with pytest.raises(NotPermitted):
        erase_original(records, ANNA, past.id, "art-17-1-a")
    with pytest.raises(BadInput, match="short code"):
        erase_original(records, Actor.person("olga"), past.id, "Because Ada asked")
    erase_original(records, Actor.person("olga"), past.id, "art-17-1-a")
    with records.read() as connection:
        assert find_import(connection, past.id).erased_at is not None
        assert connection.execute(select(foreign_file.c.data)).scalars().all() == [b""]
    written = exported(records, made)
    assert "Secret remark" not in json.dumps(written)
    assert arrived(written)["q215"] == "One month."
    bring(with_fields(odd="Secret remark"))
    with records.read() as connection:
        assert find_import(connection, past.id).erased_at is None


def test_an_import_that_nobody_made_is_not_found(records: Records) -> None:
    for name in ("", "import-0"):
        with pytest.raises(NotFound), records.read() as connection:
            find_import(connection, name)


def test_rows_about_a_measure_that_was_removed_are_reported(records: Records, bring: Bring) -> None:
    made = str(bring(pia()).assessment)
    kept = questionnaire.load(records, made).answers["measures"].value[1:]
    save_answer(records, ANNA, made, "measures", kept)
    written = export(records, ANNA, made, "cnil_pia")
    assert [loss.where for loss in written.losses] == ["evaluations: e1", "comments: c0"]
    content = json.loads(written.data)
    assert [m["id"] for m in content["measures"]] == [41]
    assert content["answers"][3]["data"]["list"] == ["Encryption"], "its answer was not touched"
    assert content["evaluations"][1]["reference_to"] == "3.1.40"
