"""What the assessment pages read besides answers: the assessment in the address, names, facts."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from assessments import questionnaire
from assessments.errors import NotFound
from assessments.questionnaire import Assessment, FactSource, NoFacts
from assessments.records.people import list_people
from assessments.records.permissions import check_permission
from assessments.settings import Home
from dashboard import identity, office, state
from dashboard.warehouse.connect import Warehouse

_TABLES = {
    "project": ("projects", "project_id"),
    "dataset": ("datasets", "dataset_id"),
    "system": ("systems", "system_id"),
    "vendor": ("vendors", "vendor_id"),
    "model": ("models", "model_id"),
    "purpose": ("purposes", "purpose_id"),
    "activity": ("processing_activities", "activity_id"),
}


def find_readable() -> Assessment:
    """The assessment that the address names, if this reader may see it."""
    wanted = st.query_params.get("assessment", "")
    found = questionnaire.load(state.records(), wanted)
    with state.records().read() as connection:
        check_permission(connection, identity.current_actor(), "assessment.read", found.project_id)
    return found


def names_of(kind: str) -> Mapping[str, str]:
    """Id to name of every object of a kind (or person); empty while nothing is loaded."""
    if kind == "person":
        with state.records().read() as connection:
            return {person.id: person.name for person in list_people(connection)}
    warehouse = open_warehouse(state.home())
    return {} if warehouse is None else dict(_names(kind, warehouse.generation))


def name_of(kind: str, object_id: str) -> str:
    """One name; the id itself where nobody knows one."""
    return names_of(kind).get(object_id, object_id)


def facts() -> FactSource:
    """What the warehouse knows, or nothing while nothing is loaded."""
    warehouse = open_warehouse(state.home())
    if warehouse is None:
        return NoFacts()
    from dashboard.warehouse.facts import WarehouseFacts

    return WarehouseFacts(warehouse)


def sources() -> list[dict[str, str]]:
    """The loads that stand behind the facts, as the record names them."""
    warehouse = open_warehouse(state.home())
    return [] if warehouse is None else office.describe_sources(warehouse)


def open_warehouse(home: Home) -> Warehouse | None:
    """The warehouse of this installation, or None while nothing is loaded."""
    try:
        warehouse = _warehouse(str(home.path))
        _ = warehouse.generation
    except NotFound:
        return None
    return warehouse


@st.cache_resource(show_spinner=False)
def _warehouse(path: str) -> Warehouse:
    return Warehouse.open(Home.locate(path))


@st.cache_data(show_spinner=False, max_entries=64)
def _names(kind: str, generation: int) -> list[tuple[str, str]]:
    table, key = _TABLES[kind]
    warehouse = open_warehouse(state.home())
    if warehouse is None:
        return []
    shown = "name || ' ' || version" if kind == "model" else "name"
    open_rows = "where known_until = date '9999-12-31'"
    with warehouse.cursor() as cursor:
        return cursor.execute(
            f"select {key}, {shown} from {table} {open_rows} order by 2, 1"
        ).fetchall()
