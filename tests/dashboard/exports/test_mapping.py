"""A table of one's own lands through a mapping file, and a proposal to start the mapping from."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assessments.errors import BadInput
from dashboard.exports.mapping import read_mapping
from dashboard.exports.mapping_preview import keep_mapping, keep_upload, preview, read_header
from dashboard.exports.mapping_proposal import best_kind, chosen_mapping, propose, write_mapping

MAPPING = """kind: people
whole_list: true
csv: {delimiter: ";", encoding: cp1252}
columns:
  person_id: Personalnr
  name: Name
  email: Mail
  job_title: {value: Unknown}
  team: {from: Bereich, values: {"10": Research}}
  country: {value: DE}
  joined_on: {from: Eintritt, date: "%d.%m.%Y"}
"""
ROWS = "Personalnr;Name;Mail;Bereich;Eintritt;Raum\n7;Jörg;j@x.example;10;03.02.2020;E1\n8;Ana;a@x.example;30;2020;E2\n"


def test_columns_values_days_and_constants_are_made_and_the_rest_is_kept(desk: Any) -> None:
    mapping = desk.write("m.yaml", MAPPING)

    found = desk.load("hr.csv", ROWS.encode("cp1252"), mapping=mapping)

    assert (found.kind, found.landed, found.quarantined) == ("people", 1, 1)
    ask = "select person_id, name, team, country, joined_on from people"
    assert desk.ask(ask) == [("7", "Jörg", "Research", "DE", date(2020, 2, 3))]
    assert found.extra_columns == ("Raum",)
    assert desk.ask("select line_no, columns, raw from quarantine") == [
        (3, ["joined_on"], "8;Ana;a@x.example;30;2020;E2")
    ]


def test_a_whole_list_ends_what_it_no_longer_names_and_a_part_does_not(desk: Any) -> None:
    first = ROWS.replace(";2020;", ";01.01.2021;")
    desk.load("hr.csv", first.encode("cp1252"), mapping=desk.write("m.yaml", MAPPING))
    shorter = "\n".join(first.splitlines()[:2]) + "\n"
    part = desk.write("part.yaml", MAPPING.replace("whole_list: true", "whole_list: false"))

    assert desk.load("hr.csv", shorter.encode("cp1252"), mapping=part).ended == 0
    assert desk.load("hr.csv", shorter.encode("cp1252"), mapping=desk.folder / "m.yaml").ended == 1


def test_other_formats_and_moments_with_a_stated_offset(desk: Any) -> None:
    path = desk.folder / "log.parquet"
    row = {
        "Nr": 1,
        "When": "01.02.2026 10:30",
        "Wer": "ana",
        "What": "ds-1",
        "Art": "L",
        "Tags": "x",
    }
    pq.write_table(pa.Table.from_pylist([row]), path)
    mapping = desk.write(
        "m.yaml",
        "kind: access_events\ncolumns:\n  event_id: Nr\n"
        '  ts: {from: When, moment: "%d.%m.%Y %H:%M", offset: "+02:00"}\n'
        "  actor_id: Wer\n  dataset_id: What\n  action: {from: Art, values: {L: read}}\n"
        "  outcome: {value: success}\n",
    )

    report = desk.report(path, mapping=mapping)

    assert report.files[0].landed == 1
    ((moment, action),) = desk.ask("select ts, action from access_events")
    assert (moment.isoformat(), action) == ("2026-02-01T08:30:00", "read")


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ("kind: people\ncolumns:\n  name: N\n", "key person_id", 3),
        ("kind: people\ncolumns:\n  person_id: A\n  aura: B\n", "Unknown key: aura", 4),
        ("kind: people\ncolumns:\n  person_id: {from: A, value: B}\n", "exactly one", 3),
    ],
)
def test_a_mapping_that_cannot_work_is_refused_with_its_line(
    tmp_path: Path, text: str, words: str, line: int
) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(BadInput, match=words) as refused:
        read_mapping(path)
    assert refused.value.where == {"file": "m.yaml", "line": line}


def test_a_file_without_a_mapped_column_is_left_aside(desk: Any) -> None:
    error = desk.refusal("hr.csv", "a;b\n1;2\n", mapping=desk.write("m.yaml", MAPPING))

    assert "Personalnr" in error.detail


def test_names_and_values_of_a_mapping_reach_the_engine_only_as_text(desk: Any) -> None:
    evil = "x'); drop table people; --\""
    mapping = desk.write(
        "m.yaml",
        f"kind: purposes\ncolumns:\n  purpose_id: {{from: '{evil.replace(chr(39), chr(39) * 2)}'}}\n"
        f"  name: {{value: '{evil.replace(chr(39), chr(39) * 2)}'}}\n"
        "  description: D\n  lawful_basis: {value: consent}\n",
    )
    header = '"' + evil.replace('"', '""') + '"'

    found = desk.load("p.csv", f"{header},D\np-1,text\n", mapping=mapping)

    assert found.landed == 1
    assert desk.ask("select name from purposes") == [(evil,)]


def test_a_proposal_pairs_alike_names_once_and_its_file_reads_back(tmp_path: Path) -> None:
    header = [
        "Person ID",
        "Full name",
        "E-mail",
        "Job title",
        "Team",
        "Country",
        "Joined on",
        "Room",
    ]

    guesses = {guess.column: guess for guess in propose("people", header)}

    assert guesses["person_id"].source == "Person ID"
    assert guesses["email"].source == "E-mail"
    assert guesses["joined_on"].confidence == 1.0
    assert guesses["manager_id"].source == ""
    assert best_kind(header) == "people"
    mapping = chosen_mapping("people", {name: guess.source for name, guess in guesses.items()})
    path = tmp_path / "m.yaml"
    path.write_text(write_mapping(mapping), encoding="utf-8")
    assert read_mapping(path) == mapping


def test_a_preview_judges_like_loading_and_lands_nothing(desk: Any) -> None:
    desk.home.prepare()
    path = keep_upload(desk.home, "../../x/hr.csv", ROWS.encode("cp1252"))
    mapping = read_mapping(desk.write("m.yaml", MAPPING))

    found = preview(desk.home, path, keep_mapping(path, mapping))

    assert path.parent == desk.home.path / "imports"
    assert mapping.dialect is not None
    assert read_header(path, mapping.dialect)[0] == "Personalnr"
    assert (found.total, found.good) == (2, 1)
    assert found.rows[0][:2] == ("7", "Jörg")
    assert [count for _, count in found.reasons] == [1]
    assert desk.ask("select count(*) from people") == [(0,)]


def test_a_file_of_another_kind_is_no_upload(desk: Any) -> None:
    with pytest.raises(BadInput, match="cannot be loaded"):
        keep_upload(desk.home, "a.exe", b"x")
