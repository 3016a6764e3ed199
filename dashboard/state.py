"""Every key that pages keep in the session, and the stores that they share.

Records and warehouse are never in the session: the session holds who is looking, drafts and toggles.
"""

from __future__ import annotations

from typing import Final
from uuid import uuid4

import streamlit as st

from assessments.records import Actor, Records
from assessments.settings import Home
from dashboard import kpis
from dashboard.kpis import KpiValue
from dashboard.warehouse.connect import Warehouse

PERSON: Final = "identity.person"
"""Demonstration only: id of the person that this session plays (str)."""

LANGUAGE: Final = "text.language"
"""The language that this session chose in the menu (str)."""

SESSION: Final = "identity.session"
"""Id of the session in the ledger (str), made at first use."""

ANNOUNCEMENT: Final = "shell.announcement"
"""What the shell says at the end of the run (str)."""

ANNOUNCEMENTS: Final = "shell.announcements"
"""How many announcements were made, so that the same words are said twice (int)."""

PERSON_COOKIE: Final = "privacy_demonstration_person"
LANGUAGE_COOKIE: Final = "privacy_language"


def home() -> Home:
    """The installation that this server shows (``PRIVACY_HOME``)."""
    return Home.locate()


def records() -> Records:
    """The records of this installation; one engine a process."""
    return _open_records(home().prepare().records_url)


@st.cache_resource(show_spinner=False)
def _open_records(url: str) -> Records:
    return Records.open(url)


def actor(person_id: str) -> Actor:
    """The person under this browser session's id, for the ledger."""
    session = st.session_state.setdefault(SESSION, uuid4().hex)
    return Actor.person(person_id, session)


def leave_announcement(text: str) -> None:
    st.session_state[ANNOUNCEMENT] = text
    st.session_state[ANNOUNCEMENTS] = st.session_state.get(ANNOUNCEMENTS, 0) + 1


def take_announcement() -> tuple[str, int]:
    """The words to say and their running number."""
    return st.session_state.get(ANNOUNCEMENT, ""), st.session_state.get(ANNOUNCEMENTS, 0)


def warehouse() -> Warehouse:
    """The warehouse of this installation, or NotFound while nothing has been loaded."""
    return _open_warehouse(str(home().path))


@st.cache_resource(show_spinner=False)
def _open_warehouse(path: str) -> Warehouse:
    return Warehouse.open(Home.locate(path))


def kpi_values() -> tuple[KpiValue, ...]:
    """Every KPI of the generation that counts now; computed once a generation, the same for everybody."""
    found = warehouse()
    return _measure(str(home().path), found.generation)


@st.cache_resource(show_spinner=False, max_entries=2)
def _measure(path: str, generation: int) -> tuple[KpiValue, ...]:
    with _open_warehouse(path).cursor() as cursor:
        return kpis.values(cursor)
