from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.errors import BadInput
from assessments.reports.render import render_report
from assessments.signing.attachments import read_attachments
from tests.assessments.reports.dpia import (
    EVERY_SCRIPT,
    HOSTILE,
    canonical,
    make_record,
    question,
    record_bytes,
    section,
)

ROOT = Path(__file__).resolve().parents[3]
_RENDER = (
    "import sys, hashlib; from tests.assessments.reports.dpia import record_bytes; "
    "from assessments.reports.render import render_report; "
    "print(hashlib.sha256(render_report(record_bytes())).hexdigest())"
)


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


def with_text(text: str) -> bytes:
    questions = [question("q", "Question", text)]
    return record_bytes(sections=[section("s", "Section", "", questions, text[:200] or None)])


def elements(node: Any, kind: str) -> list[Any]:
    """Every structure element of a kind, depth first."""
    found = []
    kids = (
        node.get("/K", pikepdf.Array()) if isinstance(node, pikepdf.Dictionary) else pikepdf.Array()
    )
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary):
            found += [kid] if kid.get("/S") == f"/{kind}" else []
            found += elements(kid, kind)
    return found


def test_the_same_record_gives_the_same_bytes_in_processes_with_other_clocks_and_hash_seeds() -> (
    None
):
    digests = set()
    for zone, seed in (("Asia/Tokyo", "1"), ("America/Lima", "2")):
        environment = os.environ | {"TZ": zone, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", _RENDER],
            cwd=ROOT, env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        digests.add(done.stdout.strip())

    assert digests == {hashlib.sha256(render_report(record_bytes())).hexdigest()}


def test_the_report_declares_archival_and_accessible_levels_and_is_tagged() -> None:
    with opened(render_report(record_bytes())) as document:
        xmp = bytes(document.Root.Metadata.read_bytes()).decode()
        root = document.Root

        assert "<pdfaid:part>3</pdfaid:part>" in xmp
        assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
        assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
        assert root.MarkInfo.Marked
        assert str(root.Lang) == "en"
        assert root.ViewerPreferences.DisplayDocTitle
        assert document.docinfo["/Title"] == "Credit scoring for consumer loans"
        assert "/OutputIntents" in root


def test_tables_have_header_cells_with_scope_and_figures_have_descriptions() -> None:
    with opened(render_report(record_bytes())) as document:
        tree = document.Root.StructTreeRoot
        headers, figures = elements(tree, "TH"), elements(tree, "Figure")

        assert len(elements(tree, "Table")) >= 8
        assert headers
        assert all("/Scope" in _attributes(header) for header in headers)
        assert len(figures) == 4
        assert all(len(str(figure.Alt)) > 40 for figure in figures)
        assert [str(f.Alt) for f in elements(tree, "Form")] == [
            "Signature of the author, Mara Lindqvist",
            "Signature of the data protection officer, Inês Carvalho",
            "Signature of the approver, Theodoros Papadakis",
        ]


def _attributes(element: Any) -> set[str]:
    found = element.get("/A", pikepdf.Array())
    parts = found if isinstance(found, pikepdf.Array) else [found]
    return {key for part in parts if isinstance(part, pikepdf.Dictionary) for key in part.keys()}  # noqa: SIM118


def test_record_and_ledger_evidence_are_attached_as_the_bytes_that_went_in() -> None:
    record = record_bytes()
    evidence = {"proof": b"a proof\n", "checkpoint": b"a checkpoint\n", "entry": b"{}"}

    pdf = render_report(record, **evidence)

    assert read_attachments(pdf) == {
        "assessment.json": record,
        "frozen.tlog-proof": b"a proof\n",
        "checkpoint": b"a checkpoint\n",
        "frozen.json": b"{}",
    }
    with opened(pdf) as document:
        relations = {str(f.UF): str(f.AFRelationship) for f in document.Root.AF}
    assert relations["assessment.json"] == "/Source"


def test_three_empty_signature_fields_wait_in_order_and_the_approver_s_locks() -> None:
    with opened(render_report(record_bytes())) as document:
        form = document.Root.AcroForm
        names = [str(field.T) for field in form.Fields]
        last_page = document.pages[-1].obj

        assert names == ["author", "dpo", "approver"]
        assert form.SigFlags == 3
        assert form.Fields[2].Lock.Action == "/All"
        assert form.Fields[2].Lock.P == 1
        for field in form.Fields:
            x0, y0, x1, y1 = (float(v) for v in field.Rect)
            assert 0 < x0 < x1 < 596
            assert 0 < y0 < y1 < 842
            assert last_page == field.P
            assert field.F == 132


def test_text_that_looks_like_code_is_printed_as_text() -> None:
    text = printed(render_report(with_text(HOSTILE)))

    for part in ('#read("/etc/passwd")', "*bold*", "<script>alert(1)</script>", "$x^2$", "`raw`"):
        assert part in text
    assert "root:" not in text


def test_every_script_is_printed_and_nothing_is_replaced() -> None:
    text = printed(render_report(with_text(EVERY_SCRIPT)))

    assert "個人情報の保護" in text
    assert "개인정보" in text
    assert "Ελληνικά" in text
    assert "[U+" not in text
    assert "Characters shown differently" not in text


def test_a_character_without_a_glyph_is_shown_as_its_code_point_and_noted() -> None:
    text = printed(render_report(with_text("before \U00013000 after")))

    assert "before [U+13000] after" in text
    assert "Characters shown differently" in text
    assert "U+13000 (2)" in text


def test_characters_that_could_reorder_the_text_are_dropped_and_noted() -> None:
    text = printed(render_report(with_text("pay \u202e001\u202c euros\x00")))

    assert "pay 001 euros" in text
    assert "U+202E (2)" in text


def test_an_empty_assessment_and_one_with_very_long_content_both_render() -> None:
    empty = make_record()
    lists = ("sections", "risks", "measures", "leakage", "reviews", "sources")
    empty |= {key: [] for key in lists}
    empty |= {"screening": None, "opinion": None, "people": []}
    table = question("t", "Long", columns=list("ABCDEFGHIJ"), rows=[["x" * 400] * 10] * 60)
    long = make_record(sections=[section("s", "Long", "", [table], None)])

    with opened(render_report(canonical(empty))) as document:
        assert len(document.pages) >= 5
    with opened(render_report(canonical(long))) as document:
        assert len(document.pages) > 10


TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60)


@given(TEXTS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_text_stops_a_report_from_being_typeset(text: str) -> None:
    assert render_report(with_text(text)).startswith(b"%PDF-1.7")


def test_a_record_that_is_not_canonical_or_not_of_the_schema_is_refused() -> None:
    good = record_bytes()

    for bad in (b"", b"{", good + b"\n", good.replace(b'"language":"en"', b'"language": "en"')):
        with pytest.raises(BadInput):
            render_report(bad)
    with pytest.raises(BadInput) as caught:
        render_report(record_bytes(risks=[{"id": "R1"}]))
    assert caught.value.field == "risks.0"


def printed(pdf: bytes) -> str:
    """The text of the pages as a reader extracts it, on one line."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "report.pdf"
        file.write_bytes(pdf)
        done = subprocess.run(
            ["pdftotext", str(file), "-"], capture_output=True, text=True, check=True
        )
    return " ".join(done.stdout.split())
