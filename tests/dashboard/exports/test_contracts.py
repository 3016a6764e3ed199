"""A contract says what it means, and says where it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from assessments.errors import BadInput
from dashboard.exports.catalogue import contracts, kind_by_header, kind_by_name, load_order
from dashboard.exports.contract_file import read_contract
from dashboard.exports.rules import compile_rules

KINDS = (
    "people systems vendors contracts purposes processing_activities projects datasets "
    "dataset_fields dataset_observations legal_holds deletion_runs models lineage training_records "
    "rights_requests consents grants access_events audit_events leakage_results assessment_register incidents "
    "mandates drills field_scans"
)

SMALL = """kind: notes
title: Notes
about: Notes.
mode: append
key: [note_id]
columns:
  note_id:
    type: text
    about: Id.
    required: true
  written_on:
    type: date
    about: Day.
"""


def read(folder: Path, text: str) -> None:
    path = folder / "notes.yaml"
    path.write_text(text, encoding="utf-8")
    read_contract(path)


def test_every_kind_of_export_has_a_contract() -> None:
    assert set(contracts()) == set(KINDS.split())


def test_every_rule_has_its_own_id_and_a_sentence() -> None:
    for contract in contracts().values():
        rules = compile_rules(contract)
        assert len({rule.id for rule in rules}) == len(rules)
        assert all(rule.sentence and rule.column in contract.names for rule in rules)


def test_a_sound_contract_is_read(tmp_path: Path) -> None:
    read(tmp_path, SMALL)


@pytest.mark.parametrize(
    ("wrong", "line", "words"),
    [
        (SMALL + "colour: red\n", 14, "Unknown key: colour"),
        (SMALL.replace("    about: Day.", "    about: Day.\n    sorted: true"), 14, "Unknown key"),
        (SMALL.replace("type: date", "type: day"), 12, "Unknown value: day"),
        (SMALL.replace("mode: append", "mode: sometimes"), 4, "Unknown value: sometimes"),
        (SMALL.replace("key: [note_id]", "key: [id]"), 5, "Unknown value: id"),
        (SMALL.replace("key: [note_id]", "key: [written_on]"), 5, "must be required"),
        (SMALL.replace("kind: notes", "kind: note"), 1, "named after its kind"),
        (SMALL.replace("  written_on:", "  line_no:"), 12, "cannot be called"),
        (SMALL + "title: Again\n", 14, "Repeated key: title"),
        (SMALL.replace("title: Notes\n", ""), 1, "Missing key: title"),
        (SMALL + "rules: [{id: a, sentence: b, severity: critical}]\n", 14, "exactly one form"),
        (SMALL + "rules: [\n", 15, "not valid YAML"),
    ],
)
def test_a_mistake_in_a_contract_is_answered_with_its_line(
    tmp_path: Path, wrong: str, line: int, words: str
) -> None:
    with pytest.raises(BadInput) as caught:
        read(tmp_path, wrong)
    assert words in caught.value.title
    assert caught.value.where == {"file": "notes.yaml", "line": line}


def test_what_is_referred_to_is_loaded_first() -> None:
    order = load_order(list(contracts()))
    assert order.index("people") < order.index("projects") < order.index("datasets")
    assert order.index("datasets") < order.index("dataset_fields")
    assert set(order) == set(contracts())


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("people.csv", "people"),
        ("People_2026-11-20.csv", "people"),
        ("access_events-20261120.parquet", "access_events"),
        ("dataset_fields 3.jsonl", "dataset_fields"),
        ("employees.csv", None),
        ("people_old.csv", None),
    ],
)
def test_the_name_of_a_file_tells_its_kind(name: str, kind: str | None) -> None:
    assert kind_by_name(Path(name)) == kind


def test_a_header_tells_the_kind_when_the_name_does_not() -> None:
    header = contracts()["legal_holds"].names
    assert kind_by_header(Path("export.csv"), header) == "legal_holds"


def test_an_ambiguous_header_is_answered_with_the_choices() -> None:
    both = [*contracts()["legal_holds"].names, *contracts()["lineage"].names]
    with pytest.raises(BadInput, match="more than one kind") as caught:
        kind_by_header(Path("export.csv"), both)
    assert "legal_holds, lineage" in caught.value.detail
    assert "--kind" in caught.value.detail


def test_a_header_of_no_kind_is_answered_with_the_kinds() -> None:
    with pytest.raises(BadInput, match="no known kind"):
        kind_by_header(Path("export.csv"), ["a", "b"])
