"""The Word file, opened again by the library and, where it is installed, by LibreOffice."""

import io
import itertools
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import etree

from assessments.exchange.word.write import LOSSES, make_docx
from assessments.language import say
from assessments.reports import words
from tests.assessments.reports.dpia import EVERY_SCRIPT, HOSTILE, make_record

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.fixture(scope="module")
def record() -> dict[str, Any]:
    made = make_record()
    made["sections"][0]["questions"][0]["text"] = f"{EVERY_SCRIPT}\n\n{HOSTILE}\x00\x0b end"
    made["sections"][0]["verdict"] = {
        "verdict": "changes_requested", "comment": "Say why.", "reviewer": "Ada Byte",
        "at": "2026-11-01T09:00:00Z",
    }  # fmt: skip
    return made


@pytest.fixture(scope="module")
def data(record: dict[str, Any]) -> bytes:
    return make_docx(record)


def test_every_question_and_answer_is_there(record: dict[str, Any], data: bytes) -> None:
    document = Document(io.BytesIO(data))
    headings = [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    text = "\n".join(p.text for p in document.paragraphs)

    for section in record["sections"]:
        assert section["title"] in headings
        assert {q["title"] for q in section["questions"]} <= set(headings)
    assert EVERY_SCRIPT in text
    assert HOSTILE in text


def test_headings_never_skip_a_level(data: bytes) -> None:
    names = [p.style.name for p in Document(io.BytesIO(data)).paragraphs]
    levels = [int(n.split()[1]) for n in names if n.startswith("Heading")]

    assert names[0] == "Title"
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_tables_are_real_with_a_repeating_header_and_alternative_text(data: bytes) -> None:
    tables = Document(io.BytesIO(data)).tables

    assert len(tables) > 3
    for table in tables:
        properties = table._tbl.tblPr
        assert properties.find(qn("w:tblCaption")).get(qn("w:val"))
        assert properties.find(qn("w:tblDescription")).get(qn("w:val"))
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(cell.text.strip() for cell in table.rows[0].cells)


def test_title_language_and_page_number_are_set(record: dict[str, Any], data: bytes) -> None:
    document = Document(io.BytesIO(data))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        styles = archive.read("word/styles.xml").decode()
        footer = "".join(archive.read(n).decode() for n in archive.namelist() if "footer" in n)

    assert document.core_properties.title == record["assessment"]["title"]
    assert document.core_properties.language == record["assessment"]["language"]
    assert f'w:lang w:val="{record["assessment"]["language"]}"' in styles
    assert "PAGE" in footer


def test_a_reviewers_comment_is_a_word_comment(data: bytes) -> None:
    comments = list(Document(io.BytesIO(data)).comments)

    assert [comment.author for comment in comments] == ["Ada Byte", "Jonas Feldkamp"]
    assert "Say why." in comments[0].text


def test_right_to_left_answers_are_marked(record: dict[str, Any]) -> None:
    record["sections"][0]["questions"][0]["text"] = "حماية البيانات"
    document = Document(io.BytesIO(make_docx(record)))
    paragraph = next(p for p in document.paragraphs if p.text.startswith("حماية"))

    assert paragraph._p.pPr.find(qn("w:bidi")) is not None


def test_a_draft_has_no_decision(record: dict[str, Any]) -> None:
    draft = record | {"decision": None, "opinion": None, "reviews": []}
    texts = [p.text for p in Document(io.BytesIO(make_docx(draft))).paragraphs]

    assert "Decision" not in texts


def test_every_part_is_well_formed_and_nothing_points_outside(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))
            if name.endswith(".rels"):
                assert b'TargetMode="External"' not in archive.read(name)


def test_what_word_cannot_carry_is_said() -> None:
    assert {loss.where for loss in LOSSES} >= {"history", "evidence", "signatures"}


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "a.docx"
    file.write_bytes(data)
    command = [
        str(OFFICE),
        "--headless",
        "--convert-to",
        "txt:Text",
        "--outdir",
        str(tmp_path),
        str(file),
    ]
    subprocess.run(command, check=True, timeout=120, env={"HOME": str(tmp_path)})

    assert (tmp_path / "a.txt").read_text("utf-8-sig").strip()


def test_dates_and_words_are_in_the_assessments_language(record: dict[str, Any]) -> None:
    changed = {"language": "de", "frozen_at": "2026-03-01T09:30:00Z"}
    german = record | {"assessment": record["assessment"] | changed}
    with zipfile.ZipFile(io.BytesIO(make_docx(german))) as archive:
        assert 'w:lang w:val="de"' in archive.read("word/styles.xml").decode()
        text = archive.read("word/document.xml").decode()

    assert "1. März 2026" in text
    assert say("de", words.OUTCOMES[record["decision"]["outcome"]]) in text
