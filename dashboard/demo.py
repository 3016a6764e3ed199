"""The demonstration: the main job end to end on the sample company, through the same use cases as pages.

Exports are loaded, people get their roles, a DPIA is prefilled, answered, returned, changed, reviewed,
advised on, approved with conditions, signed by three people, packed and verified. Running it again on
the same home changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from assessments import evidence, questionnaire
from assessments.records import Actor, Records, people
from assessments.records.tables import person, report
from assessments.reports import release
from assessments.reports.state import PACKED, ReportState, find_report
from assessments.review import decisions, rounds
from assessments.review.rounds import Verdict
from assessments.settings import Home
from dashboard import demonstration, office
from dashboard.demo_leakage import register_measurements
from dashboard.exports.load import load_paths
from dashboard.warehouse.build import rebuild
from dashboard.warehouse.connect import Warehouse
from dashboard.warehouse.facts import WarehouseFacts

ORGANISATION = "Halvmoor Group"
LOG_NAME = "ledger.halvmoor.example"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What the demonstration left behind."""

    home: Path
    assessment: str
    pack: Path
    report: Path
    trust_root: Path

    def as_dict(self) -> dict[str, str]:
        """The JSON form that scripts rely on."""
        return {
            "home": str(self.home),
            "assessment": self.assessment,
            "pack": str(self.pack),
            "report": str(self.report),
            "trust_root": str(self.trust_root),
        }


def run_demo(home: Home, say: Say) -> DemoResult:
    """Set up, load, assess, sign, verify; each step is said as it is done."""
    home.prepare()
    demonstration.mark(home)
    say("Keys of the ledger and the certificate authority")
    office.set_up_keys(home, ORGANISATION, LOG_NAME)
    records = Records.open(home.records_url)
    try:
        say("People of the demonstration and their roles")
        personas = seed_people(records)
        say("Exports of the sample company: check, land, build the warehouse")
        load_paths(home, [sample_folder()], records=records, actor=Actor.system("demo"))
        done = _packed(records, home)
        if done is None:
            done = _assess(records, home, personas, say)
            _leave_work(records, home, personas)
            register_measurements(records, personas, say)
            say("Warehouse: build again with what was decided")
            rebuild(home, records)
    finally:
        records.close()
    return DemoResult(
        home.path,
        done.assessment_id,
        done.pack_path,
        done.report_path,
        office.authority_folder(home) / "root.crt",
    )


def sample_folder() -> Path:
    """The committed exports of the sample company."""
    return Path(str(resources.files("sample_data") / "exports"))


def seed_people(records: Records) -> dict[str, list[str]]:
    """Add the people of the demonstration once; returns person ids by role."""
    found = yaml.safe_load(
        resources.files("sample_data").joinpath("personas.yaml").read_text("utf-8")
    )
    by_role: dict[str, list[str]] = {}
    with records.change(Actor.system("demo")) as change:
        known = set(change.connection.execute(select(person.c.id)).scalars())
        for item in found["personas"]:
            if item["person_id"] not in known:
                people.add_person(change, item["person_id"], item["name"], title=_title(item))
                for role in item["roles"]:
                    people.grant_role(change, item["person_id"], role, reason="Demonstration")
            for role in item["roles"]:
                by_role.setdefault(role, []).append(item["person_id"])
    return by_role


def _title(item: Mapping[str, Any]) -> str:
    return str(item.get("job_title") or item["about"].split(";")[0].rstrip("."))


def _packed(records: Records, home: Home) -> ReportState | None:
    with records.read() as connection:
        done = connection.execute(
            select(report.c.assessment_id).where(report.c.state == PACKED)
            .order_by(report.c.created_at)
        ).scalar()  # fmt: skip
        return None if done is None else find_report(connection, home, done)


def _assess(
    records: Records, home: Home, personas: Mapping[str, list[str]], say: Say
) -> ReportState:
    script = yaml.safe_load(
        resources.files("sample_data").joinpath("demo/dpia.yaml").read_text("utf-8")
    )
    cast = {role: Actor.person(ids[0]) for role, ids in personas.items()}
    say("A data protection impact assessment: prefill, answer, send")
    assessment_id = _begin(records, home, cast["author"], script)
    answer_all(records, cast["author"], assessment_id, script["answers"])
    _add_evidence(records, home, cast["author"], assessment_id, script)
    rounds.submit(records, cast["author"], assessment_id)
    say("Review: one section returned, changed, all accepted; advice and decision")
    _review(records, cast, assessment_id, script)
    _decide(records, cast, assessment_id, script)
    say("Report: render, three signatures, release, countersign, pack")
    return _sign(records, home, cast, assessment_id)


def _add_evidence(
    records: Records, home: Home, author: Actor, assessment_id: str, script: Mapping[str, Any]
) -> None:
    today = questionnaire.load(records, assessment_id).updated_at.date()
    digests = [
        evidence.add(
            records, home, author, file["name"], BytesIO(file["text"].encode()),
            scope=script["project"], expires_on=today + timedelta(days=file["days"]),
        ).sha256
        for file in script["evidence"]
    ]  # fmt: skip
    questionnaire.save_answer(records, author, assessment_id, "evidence", digests)


def _leave_work(records: Records, home: Home, personas: Mapping[str, list[str]]) -> None:
    """Two assessments in progress, so that every person of the demonstration finds something to do."""
    authors = [Actor.person(person_id) for person_id in personas["author"]]
    _begin(records, home, authors[0],
           {"project": "pr-tariff", "title": "DPIA: Flexible tariff recommender"})  # fmt: skip
    screening = _begin(
        records, home, authors[-1],
        {"project": "pr-photo", "title": "Screening: Damage photo reader", "template": "screening"},
    )  # fmt: skip
    script = yaml.safe_load(
        resources.files("sample_data").joinpath("demo/screening.yaml").read_text("utf-8")
    )
    answer_all(records, authors[-1], screening, script["answers"])
    rounds.submit(records, authors[-1], screening)


def _begin(records: Records, home: Home, author: Actor, script: Mapping[str, Any]) -> str:
    warehouse = Warehouse.open(home)
    try:
        return office.begin(
            records, author, WarehouseFacts(warehouse), script.get("template", "dpia"),
            script["project"], script["title"],
            organisation=ORGANISATION, sources=office.describe_sources(warehouse),
        )  # fmt: skip
    finally:
        warehouse.close()


def answer_all(
    records: Records, actor: Actor, assessment_id: str, answers: Mapping[str, Any]
) -> None:
    """Walk through every question that is asked: give the scripted answer, or confirm the prefilled one."""
    visited: set[str] = set()
    while True:
        found = questionnaire.load(records, assessment_id)
        asked = questionnaire.visible_questions(found.template, found.answers)
        question = next((q for q in asked if q.id not in visited), None)
        if question is None:
            return
        visited.add(question.id)
        current = found.answers.get(question.id)
        if question.id in answers:
            raw = _expand(answers[question.id], found, current.value if current else None)
            if raw not in (None, []):
                questionnaire.save_answer(records, actor, assessment_id, question.id, raw)
        elif current is not None and current.needs_confirmation:
            questionnaire.confirm_prefill(records, actor, assessment_id, question.id)


def _expand(raw: Any, found: questionnaire.Assessment, prefilled: Any) -> Any:
    """{all: table} names every row of a table; {fill: {...}} completes the prefilled rows."""
    if isinstance(raw, Mapping) and "all" in raw:
        answer = found.answers.get(raw["all"])
        return [row["id"] for row in answer.value] if answer and answer.value else []
    if isinstance(raw, Mapping) and "fill" in raw:
        extra = {name: _expand(value, found, None) for name, value in raw["fill"].items()}
        return [
            row | {name: value for name, value in extra.items() if row.get(name) in (None, [])}
            for row in prefilled or []
        ]
    if isinstance(raw, Mapping):
        return {name: _expand(value, found, None) for name, value in raw.items()}
    if isinstance(raw, list):
        return [_expand(item, found, None) for item in raw]
    return raw.isoformat() if hasattr(raw, "isoformat") else raw


def _review(
    records: Records, cast: Mapping[str, Actor], assessment_id: str, script: Mapping[str, Any]
) -> None:
    review = script["review"]
    _accept_all(records, cast["reviewer"], assessment_id, review)
    rounds.give_verdict(
        records, cast["reviewer"], assessment_id, review["first"]["section"],
        Verdict.CHANGES_REQUESTED, review["first"]["comment"],
    )  # fmt: skip
    rounds.finish_review(records, cast["reviewer"], assessment_id)
    for question_id, raw in review["changed"].items():
        questionnaire.save_answer(records, cast["author"], assessment_id, question_id, raw)
    rounds.submit(records, cast["author"], assessment_id)
    _accept_all(records, cast["reviewer"], assessment_id, review)
    rounds.finish_review(records, cast["reviewer"], assessment_id)


def _accept_all(
    records: Records, reviewer: Actor, assessment_id: str, review: Mapping[str, Any]
) -> None:
    found = questionnaire.load(records, assessment_id)
    view = questionnaire.View(found.template, found.answers)
    with records.read() as connection:
        done = rounds.section_verdicts(connection, assessment_id, found.template)
    for section in found.template.sections:
        given = done.get(section.id)
        is_settled = given and given.is_current and given.verdict is Verdict.ACCEPTED
        if view.is_section_visible(section) and not is_settled:
            rounds.give_verdict(
                records, reviewer, assessment_id, section.id, Verdict.ACCEPTED, review["accepted"]
            )


def _decide(
    records: Records, cast: Mapping[str, Actor], assessment_id: str, script: Mapping[str, Any]
) -> None:
    opinion, decision = script["opinion"], script["decision"]
    decisions.advise(
        records,
        cast["dpo"],
        assessment_id,
        decisions.Position(opinion["position"]),
        opinion["text"],
    )
    today = questionnaire.load(records, assessment_id).updated_at.date()
    conditions = tuple(
        decisions.NewCondition(item["text"], item["owner"], today + timedelta(days=item["days"]))
        for item in decision["conditions"]
    )
    decisions.decide(
        records, cast["approver"], assessment_id, decisions.Outcome(decision["outcome"]),
        decision["reason"], conditions,
    )  # fmt: skip


def _sign(
    records: Records, home: Home, cast: Mapping[str, Actor], assessment_id: str
) -> ReportState:
    authority, log = office.open_authority(home), office.open_log(home)
    secret = office.DEMONSTRATION_PASSPHRASE
    roles = release.render(records, home, log, cast["approver"], assessment_id).roles
    with records.read() as connection:
        signers = {r: people.find_person(connection, cast[r].person_id) for r in roles}
    for role in roles:
        office.certify(authority, signers[role], secret)
        release.sign(records, home, authority, cast[role], assessment_id, secret)
    state = release.release(
        records, home, authority, log, cast["approver"], assessment_id, with_evidence=True
    )
    for role in roles:
        state = release.countersign(records, home, authority, cast[role], assessment_id, secret)
    return state
