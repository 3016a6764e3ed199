"""An assessment as an authority or a standard wants it, with what is lacking on top."""

from __future__ import annotations

import streamlit as st

from assessments.errors import NotFound
from assessments.questionnaire import Assessment
from assessments.records.permissions import check_permission
from assessments.reports.working_copy import render_working_copy
from assessments.views import FilledForm, Form, Gap, Lacking, fill_live, forms_for
from dashboard import identity, state
from dashboard.components import Cell, Item, Link, Tag, link_list, notice, page_head, table, tags
from dashboard.components.form import form_section
from dashboard.pages.assessments import state_tag
from dashboard.reading import find_readable, naming
from dashboard.text import counted, say

SHOWN = 8


def render() -> None:
    """The view that the address names; without a name, every view with what it lacks."""
    found = find_readable()
    forms = forms_for(found.template.id)
    wanted = st.query_params.get("as", "")
    if not wanted:
        _overview(found, forms)
        return
    if wanted not in {form.id for form in forms}:
        raise NotFound(say("There is no such view of this assessment"), field="as")
    filled = _fill(found, wanted)
    page_head(filled.form.title, found.title, [*_trail(found), _link(found, "", say("Views"))])
    tags([state_tag(found.state), Tag(say("Working copy, not signed"))])
    _download(found, filled)
    _lacking(found, filled)
    for number, section in enumerate(filled.sections):
        form_section(section, lambda gap: _where(found, gap), key=f"section-{number}")
    _sources(filled.form)


def _trail(found: Assessment) -> list[Link]:
    here = Link(found.title, "assessment", {"assessment": found.id})
    return [Link(say("Assessments"), "assessments"), here]


def _link(found: Assessment, form_id: str, text: str) -> Link:
    params = {"assessment": found.id} | ({"as": form_id} if form_id else {})
    return Link(text, "view", params)


def _fill(found: Assessment, form_id: str) -> FilledForm:
    with state.records().read() as connection:
        return fill_live(connection, found.id, form_id, naming())


def _overview(found: Assessment, forms: list[Form]) -> None:
    page_head(say("Views"), found.title, _trail(found))
    st.write(say("One set of answers, laid out as different authorities and standards want it."))
    if not forms:
        notice(say("No view is made from this kind of assessment."), key="none")
        return
    rows: list[list[Cell]] = []
    for form in forms:
        filled = _fill(found, form.id)
        lacking = Tag(say("Nothing"), "good")
        if filled.lacking:
            lacking = Tag(counted(len(filled.lacking), "thing", "things"), "warn")
        if filled.excuse:
            lacking = Tag(say("Not asked for here"))
        rows.append([_link(found, form.id, form.title), form.authority, lacking])
    table(say("Views"), [say("View"), say("For"), say("Lacking")], rows, key="views")


def _lacking(found: Assessment, filled: FilledForm) -> None:
    """What the view still lacks, each with the place where it can be answered."""
    if filled.excuse:
        notice(filled.excuse, title=say("Not asked for here"), key="excuse")
    if not filled.lacking:
        notice(say("This view lacks nothing."), tone="good", key="complete")
        return
    lacking = filled.lacking
    st.header(counted(len(lacking), "thing is lacking", "things are lacking"), anchor=False)
    items = [Item(one.text, _where(found, one), ", ".join(one.refs)) for one in lacking]
    link_list([("", items[:SHOWN])], key="lacking")
    if len(items) > SHOWN:
        with st.expander(counted(len(items) - SHOWN, "more thing", "more things")):
            link_list([("", items[SHOWN:])], key="lacking-more")


def _where(found: Assessment, gap: Gap | Lacking) -> Link | None:
    """The question to those who can answer it, else the page that shows it."""
    here = {"assessment": found.id}
    if gap.question and found.can_write(identity.current_person().id):
        return Link(gap.text, "question", here | {"q": gap.question})
    page = "check_answers" if gap.question else gap.page
    return Link(gap.text, page, here) if page else None


def _download(found: Assessment, filled: FilledForm) -> None:
    st.download_button(
        say("Download as PDF"),
        data=lambda: _pdf(found, filled.form.id),
        file_name=f"{found.id}-{filled.form.id}.pdf",
        mime="application/pdf",
    )


def _pdf(found: Assessment, form_id: str) -> bytes:
    """Made at the click, and only for somebody who may read the assessment then."""
    with state.records().read() as connection:
        check_permission(connection, identity.current_actor(), "assessment.read", found.project_id)
        filled = fill_live(connection, found.id, form_id, naming())
    return render_working_copy(filled)


def _sources(form: Form) -> None:
    st.header(say("About this view"), anchor=False)
    st.caption(form.source)
    if form.note:
        st.caption(form.note)
    st.caption(say("Version {version} of the view.", version=form.version))
