"""A register kept in a spreadsheet: which column holds what, what the rows become, then they are added."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from assessments.errors import NotFound, WorkbenchError
from assessments.exchange.register_sheet import (
    Applied,
    Mapping,
    Match,
    Proposal,
    apply,
    propose,
    write_mapping,
)
from assessments.exchange.register_sheet.format import reading_of
from assessments.exchange.register_sheet.mapping import DATE_ORDERS, SEVERAL, fields
from assessments.exchange.sheets import MAX_BYTES, read_sheets
from assessments.exchange.workbook import write_workbook
from assessments.records.permissions import has_permission
from dashboard import identity, state
from dashboard.components import (
    Cell,
    Link,
    Tag,
    announce,
    empty,
    error_box,
    notice,
    page_head,
    table,
)
from dashboard.components.markup import Tone
from dashboard.exports.result import Report
from dashboard.foreign_registers import land
from dashboard.inventory.registers import people_names
from dashboard.pages.article_30 import XLSX
from dashboard.text import counted, say, words

SURE, LIKELY = 0.95, 0.7
SHOWN = 5
REJECTED_SHOWN = 25


def render() -> None:
    """Choose a file, correct the mapping, see the rows, add them."""
    page_head(
        say("Import a register"),
        say("Bring in a record of processing from a spreadsheet. Nothing is added before you have seen the rows."),
        [Link(say("Inventory"), "inventory")],
    )  # fmt: skip
    if not _can_load():
        notice(say("Adding to the registers needs a role of the privacy office."), key="no-role")
        return
    chosen = st.file_uploader(
        say("Register (CSV, XLSX or ODS)"), type=["csv", "xlsx", "ods"],
        max_upload_size=MAX_BYTES // 2**20, key="register.file",
    )  # fmt: skip
    if chosen is None:
        _no_file()
        return
    try:
        sheets = read_sheets(chosen.getvalue(), chosen.name)
        proposal = propose(sheets, chosen.name)
        mapping = _mapping(proposal)
        found = apply(sheets, mapping, chosen.name)
    except WorkbenchError as error:
        error_box(error, key="unreadable")
        return
    _outcome(found, mapping)
    _add(found, chosen.name)


def _no_file() -> None:
    empty(
        say("No register is chosen"),
        say("Headers in English, French and German are recognised, as in the templates of the authorities."),
        key="no-file",
    )  # fmt: skip


def _can_load() -> bool:
    with state.records().read() as connection:
        return has_permission(connection, identity.current_actor(), "export.load")


def _mapping(proposal: Proposal) -> Mapping:
    """The proposal with its confidence, and the fields as the person has set them."""
    st.header(say("Which column holds what"), anchor=False)
    st.write(say("Header in row {row}, {count} rows below it.", row=proposal.mapping.header_row,
                 count=proposal.count))  # fmt: skip
    _confidence(proposal.matches)
    sides = st.columns(2)
    chosen = [
        (match.header, _field(match, n, sides[n % 2])) for n, match in enumerate(proposal.matches)
    ]
    columns: dict[str, tuple[str, ...]] = {}
    for header, field in chosen:
        if field and (field in SEVERAL or field not in columns):
            columns[field] = (*columns.get(field, ()), header)
    return Mapping(
        columns, proposal.mapping.sheet, proposal.mapping.header_row, _dates(), _constants()
    )


def _confidence(matches: Sequence[Match]) -> None:
    columns = [say("Column"), say("Probably"), say("Confidence"), say("Examples")]
    rows: list[list[Cell]] = [
        [match.header, words(match.field) if match.field else None, _tag(match.confidence),
         list(match.examples) or None]
        for match in matches
    ]  # fmt: skip
    table(say("Proposed mapping"), columns, rows, key="proposal")


def _tag(confidence: float) -> Tag:
    tone: Tone = "good" if confidence >= SURE else "warn" if confidence else "neutral"
    label = (
        say("Certain") if confidence >= SURE
        else say("Likely") if confidence >= LIKELY
        else say("Uncertain") if confidence else say("Unknown")
    )  # fmt: skip
    return Tag(f"{label} ({confidence:.0%})", tone)


def _field(match: Match, position: int, side: DeltaGenerator) -> str:
    options = ["", *fields()]
    field: str = side.selectbox(
        say("What does '{header}' hold?", header=match.header[:60]), options,
        index=options.index(match.field), format_func=_field_name, key=f"register.field.{position}",
    )  # fmt: skip
    return field


def _field_name(field: str) -> str:
    return words(field) if field else say("Nothing that is needed here")


def _dates() -> str:
    names = {"day-first": say("Day, month, year"), "month-first": say("Month, day, year")}
    order: str = st.radio(say("How are dates written?"), DATE_ORDERS, format_func=names.__getitem__,
                          horizontal=True, key="register.dates")  # fmt: skip
    return order


def _constants() -> dict[str, str]:
    """What the sheet does not say and every row needs."""
    people = _people()
    owner = st.selectbox(say("Owner of rows that name none"), ["", *people],
                         format_func=lambda who: people.get(who, say("Nobody")),
                         key="register.owner")  # fmt: skip
    entered = st.date_input(say("Day of entry of rows that name none"), date.today(),
                            format="YYYY-MM-DD", key="register.entered")  # fmt: skip
    constants = {"owner_id": owner} if owner else {}
    return constants | ({"registered_on": entered.isoformat()} if entered else {})


def _people() -> dict[str, str]:
    """Everybody of the people export by id; nobody while nothing has been loaded."""
    try:
        with state.warehouse().cursor() as cursor:
            found = people_names(cursor)
    except NotFound:
        return {}
    return dict(sorted(found.items(), key=lambda item: item[1]))


def _outcome(found: Applied, mapping: Mapping) -> None:
    st.header(say("What the rows become"), anchor=False)
    _good(found)
    if found.rejected:
        _rejected(found)
    if found.losses:
        columns = [say("Place in the file"), say("What"), say("Why, and what is kept")]
        losses: list[list[Cell]] = [
            [loss.where, loss.what, loss.why] for loss in found.losses[:REJECTED_SHOWN]
        ]
        table(say("What has no place here"), columns, losses, key="losses", show_caption=True)
    with st.container(horizontal=True):
        st.download_button(say("Download the mapping"), write_mapping(mapping), "mapping.yaml",
                           "application/yaml", on_click="ignore")  # fmt: skip
        if found.rejected:
            st.download_button(
                say("Download the rejected rows"), lambda: write_workbook([found.rejected_page()]),
                "rejected.xlsx", XLSX, on_click="ignore",
            )  # fmt: skip


def _good(found: Applied) -> None:
    st.write(counted(len(found.activities), "row can be added", "rows can be added"))
    columns = [say("Id"), say("Name"), say("Lawful basis"), say("Data categories"), say("Kept for")]
    rows: list[list[Cell]] = [
        [row["activity_id"], row["name"], words(row["lawful_basis"]),
         [words(item) for item in row["data_categories"]], row["retention_period"]]
        for row in found.activities[:SHOWN]
    ]  # fmt: skip
    if rows:
        table(say("First rows"), columns, rows, key="good", show_caption=True)


def _rejected(found: Applied) -> None:
    columns = [say("Row"), say("Why it cannot be added")]
    rows: list[list[Cell]] = [
        [str(row.row), list(row.reasons)] for row in found.rejected[:REJECTED_SHOWN]
    ]
    notice(
        say("Correct them in the sheet, or set what is missing above."), tone="warn", key="rejected",
        title=counted(len(found.rejected), "row cannot be added", "rows cannot be added"),
    )  # fmt: skip
    table(say("Rejected rows"), columns, rows, key="rejected-rows", show_caption=True)


def _add(found: Applied, name: str) -> None:
    if not found.activities:
        return
    label = say("Add {count} to the register", count=counted(len(found.activities), "row", "rows"))
    if st.button(label, type="primary", key="register.add"):
        with st.spinner(say("Adding the rows and building the warehouse")):
            report = land(state.home(), reading_of(found, name), name, records=state.records(),
                          actor=identity.current_actor())  # fmt: skip
        _added(report)


def _added(report: Report) -> None:
    announce(say("The rows were added"))
    text = say("{landed} rows stand in the registers; {aside} were set aside by the checks.",
               landed=report.landed, aside=report.quarantined)  # fmt: skip
    notice(text, tone="good", title=say("The rows were added"), key="added")
