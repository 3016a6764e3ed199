"""CSV as it comes: damage stays on its line, and no line is lost without a word."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

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
    from pathlib import Path

    data = b"\n".join(pieces)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        path.write_bytes(data)
        shape = take_fingerprint(path)
    assert shape.longest_line == max(map(len, pieces))
    assert shape.lines == len(pieces) - (pieces[-1] == b"")
