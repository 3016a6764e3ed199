"""Whatever the bytes are: rows in = rows landed + rows quarantined, and twice is once."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.errors import WorkbenchError
from assessments.settings import Home
from dashboard.exports.landing import open_landing
from dashboard.exports.lines import read_lines
from dashboard.exports.load import load_paths
from dashboard.exports.options import Options

HEADER = b"purpose_id,name,description,lawful_basis,compatible_with\n"
PIECES = st.sampled_from(
    [b"p-1", b"p-2", b"consent", b"contract", b",", b",", b",", b'"', b'""', b"\n", b"\n", b"\r\n",
     b"\r", b"\x00", b"\xff", b"\xc3\xa9", b"\xef\xbb\xbf", b" ", b";", b"'", b"\\", b"\xe2\x80\xa8"]
)  # fmt: skip
SOUND = st.builds(
    lambda key, name: f"p-{key},{name},text,consent,\n".encode(),
    st.integers(0, 9),
    st.text("ab,\"'", max_size=4).map(lambda text: '"' + text.replace('"', '""') + '"'),
)
BODIES = st.lists(st.one_of(PIECES, SOUND, st.binary(max_size=6)), max_size=40).map(b"".join)
QUICK = Options(is_declared=False, is_built=False)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(BODIES)
def test_every_record_of_any_bytes_is_landed_or_quarantined(body: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home, path = Home(Path(folder) / "home"), Path(folder) / "purposes.csv"
        path.write_bytes(HEADER + body)
        report = load_paths(home, [path], options=QUICK)
        (found,) = report.files
        assert found.rows == found.landed + found.quarantined
        filled = [line for line in read_lines(path) if not line.is_blank]
        assert found.rows <= len(filled) - 1
        assert account_for_lines(home) == {line.number for line in filled} - {1}
        again = load_paths(home, [path], options=QUICK).files[0]
        assert again.was_loaded
        assert (again.rows, again.landed) == (found.rows, found.landed)


def account_for_lines(home: Home) -> set[int]:
    """The physical lines that stand behind landed and quarantined records."""
    with open_landing(home, write=False) as connection:
        rows = connection.execute(
            "select line_no, concat_ws('', name, description, lawful_basis, purpose_id, "
            "array_to_string(compatible_with, ';')) from landed.purposes "
            "union all select line_no, raw from landed.quarantine"
        ).fetchall()
    lines: set[int] = set()
    for number, text in rows:
        lines |= set(range(number, number + text.count("\n") + 1))
    return lines


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.one_of(st.binary(max_size=30), st.sampled_from(
    [b'{"purpose_id": "p-1"}', b"{}", b"[]", b"null", b'{"a": NaN}', b'{"a": 1, "a": 2}',
     b'{"purpose_id": "\\ud800", "name": 1, "description": [], "lawful_basis": true}',
     b'{"purpose_id": "p-2", "name": "x", "description": "y", "lawful_basis": "consent"}']
)), max_size=8))  # fmt: skip
def test_every_json_line_is_landed_or_quarantined_or_the_file_is_left_aside(
    lines: list[bytes],
) -> None:
    first = b'{"purpose_id": "p-0", "name": "x", "description": "y", "lawful_basis": "consent"}'
    with tempfile.TemporaryDirectory() as folder:
        home, path = Home(Path(folder) / "home"), Path(folder) / "purposes.jsonl"
        path.write_bytes(b"\n".join([first, *lines]))
        (found,) = load_paths(home, [path], options=QUICK).files
        filled = [line for line in read_lines(path) if not line.is_blank]
        assert found.rows == len(filled) == found.landed + found.quarantined


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=200), st.sampled_from([".parquet", ".xlsx", ".json"]))
def test_noise_under_any_suffix_is_left_aside_with_an_answer(noise: bytes, suffix: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home, path = Home(Path(folder) / "home"), Path(folder) / f"purposes{suffix}"
        path.write_bytes(noise)
        report = load_paths(home, [path], options=QUICK)
        assert not report.files
        assert isinstance(report.held[0].error, WorkbenchError)
