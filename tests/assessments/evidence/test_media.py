"""What can be evidence is decided by its content; whatever runs is refused, and the reason is said."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from time import process_time

import openpyxl
import pikepdf
import pytest

from assessments.errors import BadInput
from assessments.evidence import office_files, pdf_files
from assessments.evidence.media import recognise
from tests.assessments.evidence import cases

WORD, EXCEL = "word/document.xml", "xl/workbook.xml"


def workbook() -> bytes:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "title"),
    [
        ("a.pdf", cases.pdf(), "PDF"),
        ("a.PNG", cases.PNG, "PNG image"),
        ("a.jpeg", cases.JPEG, "JPEG image"),
        ("a.parquet", cases.parquet(), "Parquet table"),
        ("a.docx", cases.office(WORD), "Word document"),
        ("a.xlsx", workbook(), "Excel workbook"),
        ("a.ipynb", cases.notebook(), "Jupyter notebook"),
        (
            "a.docx",
            cases.office(WORD, more={"word/embeddings/Chart.xlsx": workbook()}),
            "Word document",
        ),
        ("a.json", b'{"a": 1}', "JSON"),
        ("a.json", b'{"a": 1}\n{"a": 2}\n', "JSON"),
        ("a.csv", b"a,b\n-1,+2\n=SUM(A1),3|4\n", "CSV table"),
        ("a.yaml", b"a: 1\n", "YAML"),
        ("a.txt", "Prüfung bestanden\n".encode(), "Plain text"),
    ],
)
def test_a_file_is_known_by_its_content(tmp_path: Path, name: str, data: bytes, title: str) -> None:
    file = tmp_path / "incoming"
    file.write_bytes(data)
    assert recognise(file, name).title == title


def launching() -> bytes:
    return cases.pdf(OpenAction=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe"))


def scripted() -> bytes:
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    return cases.pdf(OpenAction=action)


MACROS = cases.office(EXCEL, more={"xl/vbaProject.bin": b"x"})
RELS = b'<Relationships><Relationship Id="r" Type="http://x/attachedTemplate" TargetMode="External"/></Relationships>'


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.pdf", b"MZ\x90\x00rest", "Windows program"),
        ("a.txt", b"#!/bin/sh\nrm -r x", "script"),
        ("a.pdf", b"\x7fELF\x02", "Linux program"),
        ("a.txt", b"<html><script>x</script>", "markup"),
        ("a.txt", b"  <?php x", "markup"),
        ("a.txt", b"<svg onload=x>", "markup"),
        ("a.txt", b"a\x00b", "no kind of file"),
        ("a.csv", b"a,b\n=cmd|' /C calc'!A0,1", "starts a program"),
        ("a.json", b"{", "content is none"),
        ("a.json", b"[" * 100_000, "content is none"),
        ("a.txt", b"", "empty"),
        ("a.png", cases.PNG + b"PK\x03\x04", "does not end as one"),
        ("a.png", cases.pdf(), "name does not fit"),
        ("a.exe", b"hello", "name does not fit"),
        ("a.pdf", scripted(), "script"),
        ("a.pdf", launching(), "program that it starts"),
        ("a.pdf", cases.locked_pdf(), "password"),
        ("a.pdf", cases.pdf_with_program(), "attached"),
        ("a.pdf", b"%PDF-1.7 nothing", "damaged"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1", "encrypted or old Office"),
        ("a.docx", cases.office(WORD, more={"word/vbaProject.bin": b"x"}), "macros"),
        ("a.xlsx", cases.office(EXCEL, more={"xl/macrosheets/sheet1.xml": b"x"}), "macros"),
        ("a.docx", cases.office(WORD, more={"word/embeddings/oleObject1.bin": b"x"}), "embedded"),
        ("a.docx", cases.office(WORD, more={"word/embeddings/Chart.xlsx": MACROS}), "macros"),
        ("a.docx", cases.office(WORD, more={"word/embeddings/Chart.xlsx": b"MZ"}), "no Word or Excel"),
        ("a.docx", cases.office(WORD, more={"word/activeX/activeX1.xml": b"x"}), "controls"),
        ("a.docx", cases.office(WORD, more={"word/_rels/settings.xml.rels": RELS}), "from elsewhere"),
        ("a.docx", cases.office(WORD)[:-30], "no Word or Excel"),
    ],
)  # fmt: skip
def test_what_runs_or_hides_is_refused(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    file = tmp_path / "incoming"
    file.write_bytes(data)
    with pytest.raises(BadInput, match=reason):
        recognise(file, name)


def test_an_archive_that_would_unpack_too_far_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office_files, "MAX_UNPACKED", 1_000_000)
    file = tmp_path / "incoming"
    file.write_bytes(cases.office(WORD, more={"word/media/image.bmp": bytes(1_000_001)}))
    with pytest.raises(BadInput, match="too large when unpacked"):
        recognise(file, "a.docx")


def test_a_zip_that_lies_about_its_sizes_is_read_within_limits(tmp_path: Path) -> None:
    honest = cases.office(WORD, more={"word/_rels/a.rels": bytes(5_000_000)})
    with zipfile.ZipFile(io.BytesIO(honest)) as archive:
        size = archive.getinfo("word/_rels/a.rels").file_size
    lying = honest.replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != honest
    file = tmp_path / "incoming"
    file.write_bytes(lying)
    with pytest.raises(BadInput):
        recognise(file, "a.docx")


@pytest.mark.parametrize("piece", [b"\n", b" ", b",=|", b"=", b",'"])
def test_a_large_table_takes_time_in_proportion_to_its_size(tmp_path: Path, piece: bytes) -> None:
    file = tmp_path / "incoming"
    times = []
    for size in (200_000, 2_000_000):
        file.write_bytes(piece * (size // len(piece)))
        start = process_time()
        assert recognise(file, "a.csv").title == "CSV table"
        times.append(process_time() - start)
    assert times[1] < max(60 * times[0], 1.0)


def test_a_pdf_is_looked_into_with_bounded_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "incoming"
    file.write_bytes(cases.pdf_that_unpacks_to(1))
    assert recognise(file, "a.pdf").title == "PDF"
    monkeypatch.setattr(pdf_files, "MEMORY", 400 * 1024**2)
    file.write_bytes(cases.pdf_that_unpacks_to(300))
    with pytest.raises(BadInput, match=r"damaged|too complex"):
        recognise(file, "a.pdf")
    monkeypatch.setattr(pdf_files, "SECONDS", 0.01)
    with pytest.raises(BadInput, match="too complex"):
        recognise(file, "a.pdf")
