"""A form as PDF: marked as unsigned on every page, the same bytes again, hostile texts as text."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pikepdf
import pytest

from assessments.reports.working_copy import render_working_copy
from assessments.views import FilledForm
from tests.assessments.reports.dpia import EVERY_SCRIPT, HOSTILE
from tests.assessments.views.test_fill import DECIDED, DRAFT, filled, whole

MARK = "Working copy, not signed"


def pages(pdf: bytes, folder: Path) -> list[str]:
    """The text of each page as another maker's tool reads it."""
    file = folder / "form.pdf"
    file.write_bytes(pdf)
    read = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True)
    return read.stdout.decode().split("\f")[:-1]


@pytest.fixture(scope="module")
def form() -> FilledForm:
    return filled("edpb", whole(), DECIDED)


def test_every_page_says_that_it_is_no_signed_document(form: FilledForm, tmp_path: Path) -> None:
    pdf = render_working_copy(form)
    found = pages(pdf, tmp_path)
    assert len(found) > 3
    assert all(MARK in page for page in found)
    assert "/AcroForm" not in pikepdf.open(io.BytesIO(pdf)).Root


def test_every_number_and_every_gap_of_the_form_is_in_the_pdf(tmp_path: Path) -> None:
    draft = filled("ico", {"extent": "Many calls."})
    text = " ".join(" ".join(pages(render_working_copy(draft), tmp_path)).split())
    assert "Many calls." in text
    for item in draft.items:
        assert f"{item.ref} " in text
        for gap in item.gaps:
            assert gap.text[:40] in text


def test_the_same_form_gives_the_same_bytes_and_names_its_standards(form: FilledForm) -> None:
    pdf = render_working_copy(form)
    assert pdf == render_working_copy(form)
    metadata = pikepdf.open(io.BytesIO(pdf)).open_metadata()
    assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
    assert metadata["pdfuaid:part"] == "1"


@pytest.mark.parametrize("text", [HOSTILE, EVERY_SCRIPT], ids=["hostile", "every script"])
def test_what_a_user_typed_is_text_and_nothing_else(text: str, tmp_path: Path) -> None:
    record = DRAFT | {"assessment": DRAFT["assessment"] | {"title": text[:200]}}
    made = filled("ico", {"extent": text, "people": [{"group": text[:500]}]}, record)
    shown = " ".join(pages(render_working_copy(made), tmp_path))
    assert text.split()[0] in shown
    assert "root:" not in shown
