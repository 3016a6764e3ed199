"""A server on a home that one module of tests writes to, with people in front of browsers."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import Any

import yaml
from playwright.sync_api import Browser, Page

from assessments import questionnaire
from assessments.records import Actor, Records
from assessments.review.moves import trail
from assessments.settings import Home
from dashboard import office
from dashboard.demo import answer_all
from dashboard.state import PERSON_COOKIE
from dashboard.warehouse.connect import Warehouse
from dashboard.warehouse.facts import WarehouseFacts

AUTHOR, REVIEWER, OTHER_REVIEWER, DPO, APPROVER = "p-001", "p-003", "p-004", "p-005", "p-006"
PROJECT = "pr-photo"


@dataclass(frozen=True, slots=True)
class Office:
    """A server on a home that only these tests write to, and the records behind it."""

    address: str
    home: Home
    records: Records
    browser: Browser

    def page_of(self, person: str) -> Page:
        """A new browser with this person in front of it."""
        context = self.browser.new_context(
            base_url=self.address, viewport={"width": 1280, "height": 900}
        )
        context.add_cookies([{"name": PERSON_COOKIE, "value": person, "url": self.address}])
        return context.new_page()

    def begin(self, person: str, title: str, template: str = "screening") -> str:
        project = PROJECT if template == "screening" else script(template)["project"]
        warehouse = Warehouse.open(self.home)
        try:
            return office.begin(
                self.records, Actor.person(person), WarehouseFacts(warehouse), template,
                project, title,
            )  # fmt: skip
        finally:
            warehouse.close()

    def fill(self, person: str, title: str, template: str = "screening") -> str:
        """An assessment with every answer, still with its author."""
        made = self.begin(person, title, template)
        answer_all(self.records, Actor.person(person), made, script(template)["answers"])
        return made

    def state(self, assessment: str) -> str:
        return questionnaire.load(self.records, assessment).state

    def moves(self, assessment: str) -> list[str]:
        with self.records.read() as connection:
            return [row["to_state"] for row in trail(connection, assessment)]

    def answer(self, assessment: str, question: str) -> object:
        found = questionnaire.load(self.records, assessment).answers.get(question)
        return found.value if found else None


def script(template: str) -> dict[str, Any]:
    """What the demonstration answers."""
    file = resources.files("sample_data").joinpath(f"demo/{template}.yaml")
    return dict(yaml.safe_load(file.read_text("utf-8")))
