"""CSV as it comes: damage stays on its line, and no line is lost without a word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dashboard.exports import examine, fingerprint
from dashboard.exports.contract import Dialect
from dashboard.exports.fingerprint import BLOCK, take_fingerprint


def many(vendors: Any, count: int) -> list[str]:
    return list(vendors(*(vendors.row(number) for number in range(count))))


def test_one_unterminated_quote_loses_only_its_own_line(desk: Any, vendors: Any) -> None:
    lines = many(vendors, 20_000)
    lines[9_000] = lines[9_000].replace("Vendor", '"Vendor')
    found = desk.load("vendors.csv", lines)
    assert (found.rows, found.landed, found.quarantined) == (20_000, 19_999, 1)
    assert desk.ask("select line_no from quarantine") == [(9_001,)]


def test_two_unterminated_quotes_near_each_other_lose_two_lines(desk: Any, vendors: Any) -> None:
    lines = many(vendors, 100)
    for number in (40, 43):
        lines[number] = lines[number].replace("Vendor", '"Vendor')
    found = desk.load("vendors.csv", lines)
    assert (found.landed, found.quarantined) == (98, 2)


def test_short_and_long_lines_are_quarantined_beside_sound_ones(desk: Any, vendors: Any) -> None:
    lines = many(vendors, 50)
    lines[10] += ",one more"
    lines[20] = lines[20].rsplit(",", 2)[0]
    found = desk.load("vendors.csv", lines)
    assert dict(found.reasons) == {"the line does not have as many fields as the header": 2}
    assert desk.ask("select line_no from quarantine order by line_no") == [(11,), (21,)]


def test_quoted_delimiters_quotes_and_line_ends_are_part_of_the_value(
    desk: Any, vendors: Any
) -> None:
    row = vendors.row(1, services='"Hosting, ""managed""\nand backup"')
    found = desk.load("vendors.csv", vendors(row, vendors.row(2)))
    assert (found.rows, found.quarantined) == (2, 0)
    assert desk.ask("select services, line_no from vendors order by vendor_id") == [
        ('Hosting, "managed"\nand backup', 2),
        ("Hosting", 4),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("last", [True, False])
def test_byte_order_marks_and_line_ends_do_not_matter(
    desk: Any, vendors: Any, end: str, mark: bytes, last: bool
) -> None:
    text = end.join(many(vendors, 3)) + (end if last else "")
    found = desk.load("vendors.csv", mark + text.encode())
    assert (found.landed, found.quarantined) == (3, 0)
    assert desk.ask("select vendor_id, risk_tier, line_no from vendors order by 1") == [
        ("v-0", "low", 2), ("v-1", "low", 3), ("v-2", "low", 4)
    ]  # fmt: skip


def test_mixed_line_ends_and_blank_lines_do_not_matter(desk: Any, vendors: Any) -> None:
    head, *rows = many(vendors, 4)
    text = f"{head}\r\n{rows[0]}\n\n{rows[1]}\r\n   \n{rows[2]}\n{rows[3]}"
    found = desk.load("vendors.csv", text)
    assert (found.rows, found.landed) == (4, 4)
    assert desk.ask("select line_no from vendors order by vendor_id") == [(2,), (4,), (6,), (7,)]


def test_the_order_of_columns_does_not_matter(desk: Any, vendors: Any) -> None:
    lines = [",".join(reversed(line.split(","))) for line in many(vendors, 2)]
    desk.load("vendors.csv", lines)
    assert desk.ask("select vendor_id, name from vendors order by 1") == [
        ("v-0", "Vendor 0"), ("v-1", "Vendor 1")
    ]  # fmt: skip


def test_another_dialect_is_stated_never_guessed(desk: Any, vendors: Any) -> None:
    lines = [line.replace(",", ";").replace("Vendor 1", "Münster") for line in many(vendors, 3)]
    text = "\n".join(lines).encode("latin-1")
    desk.load("vendors.csv", text, dialect=Dialect(delimiter=";", encoding="latin-1"))
    assert desk.ask("select name from vendors where vendor_id = 'v-1'") == [("Münster",)]


def test_the_shape_of_a_file_is_measured_across_blocks() -> None:
    generator = np.random.default_rng(3)
    for _ in range(20):
        pieces = [b"x" * int(length) for length in generator.integers(0, 2 * BLOCK, 3)]
        pieces += [b"y" * int(length) for length in generator.integers(0, 5, 6)]
        check_shape([pieces[int(at)] for at in generator.permutation(len(pieces))])


def check_shape(pieces: list[bytes]) -> None:
    import tempfile

    data = b"\n".join(pieces)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        path.write_bytes(data)
        shape = take_fingerprint(path)
    assert shape.longest_line == max(map(len, pieces))
    assert shape.lines == len(pieces) - (pieces[-1] == b"")


@pytest.mark.parametrize(
    ("text", "is_tidy"),
    [
        (b"a b,c\n", True), (b"a ,c\n", False), (b" a,c\n", False), (b"a,c ", False),
        (b'"a ",c\n', False), (b"a,\xc2\xa0c\n", False), (b"a,b c\n\n", True),
    ],
)  # fmt: skip
def test_cells_are_trimmed_unless_no_field_of_the_file_can_begin_or_end_in_a_space(
    text: bytes, is_tidy: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x"
    path.write_bytes(text)
    for size in (1, 2, 3, 64):
        monkeypatch.setattr(fingerprint, "BLOCK", size)
        assert take_fingerprint(path).is_tidy == is_tidy


RUNS = "run_id,dataset_id,due_on,executed_on,rows_deleted,proof_sha256,status"


def test_rows_are_the_same_judged_while_read_and_judged_after_staging(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f"r-{n % 97},d-1,2026-01-{n % 33:02},,{n - 1},,planned" for n in range(120)]
    lines += ["r-500, d-1 ,2026-01-02,2026-01-01,,,done", ",,,,,,"]
    desk.load("deletion_runs.csv", [RUNS, "r-5,d-2,2026-01-05,,4,,planned", "r-6,d-1,2026-01-06,,5,,planned"])  # fmt: skip
    path = desk.write("deletion_runs.csv", [RUNS, *lines])
    fast = desk.check(path).files[0]
    monkeypatch.setattr(examine, "stream", lambda source, contract: None)
    slow = desk.check(path).files[0]
    assert fast == slow
    assert fast.quarantined > 20
    assert dict(fast.reasons)["the row contradicts one with the same key that landed before"] == 1


def test_the_line_of_each_rejected_row_is_kept_as_it_stands(desk: Any) -> None:
    lines = [f"r-{n},d-1,2026-01-{n % 40:02},,,,planned" for n in range(1, 200)]
    desk.load("deletion_runs.csv", [RUNS, *lines, lines[0]])
    found = desk.ask("select line_no, raw from quarantine order by line_no")
    assert found == [(n + 1, line) for n, line in enumerate([*lines, lines[0]], 1)
                     if n % 40 == 0 or n % 40 > 31 or n == 200]  # fmt: skip
