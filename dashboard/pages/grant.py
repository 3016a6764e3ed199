"""One grant: whose, for what, from which request, whether it counts; and taking it back."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from assessments import questionnaire
from assessments.errors import WorkbenchError
from assessments.grants import Grant, Standing, find_grant, revoke_grant
from assessments.questionnaire import Assessment
from assessments.records.permissions import check_permission, has_permission
from dashboard import identity, state
from dashboard.components import Link, announce, error_box, facts, go, notice, page_head, tags
from dashboard.components.markup import Cell
from dashboard.pages.grants import standing_tags
from dashboard.parameters import required
from dashboard.reading import naming
from dashboard.text import day, moment, say


def render() -> None:
    """Everything about the grant in the address."""
    actor = identity.current_actor()
    with state.records().read() as connection:
        grant = find_grant(connection, required("id"))
        check_permission(connection, actor, "grant.read", grant.project_id)
        can_revoke = has_permission(connection, actor, "grant.revoke", grant.project_id)
    name = naming()
    page_head(
        say("Access of {person}", person=name("person", grant.person_id)),
        say("To {dataset}, for {purpose}", dataset=name("dataset", grant.dataset_id), purpose=name("purpose", grant.purpose_id)),
        [Link(say("Grants"), "grants")],
    )  # fmt: skip
    tags(standing_tags(grant, datetime.now(UTC).date()))
    _facts(grant)
    if grant.standing is Standing.SUSPENDED:
        notice(
            say("A condition of the approval is past its day. The access counts again when it is closed."),
            tone="warn", key="suspended",
        )  # fmt: skip
    if grant.revoked_at is not None and grant.revocation_reason:
        who = name("person", grant.revoked_by or "")
        notice(grant.revocation_reason, tone="warn", title=say("Revoked by {person}", person=who), key="revoked")  # fmt: skip
    if can_revoke and grant.standing not in {Standing.REVOKED, Standing.EXPIRED}:
        _revoke_form(grant)


def _facts(grant: Grant) -> None:
    name, request = naming(), questionnaire.load(state.records(), grant.assessment_id)
    rows: list[tuple[str, Cell]] = [
        (say("Dataset"), Link(name("dataset", grant.dataset_id), "dataset", {"id": grant.dataset_id})),
        (say("Purpose"), name("purpose", grant.purpose_id)),
        (say("Level"), _level(grant, request)),
        (say("From"), day(grant.valid_from)),
        (say("Until"), day(grant.valid_to)),
        (say("Granted by"), name("person", grant.granted_by)),
        (say("Granted on"), moment(grant.granted_at)),
        (say("Request"), Link(request.title, "assessment", {"assessment": request.id})),
        (say("Number"), grant.id),
    ]  # fmt: skip
    if grant.extends_id:
        rows.append((say("Extends"), Link(grant.extends_id, "grant", {"id": grant.extends_id})))
    if grant.standing is not Standing.REVOKED:
        rows.append(
            (say("Longer access"), Link(say("Ask for an extension"), "assessments", _again(grant)))
        )
    facts(rows)


def _again(grant: Grant) -> dict[str, str]:
    """The address where another request for the same begins."""
    return {
        "template": "access_request",
        "dataset": grant.dataset_id,
        "project": grant.project_id,
    }


def _level(grant: Grant, request: Assessment) -> str | None:
    """The level in the words of the request's template."""
    rules = request.template.grants
    if rules is None or not rules.level:
        return None
    option = request.template.question(rules.level).shape.find_option(grant.level)
    return option.title if option else grant.level


def _revoke_form(grant: Grant) -> None:
    st.header(say("Take the access back"), anchor=False)
    with st.form("revoke", border=False):
        reason = st.text_area(say("Reason"), height=100)
        sent = st.form_submit_button(say("Revoke now"))
    if not sent:
        return
    try:
        revoke_grant(state.records(), identity.current_actor(), grant.id, reason)
    except WorkbenchError as error:
        error_box(error, key="revoke-error")
        return
    announce(say("The grant is revoked."))
    go("grant", id=grant.id)
