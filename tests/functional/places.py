"""Every page that can be reached without writing anything, with an address that names a real object."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from assessments.leakage.register.reading import list_registered
from assessments.records import Records
from assessments.records.tables import assessment
from assessments.settings import Home
from dashboard.warehouse.connect import Warehouse

NOW = "known_until = date '9999-12-31'"


@dataclass(frozen=True, slots=True)
class Place:
    """A page: a name for files and reports, and its address."""

    name: str
    path: str


def all_places(home: Path) -> list[Place]:
    """Every page."""
    return [*office_places(home), *assessment_places(home)]


def office_places(home: Path) -> list[Place]:
    """Pages of the office's side; addresses are read from the home, never guessed."""
    with Warehouse.open(Home.locate(home)).cursor() as cursor:

        def first(sql: str) -> str:
            row = cursor.execute(sql).fetchone()
            assert row is not None, sql
            return str(row[0])

        dataset = first(
            f"select dataset_id from datasets where {NOW} and classification = 'special_category' order by 1"
        )
        project = first(f"select project_id from models where {NOW} order by 1")
        system = first(f"select system_id from datasets where {NOW} order by 1")
        activity = first(f"select activity_id from datasets where {NOW} order by 1")
        vendor = first(f"select vendor_id from contracts where {NOW} order by 1")
        batch = first("select batch_id from loads order by quarantined desc, rows limit 1")
    return [
        Place("overview", "/"),
        Place("kpis", "/kpis"),
        Place("kpi", "/kpi?name=retention_compliance"),
        Place("kpi-count", "/kpi?name=off_purpose_access"),
        Place("projects", "/projects"),
        Place("project", f"/project?id={project}"),
        Place("inventory", "/inventory"),
        Place("systems", "/inventory?kind=systems"),
        Place("activities", "/inventory?kind=activities"),
        Place("vendors", "/inventory?kind=vendors"),
        Place("dataset", f"/dataset?id={dataset}"),
        Place("system", f"/system?id={system}"),
        Place("activity", f"/activity?id={activity}"),
        Place("vendor", f"/vendor?id={vendor}"),
        Place("data-checks", "/data_checks"),
        Place("load", f"/load?batch={batch}"),
        Place("mapping", "/mapping"),
        Place("imports", "/imports"),
        Place("article-30", "/article_30"),
        Place("article-30-processor", "/article_30?article=30-2"),
        Place("register-import", "/register_import"),
        Place("ledger", "/ledger"),
        Place("ledger-entry", "/ledger_entry?seq=0"),
        Place("keys", "/keys"),
        Place("work", "/work"),
        Place("portfolio", "/portfolio"),
        Place("portfolio-filtered", "/portfolio?state=draft&sort=risk"),
        Place("gate", f"/gate?project={project}"),
        Place("grants", "/grants"),
        Place("ask-for-access", f"/assessments?template=access_request&dataset={dataset}"),
        Place("notices", "/notices"),
        Place("search", "/search?q=data"),
        Place("search-nothing", "/search?q=zzzz"),
        *leakage_places(home),
        Place("not-found", "/dataset?id=no-such-dataset"),
    ]


def leakage_places(home: Path) -> list[Place]:
    """Measured leakage: all, of one subject, two registered measurements, and registering one."""
    records = Records.open(Home.locate(home).records_url)
    with records.read() as connection:
        found = list_registered(connection)
    records.close()
    assert found, "the demonstration registers measurements"
    last = found[-1]
    about = f"{last.subject_kind}:{last.subject_id}"
    return [
        Place("leakage", "/leakage"),
        Place("leakage-subject", f"/leakage?subject={about}"),
        *(Place(f"leakage-{each.channel}", f"/leakage_result?id={each.id}") for each in found[-2:]),
        Place("leakage-register", f"/leakage_register?project={last.project_id}"),
    ]


def assessment_places(home: Path) -> list[Place]:
    """Pages of guided work: a draft, one in review and one that is signed."""
    records = Records.open(Home.locate(home).records_url)
    with records.read() as connection:
        rows = connection.execute(
            select(assessment.c.id, assessment.c.template_id, assessment.c.state)
        ).all()
    records.close()
    draft = next(row.id for row in rows if row.state == "draft")
    screening = next(row.id for row in rows if row.template_id == "screening")
    signed = next(row.id for row in rows if row.state == "approved_with_conditions")
    questions = (
        "processing_name",
        "overview",
        "outside_eea",
        "data_items",
        "reasons",
        "review_on",
        "evidence",
    )
    return [
        Place("assessments", "/assessments"),
        Place("screenings", "/screenings"),
        Place("screenings-negative", "/screenings?negative=true"),
        Place("tasks", f"/assessment?assessment={draft}"),
        Place("signed", f"/assessment?assessment={signed}"),
        *(
            Place(f"question-{name}", f"/question?assessment={draft}&q={name}")
            for name in questions
        ),
        Place("evidence", f"/evidence?assessment={signed}"),
        Place("answers", f"/check_answers?assessment={signed}"),
        Place("review", f"/review?assessment={screening}"),
        Place("compare", f"/compare?assessment={signed}&from=round-1&to=round-2"),
        Place("changes", f"/changes?assessment={signed}"),
        Place("decision", f"/decision?assessment={signed}"),
        Place("actions", f"/actions?assessment={signed}"),
        Place("consultation", f"/consultation?assessment={signed}"),
        Place("absence", "/absence"),
        Place("risks", "/risks"),
        Place("risks-signed", f"/risks?assessment={signed}"),
        Place("risks-draft", f"/risks?assessment={draft}"),
        Place("controls", "/controls"),
        Place("threats", "/controls?kind=threats"),
        Place("control", "/controls?id=encryption_at_rest"),
        Place("report", f"/report?assessment={signed}"),
        Place("comments", f"/comments?assessment={draft}"),
        Place("take-out", f"/take_out?assessment={signed}&format=dpv"),
        Place("take-out-draft", f"/take_out?assessment={draft}"),
        Place("views", f"/view?assessment={signed}"),
        Place("view-ico", f"/view?assessment={signed}&as=ico"),
        Place("view-draft", f"/view?assessment={draft}&as=edpb"),
        Place("no-assessment", "/assessment?assessment=none"),
    ]
