"""The filter of the portfolio: in the address, so that a link carries it, and saved under a name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from assessments.errors import WorkbenchError
from assessments.portfolio import Filter, Line, delete_filter, list_filters, save_filter
from assessments.questionnaire import find_template
from dashboard import identity, state
from dashboard.components import Item, Link, announce, error_box, go, link_list
from dashboard.text import language, say, words

Name = Callable[[str, str], str]


def filter_form(lines: Sequence[Line], name: Name) -> Filter:
    """Choices that the portfolio has, and what is chosen; nothing chosen means any."""
    wanted = Filter.from_values({key: str(value) for key, value in st.query_params.items()})
    _saved()
    with st.expander(say("Filter and sort"), expanded=bool(wanted.as_values())):
        left, middle, right = st.columns(3)
        with left:
            _choice("state", say("State"), _states(lines))
            _choice("turn", say("Whose turn"), {r: words(r) for r in _of(lines, "waits_for")})
            _choice("sort", say("Sort by"), _sorts(), say("Longest in its state"))
        with middle:
            _choice("template", say("Kind"), _kinds(lines))
            _choice("owner", say("Owner"), _named(lines, "owner_id", "person", name))
            st.session_state["filter-text"] = st.query_params.get("text", "")
            st.text_input(
                say("Words of the title"), key="filter-text", on_change=_keep, args=("text",)
            )
        with right:
            _choice("project", say("Project"), _named(lines, "project_id", "project", name))
            _choice("flag", say("Only"), _flags())
        _save_form(wanted)
    return wanted


def _choice(key: str, label: str, options: Mapping[str, str], nothing: str = "") -> None:
    """One choice; the address alone says what is chosen, by id and never by a person's name."""
    ids, widget = list(options), f"filter-{key}"
    said = st.query_params.get(key)
    st.session_state[widget] = said if said in options else None
    st.selectbox(
        label, ids, None, key=widget, format_func=lambda i: options[i], on_change=_keep,
        args=(key,), placeholder=nothing or say("Any"),
    )  # fmt: skip


def _keep(key: str) -> None:
    """Write what was chosen into the address, from the first page on."""
    chosen = st.session_state[f"filter-{key}"]
    st.query_params.pop("page", None)
    if chosen:
        st.query_params[key] = chosen
    else:
        st.query_params.pop(key, None)


def _of(lines: Sequence[Line], field: str) -> list[str]:
    return sorted({str(getattr(line, field)) for line in lines} - {""})


def _states(lines: Sequence[Line]) -> dict[str, str]:
    known = {name: words(name) for name in _of(lines, "state")}
    return {name: say("Nothing begun") if name == "none" else said for name, said in known.items()}


def _kinds(lines: Sequence[Line]) -> dict[str, str]:
    return {
        kind: find_template(kind, language=language()).title for kind in _of(lines, "template_id")
    }


def _named(lines: Sequence[Line], field: str, kind: str, name: Name) -> dict[str, str]:
    known = {object_id: name(kind, object_id) for object_id in _of(lines, field)}
    return dict(sorted(known.items(), key=lambda item: item[1].casefold()))


def _sorts() -> dict[str, str]:
    return {
        "age": say("Oldest"),
        "clock": say("Next day to keep"),
        "risk": say("Highest risk"),
        "open": say("Most open points"),
        "title": say("Title"),
    }


def _flags() -> dict[str, str]:
    return {
        "stale": say("Facts have changed"),
        "overdue": say("Something is overdue"),
        "unacceptable": say("A risk is not acceptable"),
    }


def _saved() -> None:
    with state.records().read() as connection:
        found = list_filters(connection, identity.current_person().id)
    if found:
        items = [
            Item("", Link(name, "portfolio", each.as_values())) for name, each in found.items()
        ]
        link_list([(say("Your filters"), items)], key="saved")


def _save_form(wanted: Filter) -> None:
    with st.form("save-filter", border=False, clear_on_submit=True):
        name = st.text_input(say("Name for this filter"))
        left, right = st.columns(2)
        is_saved = left.form_submit_button(say("Save the filter"))
        is_deleted = right.form_submit_button(say("Delete the filter of this name"))
    try:
        if is_saved:
            save_filter(state.records(), identity.current_actor(), name, wanted)
            announce(say("The filter is saved."))
        elif is_deleted:
            delete_filter(state.records(), identity.current_actor(), name.strip())
            announce(say("The filter is deleted."))
        else:
            return
    except WorkbenchError as error:
        error_box(error, key="filter-error")
        return
    go("portfolio", **wanted.as_values())
