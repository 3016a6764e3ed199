"""What the assessment pages read besides answers: the assessment in the address, names, facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import streamlit as st

from assessments import questionnaire
from assessments.errors import NotFound
from assessments.evidence import list_reusable
from assessments.questionnaire import Assessment, FactSource, NoFacts
from assessments.records.people import list_people
from assessments.records.permissions import check_permission
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
    """Id to name of every object of a kind, person or evidence; empty while nothing is loaded."""
    if kind == "person":
        with state.records().read() as connection:
            return {person.id: person.name for person in list_people(connection)}
    if kind == "evidence":
        with state.records().read() as connection:
            return list_reusable(connection, identity.current_actor())
    warehouse = open_warehouse()
    return {} if warehouse is None else _names(str(state.home().path), kind, warehouse.generation)


def naming() -> Callable[[str, str], str]:
    """Names for one run of a page: every kind is read once, and an id that nobody knows names itself."""
    known: dict[str, Mapping[str, str]] = {}

    def name(kind: str, object_id: str) -> str:
        if kind not in known:
            known[kind] = names_of(kind)
        return known[kind].get(object_id, object_id)

    return name


def facts() -> FactSource:
    """What the warehouse knows, or nothing while nothing is loaded."""
    warehouse = open_warehouse()
    if warehouse is None:
        return NoFacts()
    from dashboard.warehouse.facts import WarehouseFacts

    return WarehouseFacts(warehouse)


def sources() -> list[dict[str, str]]:
    """The loads that stand behind the facts, as the record names them."""
    warehouse = open_warehouse()
    return [] if warehouse is None else office.describe_sources(warehouse)


def open_warehouse() -> Warehouse | None:
    """The warehouse of this installation, or None while nothing is loaded."""
    try:
        warehouse = state.warehouse()
        _ = warehouse.generation
    except NotFound:
        return None
    return warehouse


@st.cache_resource(show_spinner=False, max_entries=64)
def _names(path: str, kind: str, generation: int) -> Mapping[str, str]:
    """Shared by all readers and never changed; names are no secret to anybody who may read a page."""
    table, key = _TABLES[kind]
    shown = "name || ' ' || version" if kind == "model" else "name"
    with state.warehouse().cursor() as cursor:
        rows = cursor.execute(
            f"select {key}, {shown} from {table} "
            "where known_until = date '9999-12-31' order by 2, 1"
        ).fetchall()
    return MappingProxyType(dict(rows))
