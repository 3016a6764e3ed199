"""An access request as far as a test needs it: answered, reviewed, waiting for the approver."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from assessments import questionnaire
from assessments.questionnaire import View, check_answer
from assessments.questionnaire.beginning import start_in
from assessments.records import Actor, Records, people
from assessments.review import rounds
from assessments.review.rounds import Verdict
from assessments.settings import Home

TODAY = datetime.now(UTC).date()
EXAMPLE = Path(__file__).parents[1] / "templates" / "access_request.yaml"
PEOPLE = {
    "ana": ["author"],
    "uma": ["author"],
    "rosa": ["reviewer"],
    "otto": ["approver", "reviewer"],
    "olga": ["approver"],
}


def open_office(folder: Path) -> Records:
    """A home with an author, a recipient, reviewers and approvers."""
    records = Records.open(Home(folder).prepare().records_url)
    with records.change(Actor.system("test")) as change:
        for name, roles in PEOPLE.items():
            people.add_person(change, name, f"{name.title()} Private-Name")
            for role in roles:
                people.grant_role(change, name, role, reason="test")
    return records


def waiting_request(records: Records, **changes: Any) -> str:
    """Ana's request for Uma, for a month from today, up to the approver's turn."""
    ana, rosa = Actor.person("ana"), Actor.person("rosa")
    template = questionnaire.find_template("access_request")
    example = yaml.safe_load(EXAMPLE.read_text("utf-8"))["consistent"]
    days = {"first_day": TODAY, "last_day": TODAY + timedelta(days=30)}
    raw = example | {"recipient": "uma"} | days | changes
    answers = {name: check_answer(template.question(name), value) for name, value in raw.items()}
    with records.change(ana) as change:
        made = start_in(change, template, "pr-1", "Invoices for Uma", answers)
    rounds.submit(records, ana, made)
    found = questionnaire.load(records, made)
    view = View(found.template, found.answers)
    for section in found.template.sections:
        if view.is_section_visible(section):
            rounds.give_verdict(records, rosa, made, section.id, Verdict.ACCEPTED)
    rounds.finish_review(records, rosa, made)
    return made
