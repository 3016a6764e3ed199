"""Files made to hurt: each is refused with its file and place, or its harm is gone and reported."""

from __future__ import annotations

import io
import json
import stat
import struct
import time
import zipfile
from collections.abc import Callable

import pytest

from assessments.errors import BadInput
from assessments.exchange import archive_files, json_text
from assessments.exchange.archive_files import unpack
from assessments.exchange.html import to_html, to_text
from assessments.exchange.json_text import read_json
from assessments.exchange.keep import preview
from tests.assessments.exchange.pia import answer, pia

Fill = Callable[[zipfile.ZipFile], None]


def archive(fill: Fill) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        fill(opened)
    return made.getvalue()


def named(name: str, mode: int = 0) -> bytes:
    info = zipfile.ZipInfo(name)
    info.filename = info.orig_filename = name
    info.external_attr = mode << 16
    return archive(lambda opened: opened.writestr(info, "x"))


@pytest.mark.parametrize(
    "name",
    ["../up.json", "a/../../up.json", "/etc/x.json", "C:\\x.json", "c:x", "\\\\host\\x", "..\\x"],
)
def test_a_member_that_leaves_the_archive_is_refused(name: str) -> None:
    with pytest.raises(BadInput, match="leaves the archive") as refused:
        unpack(named(name), "pia.zip")
    assert refused.value.where["file"] == "pia.zip"
    assert "member" in refused.value.where


@pytest.mark.parametrize("mode", [stat.S_IFLNK | 0o777, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_are_refused(mode: int) -> None:
    with pytest.raises(BadInput, match="link or a device"):
        unpack(named("x.json", mode), "pia.zip")


def test_a_member_that_grows_out_of_proportion_is_refused_before_it_grows() -> None:
    bomb = archive(lambda opened: opened.writestr("a.json", b"0" * 8_000_000))
    assert len(bomb) < 10_000
    with pytest.raises(BadInput, match="out of proportion"):
        unpack(bomb, "pia.zip")


def test_a_member_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(archive(lambda opened: opened.writestr("a.json", b"0" * 50_000)))
    position = data.index(b"PK\x01\x02") + 24
    data[position : position + 4] = struct.pack("<I", 10)
    with pytest.raises(BadInput):
        unpack(bytes(data), "pia.zip")


def test_more_files_than_the_limit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_files, "MAX_MEMBERS", 3)
    many = archive(lambda opened: [opened.writestr(f"{n}.json", "x") for n in range(4)])  # type: ignore[arg-type, return-value]
    with pytest.raises(BadInput, match="too many files"):
        unpack(many, "pia.zip")


def test_more_bytes_than_the_limit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_files, "MAX_TOTAL", 100)
    with pytest.raises(BadInput, match="too large"):
        unpack(archive(lambda opened: opened.writestr("a.json", "x" * 101)), "pia.zip")


def test_an_archive_in_an_archive_is_refused() -> None:
    inner = archive(lambda opened: opened.writestr("a.json", "{}"))
    with pytest.raises(BadInput, match="archive in the archive"):
        unpack(archive(lambda opened: opened.writestr("inner", inner)), "pia.zip")


def test_an_encrypted_member_is_refused() -> None:
    data = bytearray(archive(lambda opened: opened.writestr("a.json", "{}")))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    with pytest.raises(BadInput, match="encrypted"):
        unpack(bytes(data), "pia.zip")


def test_two_members_of_one_name_are_refused() -> None:
    def fill(opened: zipfile.ZipFile) -> None:
        opened.writestr("a.json", "{}")
        opened.writestr("A.json", "{}")

    with pytest.raises(BadInput, match="same name"):
        unpack(archive(fill), "pia.zip")


def test_a_cut_off_archive_is_refused() -> None:
    with pytest.raises(BadInput, match="damaged"):
        unpack(archive(lambda opened: opened.writestr("a.json", "{}"))[:-30], "pia.zip")


def test_an_archive_with_damaged_content_is_refused() -> None:
    data = bytearray(archive(lambda opened: opened.writestr("a.json", json.dumps(pia()))))
    data[60:80] = b"\x00" * 20
    with pytest.raises(BadInput, match="damaged"):
        unpack(bytes(data), "pia.zip")


@pytest.mark.parametrize("depth", [65, 100_000])
def test_json_that_is_nested_too_deeply_is_refused_at_its_line(depth: int) -> None:
    with pytest.raises(BadInput, match="nested too deeply") as refused:
        read_json(b"\n" + b"[" * depth + b"]" * depth, "deep.json")
    assert refused.value.where == {"file": "deep.json", "line": 2}


def test_brackets_in_texts_are_no_depth() -> None:
    content, _ = read_json(json.dumps({"a": "[" * 500 + '\\"' + "{" * 500}).encode(), "x.json")
    assert content["a"].startswith("[[")


def test_json_with_too_many_values_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_text, "MAX_VALUES", 10)
    for content in ({str(n): n for n in range(11)}, list(range(11)), [[]] * 11):
        with pytest.raises(BadInput, match="too many values"):
            read_json(json.dumps(content).encode(), "x.json")


def test_json_above_the_size_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_text, "MAX_BYTES", 10)
    with pytest.raises(BadInput, match="too large"):
        read_json(b'{"a": "0123456789"}', "x.json")


def test_a_key_given_twice_is_reported_with_its_place() -> None:
    content, losses = read_json(b'{"a": [{"b": {"c": 1, "c": 2}}], "a2": {"c": 1}}', "x.json")
    assert content["a"][0]["b"]["c"] == 2
    assert [loss.where for loss in losses] == ["a[0].b.c"]


def test_a_key_given_twice_in_a_pia_reaches_the_loss_report() -> None:
    text = json.dumps(pia()).replace('"status": 0,', '"status": 2, "status": 3,', 1)
    found = preview(text.encode(), "pia.json")
    assert [loss.where for loss in found.losses] == ["pia.status"]
    assert found.readings[0].answers["pia_status"].value == "signed"


@pytest.mark.parametrize("text", [b'{"a": NaN}', b'{"a": -Infinity}', b'{"a": 1e999}',
                                  b'{"a": ' + b"9" * 5000 + b"}", b'{"a": 1', b"{'a': 1}"])  # fmt: skip
def test_what_is_no_json_is_refused_with_the_file(text: bytes) -> None:
    with pytest.raises(BadInput, match="not JSON") as refused:
        read_json(text, "x.json")
    assert refused.value.where["file"] == "x.json"


def test_a_syntax_error_names_line_and_column() -> None:
    with pytest.raises(BadInput) as refused:
        read_json(b'{\n "a": 1,\n "b" 2}', "x.json")
    assert refused.value.where == {"file": "x.json", "line": 3, "column": 6}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_marks_of_encoding_are_understood(encoding: str) -> None:
    found = preview(json.dumps(pia()).encode(encoding), "pia.json")
    assert found.readings[0].title == "Badge readers"


def test_latin_1_is_refused_with_its_line() -> None:
    with pytest.raises(BadInput, match="UTF-8") as refused:
        read_json(b'{\n"a": "\xe9"}', "x.json")
    assert refused.value.where["line"] == 2


def test_half_a_character_is_shown_as_a_mark_and_kept_in_the_original() -> None:
    found = preview(json.dumps(pia(answers=[answer(1, 111, "a\ud800b")])).encode(), "pia.json")
    assert found.readings[0].answers["q111"].value == "a\ufffdb"
    assert [loss.what for loss in found.readings[0].losses] == ["half of a character"]


@pytest.mark.parametrize(("name", "data"), [
    ("x.json", b"{}"), ("x.json", b"[]"), ("x.json", b'{"pia": 3}'), ("x.bin", b"\x00\x01"),
    ("x.txt", b"hello"), ("x.json", b'{"pia": {}, "other": []}'), ("x.json", b"[1]"),
])  # fmt: skip
def test_what_no_format_knows_is_refused(name: str, data: bytes) -> None:
    with pytest.raises(BadInput, match="No format recognises"):
        preview(data, name)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(BadInput, match="empty"):
        preview(b"", "x.json")


def test_a_part_that_is_no_list_is_refused_with_its_place() -> None:
    with pytest.raises(BadInput) as refused:
        preview(json.dumps(pia(answers={"a": 1})).encode(), "pia.json")
    assert refused.value.where == {"file": "pia.json", "place": "answers"}


def test_a_name_that_is_a_path_is_only_a_name() -> None:
    assert preview(json.dumps(pia()).encode(), "../../etc\\pia\n.json").name == "pia.json"


@pytest.mark.parametrize("markup", [
    "a<script>alert(1)</script>b", "a<style>x{}</style>b", 'a<img src=x onerror="alert(1)" alt="">b',
    "a<svg/onload=alert(1)>b", 'a<a href="javascript:alert(1)">b</a>', "a<iframe src=//x></iframe>b",
    "a<!-- <script>alert(1)</script> -->b", "a<b onclick=alert(1)>b</b>",
])  # fmt: skip
def test_active_markup_leaves_nothing_behind(markup: str) -> None:
    text = to_text(markup)
    assert text.replace("[picture: not described]", "") == "ab"


def test_escaped_markup_is_shown_as_the_text_that_it_is() -> None:
    assert to_text("<p>1 &lt; 2 &amp;&amp; <script>x</script>&lt;b&gt;</p>") == "1 < 2 && <b>"
    assert to_html("1 < 2 <script>") == "<p>1 &lt; 2 &lt;script&gt;</p>"


def test_paragraphs_lists_tables_and_links_stay_readable() -> None:
    text = to_text(
        "<p>One<br>two</p><ul><li>a<ol><li>b</li></ol></li></ul><p>x</p>"
        '<table><tr><th>h</th><td>c</td></tr></table><a href="https://a.example/">there</a>'
    )
    assert text == "One\ntwo\n\n- a\n  1. b\n\nx\n\nh | c\nthere (https://a.example/)"


def test_markup_nested_a_hundred_thousand_times_is_read_in_bounded_time() -> None:
    begun = time.process_time()
    assert to_text("<div>" * 100_000 + "x" + "<ul><li>" * 20_000).startswith("x")
    assert to_text("<ul><li>" * 100_000 + "<script>alert(1)</script>y<").endswith("y<")
    assert to_text("<" * 200_000 + "<!--" * 50_000 + "<a " * 50_000).startswith("<")
    assert time.process_time() - begun < 5
