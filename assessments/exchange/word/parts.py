"""The pieces of an accessible Word file: headings in order, real tables with a header row, language.

Sources: WCAG 2.2 (1.3.1, 2.4.6, 3.1.1) and what Word's own accessibility checker asks for: a title,
a header row that repeats on each page, a description of each table, no merged or nested cells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from assessments.reports.text import is_right_to_left

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
TABLE_STYLE = "Table Grid"
FONT = "Calibri"
WIDE, SMALL = 6, Pt(8)
"""A table with more columns than this is set smaller, so that it stays within the page."""


def new_document(title: str, language: str, organisation: str, at: datetime) -> Any:
    """An empty A4 document in this language, its properties filled in."""
    document = Document()
    properties = document.core_properties
    properties.title = clean(title)[:255]
    properties.author = clean(organisation)[:255]
    properties.language = language
    properties.comments = ""
    properties.created = properties.modified = at
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    _set_language(document, language)
    document.styles["Normal"].font.name = FONT
    document.styles["Normal"].font.size = Pt(10.5)
    return document


def clean(text: str) -> str:
    """The text without what XML cannot hold."""
    return _UNPRINTABLE.sub("\ufffd", text)


def add_heading(document: Any, text: str, level: int) -> Any:
    """A heading; level 0 is the title of the document."""
    return _directed(document.add_heading(clean(text), level))


def add_text(document: Any, text: str, style: str | None = None) -> None:
    """Paragraphs as they were typed; single line breaks stay breaks."""
    for part in re.split(r"\n{2,}", clean(text).strip("\n")):
        if part.strip():
            _directed(document.add_paragraph(part, style))


def add_table(
    document: Any,
    title: str,
    description: str,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
) -> None:
    """A real table: header row that repeats, rows that stay together, alternative text."""
    table = document.add_table(rows=1 + len(rows), cols=len(header), style=TABLE_STYLE)
    _describe(table, title, description)
    size = SMALL if len(header) > WIDE else None
    lines = iter(table.rows)
    _fill(next(lines), header, size, is_header=True)
    for line, row in zip(lines, rows, strict=True):
        _fill(line, [*row, *[""] * len(header)][: len(header)], size)
    document.add_paragraph()


def add_field(paragraph: Any, code: str) -> None:
    """A field that Word computes, such as PAGE."""
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", code), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)


def _fill(row: Any, texts: Sequence[str], size: Pt | None, *, is_header: bool = False) -> None:
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if is_header:
        properties.append(OxmlElement("w:tblHeader"))
    for cell, text in zip(row.cells, texts, strict=True):
        paragraph = cell.paragraphs[0]
        run = paragraph.add_run(clean(text))
        run.bold, run.font.size = is_header or None, size
        _directed(paragraph)


def _describe(table: Any, title: str, description: str) -> None:
    properties = table._tbl.tblPr
    for tag, text in (("w:tblCaption", title), ("w:tblDescription", description)):
        element = OxmlElement(tag)
        element.set(qn("w:val"), clean(text)[:255])
        properties.append(element)


def _directed(paragraph: Any) -> Any:
    """Mark a paragraph that reads from right to left."""
    if is_right_to_left(paragraph.text):
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
    return paragraph


def _set_language(document: Any, language: str) -> None:
    defaults = document.styles.element.find(qn("w:docDefaults"))
    properties = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    element = properties.find(qn("w:lang"))
    if element is None:
        element = OxmlElement("w:lang")
        properties.append(element)
    element.set(qn("w:val"), language)
