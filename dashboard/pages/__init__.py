"""The pages of the app: their names, which are their addresses, and what happens when one fails.

A page is a module in this folder with one function ``render()``: it reads query parameters, calls the
core and shows the answer. To add one, add a line to ``ENTRIES``.
"""

from __future__ import annotations

import functools
import importlib
import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import streamlit as st
from duckdb import DuckDBPyConnection

from assessments.errors import NotFound, WorkbenchError
from assessments.records.permissions import check_permission
from dashboard import identity, state
from dashboard.components.boxes import empty, error_box
from dashboard.components.markup import FIRST_PAGE, Link
from dashboard.components.page import page_head
from dashboard.text import say

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """``name`` is the module and the address; hidden pages are reached from others."""

    name: str
    title: str
    is_in_menu: bool = False


ENTRIES = (
    Entry("overview", "Overview", is_in_menu=True),
    Entry("work", "My work", is_in_menu=True),
    Entry("portfolio", "Portfolio", is_in_menu=True),
    Entry("actions", "Actions and conditions"),
    Entry("action", "Action"),
    Entry("condition", "Condition"),
    Entry("gate", "Release"),
    Entry("kpis", "KPIs", is_in_menu=True),
    Entry("kpi", "KPI"),
    Entry("projects", "Projects", is_in_menu=True),
    Entry("project", "Project"),
    Entry("inventory", "Inventory", is_in_menu=True),
    Entry("dataset", "Dataset"),
    Entry("system", "System"),
    Entry("activity", "Processing activity"),
    Entry("article_30", "Record of processing"),
    Entry("register_import", "Import a register"),
    Entry("vendor", "Vendor"),
    Entry("assessments", "Assessments", is_in_menu=True),
    Entry("assessment", "Assessment"),
    Entry("take_out", "Take it out"),
    Entry("screenings", "Screenings"),
    Entry("risks", "Risks", is_in_menu=True),
    Entry("leakage", "Measured leakage", is_in_menu=True),
    Entry("leakage_result", "Measurement"),
    Entry("leakage_register", "Register a result file"),
    Entry("controls", "Catalogue of controls"),
    Entry("question", "Question"),
    Entry("evidence", "Evidence"),
    Entry("check_answers", "Answers"),
    Entry("compare", "Compare two states"),
    Entry("changes", "What changed"),
    Entry("review", "Review"),
    Entry("decision", "Decision"),
    Entry("consultation", "Prior consultation"),
    Entry("absence", "Absence"),
    Entry("report", "Report"),
    Entry("view", "View"),
    Entry("grants", "Grants", is_in_menu=True),
    Entry("grant", "Grant"),
    Entry("imports", "Imports", is_in_menu=True),
    Entry("imported", "Import"),
    Entry("data_checks", "Data checks", is_in_menu=True),
    Entry("load", "Load"),
    Entry("mapping", "Load a table of your own"),
    Entry("ledger", "Ledger", is_in_menu=True),
    Entry("ledger_entry", "Ledger entry"),
    Entry("keys", "Keys and backups"),
    Entry("search", "Search", is_in_menu=True),
    Entry("comments", "Comments"),
    Entry("notices", "Notices"),
)


def all_pages() -> list[st.Page]:
    """Every page that this version has; an entry without its module is a mistake, not a page."""
    return [_page(entry) for entry in ENTRIES]


def find_page(name: str) -> st.Page | None:
    """The page of that name; the empty name is the first page."""
    wanted = name or FIRST_PAGE
    return next((_page(entry) for entry in ENTRIES if entry.name == wanted), None)


def guarded(page: st.Page) -> None:
    """Run a page; whatever happens, people see what happened, what was kept and what to do."""
    try:
        page.run()
    except NotFound as error:
        st.title(say("Page not found"))
        error_box(error, Link(say("Go to the overview"), FIRST_PAGE))
    except WorkbenchError as error:
        error_box(error)
    except Exception as error:
        show_unexpected(error)


def on_warehouse(page: Callable[[DuckDBPyConnection], None]) -> Callable[[], None]:
    """A page that reads the warehouse gets one cursor for its run, on one generation throughout."""

    @functools.wraps(page)
    def render() -> None:
        with state.records().read() as connection:
            check_permission(connection, identity.current_actor(), "warehouse.read")
        try:
            warehouse = state.warehouse()
        except NotFound as error:
            page_head(say("Nothing has been loaded yet"))
            empty(
                say("Pages fill when the first export is loaded"),
                error.detail or say("Load exports with: privacy load PATH"),
                Link(say("Go to the ledger"), "ledger"),
            )
            return
        with warehouse.cursor() as cursor:
            page(cursor)

    return render


def show_unexpected(error: Exception) -> bool:
    """An error nobody expected: a reference, its kind and place for the log; its text may be personal."""
    reference = uuid4().hex[:8]
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    places = " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames))
    log.error("page failed, reference %s: %s at %s", reference, type(error).__name__, places)
    unexpected = WorkbenchError(
        say("Something went wrong that we did not expect"),
        say(
            "What you saved before is kept. Try again; if it happens again, give the reference "
            "{reference} to the people who run this installation.",
            reference=reference,
        ),
    )
    error_box(unexpected, key=f"unexpected-{reference}")
    return True


def _page(entry: Entry) -> st.Page:
    return st.Page(
        _renderer(entry.name),
        title=say(entry.title),
        url_path=entry.name,
        default=entry.name == FIRST_PAGE,
        visibility="visible" if entry.is_in_menu else "hidden",
    )


def _renderer(name: str) -> Callable[[], None]:
    def render() -> None:
        importlib.import_module(f"dashboard.pages.{name}").render()

    return render
