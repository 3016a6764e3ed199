"""Objects come out of any JSON file, and damage is kept and said, wherever it stands."""

from __future__ import annotations

import json
import re
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.exports.readers.csv_file import BAD_ENCODING, TOO_LONG
from dashboard.exports.readers.json_file import NOT_JSON, REPEATED
from dashboard.exports.systems import objects
from dashboard.exports.systems.objects import CROSSED, CUT_OFF, UNCLOSED, read_objects

WRAPPER = re.compile(rb'^\s*\{\s*"Records"\s*:\s*\[')
ROWS = [{"a": 1, "t": 'x "}{][ \\'}, {"a": {"b": [1, {"c": "é"}]}}, {"a": 3}]


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "f.json"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def values(path: Path) -> list[Any]:
    return [item.reason or item.value for item in read_objects(path, WRAPPER)]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("form", ["lines", "array", "wrapped", "several", "two arrays"])
def test_every_layout_yields_the_same_objects(
    tmp_path: Path, form: str, indent: int | None
) -> None:
    separate = [json.dumps(row, indent=indent) for row in ROWS]
    text = {
        "lines": "\n".join(separate),
        "array": json.dumps(ROWS, indent=indent),
        "wrapped": json.dumps({"Records": ROWS}, indent=indent),
        "several": "\n\n".join(separate) + "\n",
        "two arrays": json.dumps(ROWS[:1], indent=indent) + json.dumps(ROWS[1:], indent=indent),
    }[form]

    assert values(write(tmp_path, text)) == ROWS


SIGNS = st.text(alphabet='{}[]"\\,:a\né', max_size=6)
VALUES = st.recursive(
    st.integers(0, 9) | SIGNS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(SIGNS, inner, max_size=2),
    max_leaves=4,
)


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(st.dictionaries(SIGNS, VALUES, max_size=2), min_size=1, max_size=3),
    chunk=st.integers(1, 7),
)
def test_cutting_by_brackets_equals_reading_as_one(
    tmp_path_factory: Any, rows: list[Any], chunk: int
) -> None:
    path = write(tmp_path_factory.mktemp("o"), json.dumps({"Records": rows}, indent=1))
    before, objects.CHUNK = objects.CHUNK, chunk
    try:
        assert values(path) == rows
    finally:
        objects.CHUNK = before


def test_damage_within_an_object_stays_in_it_and_has_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, '{"Records": [\n{"a": 1},\n{"a": 2,},\n{"a": 3, "a": 4},\n{"a": 5}\n]}')

    found = [(item.line_no, item.reason) for item in read_objects(path, WRAPPER)]

    assert found == [(2, None), (3, NOT_JSON), (4, REPEATED), (5, None)]


def test_a_list_that_is_cut_off_says_so_and_keeps_what_was_whole(tmp_path: Path) -> None:
    whole = json.dumps({"Records": ROWS})
    inside, between = whole[: whole.rindex("{") + 4], whole[: whole.rindex(",")]

    assert values(write(tmp_path, inside)) == [*ROWS[:2], CUT_OFF]
    assert values(write(tmp_path, between)) == [*ROWS[:2], UNCLOSED]


def test_brackets_that_do_not_match_are_not_passed_over_in_silence(tmp_path: Path) -> None:
    path = write(tmp_path, '{"Records": [{"a": 1}], {"a": 2}, {"a": 3}]}')

    assert values(path) == [{"a": 1}, CROSSED]


def test_lines_keep_their_damage_to_themselves(tmp_path: Path) -> None:
    path = write(tmp_path, b'{"a": 1}\nnot json\n\n{"a": "\xff"}\n[1]\n{"a": NaN}\n{"a": 2}\n')

    assert values(path) == [{"a": 1}, NOT_JSON, BAD_ENCODING, NOT_JSON, NOT_JSON, {"a": 2}]


def test_an_object_without_end_is_cut_and_takes_no_more_memory_than_the_limit(
    tmp_path: Path,
) -> None:
    path = write(tmp_path, b'[{"a": "' + b"x" * (16 << 20) + b'"}, {"a": 1}]')
    tracemalloc.start()

    found = values(path)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == [TOO_LONG, {"a": 1}]
    assert peak < 14 << 20
