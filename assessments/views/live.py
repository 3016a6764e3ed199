"""An assessment of the records as a filled form, whatever state it is in."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection

from assessments.errors import BadInput
from assessments.questionnaire.current import load_in
from assessments.questionnaire.text import Names, own_id
from assessments.records.people import list_people
from assessments.review.snapshot import describe
from assessments.views.fill import fill
from assessments.views.filled import FilledForm
from assessments.views.library import find_form, forms_for


def fill_live(
    connection: Connection, assessment_id: str, form_id: str, names: Names = own_id
) -> FilledForm:
    """The form as the assessment stands now; the caller has checked who may read it.

    names says what inventory objects are called; people are named from the records.
    """
    form, found = find_form(form_id), load_in(connection, assessment_id)
    if found.template.id not in form.templates:
        known = ", ".join(other.id for other in forms_for(found.template.id))
        raise BadInput(
            f"{form.title} is not made from this kind of assessment",
            f"Views of it: {known}." if known else "No view is made from it.",
            field="view",
        )
    record = describe(connection, assessment_id, 0, datetime.now(UTC))
    people = {person.id: person.name for person in list_people(connection)}

    def name(kind: str, object_id: str) -> str:
        return people.get(object_id, object_id) if kind == "person" else names(kind, object_id)

    return fill(form, found.template, found.answers, record, name)
