"""A table of one's own: which column is which column of an export kind, the first rows, then it lands."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from assessments.errors import WorkbenchError
from assessments.records.permissions import has_permission
from dashboard import identity, state
from dashboard.components import Cell, Link, announce, empty, error_box, notice, page_head, table
from dashboard.exports.catalogue import contracts, find_contract
from dashboard.exports.contract import Dialect
from dashboard.exports.load import load_paths
from dashboard.exports.mapping import FileMapping
from dashboard.exports.mapping_preview import (
    Preview,
    keep_mapping,
    keep_upload,
    preview,
    read_header,
)
from dashboard.exports.mapping_proposal import (
    Guess,
    best_kind,
    chosen_mapping,
    propose,
    write_mapping,
)
from dashboard.exports.options import Options
from dashboard.text import counted, say, words

TYPES = ["csv", "json", "jsonl", "parquet", "xlsx"]
LARGEST = 200
DELIMITERS = {",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Bar"}
ENCODINGS = ["utf-8", "cp1252", "latin-1"]


def render() -> None:
    """Choose a file, correct the mapping, see the first rows, load them."""
    page_head(
        say("Load a table of your own"),
        say(
            "Say which of its columns is which. Nothing lands before you have seen the first rows."
        ),
        [Link(say("Data checks"), "data_checks")],
    )
    with state.records().read() as connection:
        may_load = has_permission(connection, identity.current_actor(), "export.load")
    if not may_load:
        notice(say("Loading needs a role of the privacy office."), key="no-role")
        return
    chosen = st.file_uploader(
        say("Table (CSV, JSON, Parquet or XLSX)"),
        type=TYPES,
        max_upload_size=LARGEST,
        key="map.file",
    )
    if chosen is None:
        text = say(
            "Files of cloud logs, dbt, MLflow and others need no mapping: load them as they are."
        )
        empty(say("No table is chosen"), text, key="no-file")
        return
    try:
        path = keep_upload(state.home(), chosen.name, chosen.getvalue())
        mapping = _mapping(path)
        if mapping is not None:
            _outcome(path, mapping)
    except WorkbenchError as error:
        error_box(error, key="unreadable")


def _mapping(path: Path) -> FileMapping | None:
    """The proposal as the person has set it; None while it says nothing about the key."""
    dialect = _dialect() if path.suffix == ".csv" else Dialect()
    header = read_header(path, dialect)
    kinds = list(contracts())
    kind = st.selectbox(
        say("What is in it?"), kinds, index=kinds.index(best_kind(header)), format_func=words,
        key=f"map.kind.{path.stem}",
    )  # fmt: skip
    st.header(say("Which column holds what"), anchor=False)
    st.write(say("Columns marked with a star are needed."))
    chosen = _choose(path, kind, header)
    is_whole = find_contract(kind).mode == "snapshot" and st.checkbox(
        say("This is the full list: what it no longer names ends"), key="map.whole"
    )
    missing = [name for name in find_contract(kind).key if not chosen.get(name)]
    if missing:
        notice(
            say("Choose the column that holds {column}.", column=words(missing[0])), key="no-key"
        )
        return None
    return chosen_mapping(
        kind, chosen, is_whole_list=is_whole, dialect=dialect if path.suffix == ".csv" else None
    )


def _dialect() -> Dialect:
    left, right = st.columns(2)
    delimiter = left.selectbox(
        say("Delimiter"), list(DELIMITERS), format_func=lambda sign: words(DELIMITERS[sign]),
        key="map.delimiter",
    )  # fmt: skip
    encoding = right.selectbox(say("Encoding"), ENCODINGS, key="map.encoding")
    return Dialect(delimiter=delimiter, encoding=encoding)


def _choose(path: Path, kind: str, header: Sequence[str]) -> dict[str, str]:
    """Two columns side by side, in pairs, so that a phone shows them in their order."""
    chosen: dict[str, str] = {}
    options = ["", *header]
    for position, guess in enumerate(propose(kind, header)):
        if position % 2 == 0:
            sides = st.columns(2)
        chosen[guess.column] = sides[position % 2].selectbox(
            _label(guess), options, index=options.index(guess.source),
            format_func=lambda name: name or say("Nothing"),
            key=f"map.{path.stem}.{kind}.{guess.column}",
        )  # fmt: skip
    return chosen


def _label(guess: Guess) -> str:
    star = " *" if guess.is_required else ""
    sure = f" ({guess.confidence:.0%})" if guess.source else ""
    return f"{words(guess.column)}{star}{sure}"


def _outcome(path: Path, mapping: FileMapping) -> None:
    kept = keep_mapping(path, mapping)
    found = preview(state.home(), path, kept)
    st.header(say("What the rows become"), anchor=False)
    st.write(say("{good} of {total} rows can land.", good=found.good, total=found.total))
    _first_rows(found, mapping)
    if found.reasons:
        reasons: list[list[Cell]] = [[reason, str(count)] for reason, count in found.reasons]
        table(say("Why rows cannot land"), [say("Reason"), say("Rows")], reasons, key="reasons",
              show_caption=True)  # fmt: skip
    with st.container(horizontal=True):
        st.download_button(
            say("Download the mapping"), write_mapping(mapping), "mapping.yaml", "application/yaml",
            on_click="ignore",
        )  # fmt: skip
        if found.good and st.button(say("Load the rows"), type="primary", key="map.load"):
            _load(path, kept)


def _first_rows(found: Preview, mapping: FileMapping) -> None:
    shown = [position for position, name in enumerate(found.columns) if name in mapping.columns]
    rows: list[list[Cell]] = [[row[position] for position in shown] for row in found.rows]
    if rows:
        heads = [words(found.columns[position]) for position in shown]
        table(say("First rows"), heads, rows, key="first", show_caption=True)


def _load(path: Path, mapping: Path) -> None:
    with st.spinner(say("Adding the rows and building the warehouse")):
        report = load_paths(
            state.home(), [path], records=state.records(), actor=identity.current_actor(),
            options=Options(is_declared=False, mapping=mapping),
        )  # fmt: skip
    if report.held:
        error_box(report.held[0].error, key="held")
        return
    title = counted(report.landed, "row landed", "rows landed")
    announce(title)
    text = counted(
        report.quarantined,
        "row was set aside with its reasons",
        "rows were set aside with their reasons",
    )
    notice(text, tone="good", title=title, key="landed")
