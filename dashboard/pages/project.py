"""One project: facts, datasets, models, lineage, measured leakage, assessments."""

from __future__ import annotations

import streamlit as st
from duckdb import DuckDBPyConnection

from dashboard.components import (
    Column,
    Item,
    Link,
    Tag,
    empty,
    facts,
    link_list,
    page_head,
    table,
)
from dashboard.components.markup import Cell, Tone
from dashboard.inventory.projects import (
    datasets_of,
    leakage_of,
    lineage_of_models,
    models_of,
    register_of,
)
from dashboard.inventory.query import Row
from dashboard.inventory.registers import (
    ACTIVITIES,
    PROJECTS,
    find_entry,
    name_of,
    person_name,
)
from dashboard.pages import on_warehouse
from dashboard.pages.inventory import class_tag
from dashboard.pages.lineage import lineage_table
from dashboard.pages.projects import screening_tag
from dashboard.parameters import required
from dashboard.text import day, number, period, say, words

STATES: dict[str, Tone] = {
    "approved": "good",
    "approved_with_conditions": "good",
    "rejected": "bad",
    "expired": "bad",
    "returned": "warn",
    "in_review": "info",
}
SEVERE = 0.5
CHECKS: dict[str, Tone] = {"passed": "good", "failed": "bad"}


@on_warehouse
def render(cursor: DuckDBPyConnection) -> None:
    """Everything the exports say about the project in the address."""
    project = find_entry(cursor, PROJECTS, required("id"))
    page_head(project["name"], project["description"], [Link(say("Projects"), "projects")])
    _facts(cursor, project)
    _datasets(cursor, project["project_id"])
    _models(cursor, project["project_id"])
    _leakage(cursor, project["project_id"])
    _assessments(cursor, project["project_id"])
    st.header(say("Lineage"), anchor=False)
    lineage_table(cursor, lineage_of_models(cursor, project["project_id"]))


def _facts(cursor: DuckDBPyConnection, project: Row) -> None:
    activity = project["activity_id"]
    techniques = [
        name
        for name, is_used in (
            (say("federated learning"), project["uses_federated_learning"]),
            (say("differential privacy"), project["uses_differential_privacy"]),
        )
        if is_used
    ]
    facts(
        [
            (say("Owner"), person_name(cursor, project["owner_id"])),
            (say("Team"), project["team"]),
            (say("Stage"), words(project["stage"])),
            (say("Screening"), screening_tag(project["screening_outcome"])),
            (
                say("Processing activity"),
                Link(name_of(cursor, ACTIVITIES, activity), "activity", {"id": activity}),
            ),
            (say("Started"), day(project["started_on"])),
            (say("Launched"), day(project["launched_on"]) or say("Not launched")),
            (say("Privacy techniques"), ", ".join(techniques) or say("None declared")),
            (
                say("Release"),
                Link(say("What stands against it"), "gate", {"project": project["project_id"]}),
            ),
        ]
    )


def _datasets(cursor: DuckDBPyConnection, project_id: str) -> None:
    st.header(say("Datasets"), anchor=False)
    found = datasets_of(cursor, project_id)
    if not found:
        empty(
            say("No datasets"), say("No dataset of the export names this project."), key="no-data"
        )
        return
    table(
        say("Datasets of the project"),
        [say("Dataset"), say("Classification"), say("Origin"), say("Masking"), say("Kept for")],
        [
            [
                Link(row["name"], "dataset", {"id": row["dataset_id"]}),
                class_tag(row["classification"]),
                words(row["origin"]),
                words(row["masking"]),
                period(row["retention_period"]),
            ]
            for row in found
        ],
        key="datasets",
    )


def _models(cursor: DuckDBPyConnection, project_id: str) -> None:
    st.header(say("Models"), anchor=False)
    found = models_of(cursor, project_id)
    known = {row["dataset_id"]: row["name"] for row in datasets_of(cursor, project_id)}
    if not found:
        empty(say("No models"), say("No model of the export names this project."), key="no-models")
        return
    table(
        say("Models of the project"),
        [
            say("Model"), say("Kind"), say("Status"), say("Trained"), say("Trained on"),
            say("Explanation"),
        ],
        [
            [
                f"{row['name']} {row['version']}",
                words(row["kind"]),
                words(row["status"]),
                day(row["trained_on"]),
                _trained_on(row["training_dataset_ids"], known),
                words(row["explanation_method"] or "") or None,
            ]
            for row in found
        ],
        key="models",
    )  # fmt: skip


def _trained_on(ids: list[str] | None, known: dict[str, str]) -> Cell:
    if not ids:
        return Tag(say("Not recorded"), "warn")
    return [Link(known.get(found, found), "dataset", {"id": found}) for found in ids]


def _leakage(cursor: DuckDBPyConnection, project_id: str) -> None:
    st.header(say("Measured leakage"), anchor=False)
    here = {"project": project_id}
    link_list(
        [("", [Item("", Link(say("Scores, curves and recommendations"), "leakage", here)),
               Item("", Link(say("Register a result file"), "leakage_register", here))])],
        key="leakage-links",
    )  # fmt: skip
    found = leakage_of(cursor, project_id)
    if not found:
        empty(
            say("Nothing measured yet"),
            say("Measure with: privacy leakage …; results arrive with the leakage export."),
            key="no-leakage",
        )
        return
    table(
        say("Newest result of every measure"),
        [
            say("Subject"), say("Channel"), say("Measure"), Column(say("Value"), is_number=True),
            Column(say("Interval"), is_number=True), say("Severity"), say("Power check"),
            say("Measured"),
        ],
        [_leakage_line(row) for row in found],
        key="leakage",
    )  # fmt: skip


def _leakage_line(row: Row) -> list[Cell]:
    severity = Tag(number(row["severity"], 2), "bad" if row["severity"] >= SEVERE else "neutral")
    power = Tag(words(row["power_check"]), CHECKS.get(row["power_check"], "warn"))
    subject: Cell = row["name"]
    if row["kind"] == "dataset":
        subject = Link(row["name"], "dataset", {"id": row["id"]})
    channel: Cell = words(row["channel"])
    if row["measurement_id"]:
        channel = Link(words(row["channel"]), "leakage_result", {"id": row["measurement_id"]})
    return [
        subject,
        channel,
        row["measure"],
        number(row["value"], 3),
        f"{number(row['low'], 3)} – {number(row['high'], 3)}",
        severity,
        power,
        day(row["measured_on"]),
    ]


def _assessments(cursor: DuckDBPyConnection, project_id: str) -> None:
    st.header(say("Assessments"), anchor=False)
    found = register_of(cursor, project_id)
    if not found:
        empty(say("No assessment yet"), say("Nothing was started for this project."), key="none")
        return
    table(
        say("Assessments of the project"),
        [
            say("Assessment"), say("Template"), say("State"), say("Approved"), say("Review due"),
            Column(say("Open conditions"), is_number=True),
        ],
        [
            [
                row["assessment_id"],
                row["template"].upper() if len(row["template"]) <= 4 else words(row["template"]),
                Tag(words(row["state"]), STATES.get(row["state"], "neutral")),
                day(row["approved_on"]) or None,
                day(row["review_due_on"]) or None,
                number(row["open_conditions"]),
            ]
            for row in found
        ],
        key="assessments",
    )  # fmt: skip
