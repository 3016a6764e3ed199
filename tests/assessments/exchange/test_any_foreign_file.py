"""Whatever a file holds, a reader answers with rows and losses or refuses it; nothing else happens."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.errors import BadInput
from assessments.exchange import ciso_assistant, fides, minbzk, register_sheet
from assessments.exchange.frame import ForeignFile, Format, Reading
from assessments.exchange.registers import COLUMNS, register_csv
from assessments.exchange.workbook import Page, write_csv, write_workbook

WORDS = ["fides_key", "name", "system", "dataset", "collections", "fields", "data_categories",
         "privacy_declarations", "data_use", "user.contact", "retention", "value", "_index", "2.1",
         "2.1.1", "4.1", "answers", "lastEditedAt", "data:image/png;base64,AA"]  # fmt: skip
texts = st.sampled_from(WORDS) | st.text(max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=5),
    max_leaves=25,
)
HEADERS = ["ref_id", "name", "status", "processing_ref_id", "category", "retention", "Purpose",
           "Retention period", "Lawful basis", "Personal data", "Data subjects", ""]  # fmt: skip
cells = (
    st.sampled_from(["r1", "2 years", "consent", "email", "=1+1", "31/12/2020", "", "N/A"]) | texts
)
grids = st.lists(st.lists(cells, min_size=3, max_size=6), max_size=6)
headers = st.lists(st.sampled_from(HEADERS), min_size=3, max_size=6)


def check(known: Format, file: ForeignFile) -> None:
    """Every row fits its register, every loss is text, and writing it out works."""
    assert known.recognise is not None
    assert known.read is not None
    known.recognise(file)
    readings: list[Reading] = []
    named = file.place
    try:
        readings += known.read(file)
    except BadInput as error:
        named = error.where.get("file")
    assert named == file.place
    for reading in readings:
        _check(reading)


def _check(reading: Reading) -> None:
    for kind, rows in reading.registers.items():
        assert all(set(row) <= set(COLUMNS[kind]) for row in rows)
        assert register_csv(kind, rows).count(b"\n") > len(rows)
    assert all(isinstance(text, str) for loss in reading.losses for text in (loss.where, loss.what))
    assert all(isinstance(count, int) for count in reading.counts.values())


@settings(deadline=None, max_examples=150)
@given(
    st.dictionaries(
        st.sampled_from(["system", "dataset", "policy", "x"]), st.lists(values, max_size=4)
    ),
    values,
)
def test_fides_reads_or_refuses_any_manifest(content: dict[str, Any], more: Any) -> None:
    content.setdefault("system", []).append({"fides_key": "k", "privacy_declarations": [more]})
    content.setdefault("dataset", []).append(
        {"fides_key": "d", "collections": [more, {"fields": [more]}]}
    )

    check(fides.FORMAT, ForeignFile("m.json", b"", content))


@settings(deadline=None, max_examples=150)
@given(values, st.dictionaries(texts, values, max_size=6), st.sampled_from(["prescan", "dpia"]))
def test_minbzk_reads_or_refuses_any_output(odd: Any, answers: dict[str, Any], form: str) -> None:
    metadata = {"urn": f"urn:nl:{form}:2.0", "createdAt": odd}

    for given_answers in (answers, odd):
        content = {"metadata": metadata, "answers": given_answers, "more": odd}
        check(minbzk.FORMAT, ForeignFile("o.json", b"", content))


@settings(deadline=None, max_examples=30)
@given(headers, grids, st.sampled_from(["Processing", "Purposes", "Transfers", "Sheet1"]))
def test_sheets_are_read_or_refused_whatever_their_cells(
    header: list[str], rows: list[list[str]], title: str
) -> None:
    pages = [Page("Processing", ("ref_id", "name", "status"), [("r1", "A", "Draft")]),
             Page("Other" if title == "Processing" else title, header, rows)]  # fmt: skip

    check(ciso_assistant.FORMAT, ForeignFile("w.xlsx", write_workbook(pages)))
    for data, name in ((write_csv(pages[1]), "r.csv"), (write_workbook(pages[1:]), "r.xlsx")):
        check(register_sheet.FORMAT, ForeignFile(name, data))
        check(ciso_assistant.FORMAT, ForeignFile(name, data))
