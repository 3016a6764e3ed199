"""Measured leakage of every model and dataset: the worst channel, how many people, and the ceiling."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st
from duckdb import DuckDBPyConnection

from assessments.leakage.policy import load as load_policy
from assessments.leakage.register.reading import Registered, list_readable
from assessments.records.permissions import has_permission
from dashboard import identity, state
from dashboard.charts_leakage import percent
from dashboard.components import Cell, Column, Link, Tag, empty, page_head, table
from dashboard.components.choice import choice
from dashboard.components.plots import score_list
from dashboard.inventory.leakage import Standing, results_of, standings
from dashboard.inventory.query import Row
from dashboard.leakage_words import ceiling_words, channel_words, standing_verdict
from dashboard.pages import on_warehouse
from dashboard.parameters import optional
from dashboard.plots import Share
from dashboard.reading import names_of, naming
from dashboard.text import counted, day, number, say, words

ALL = ""


@on_warehouse
def render(cursor: DuckDBPyConnection) -> None:
    """Everything, one project, or one model or dataset with all its channels."""
    actor = identity.current_actor()
    with state.records().read() as connection:
        registered = list_readable(connection, actor)
        can_register = has_permission(connection, actor, "measurement.register")
    kind, _, subject = optional("subject").partition(":")
    if kind in {"model", "dataset"} and subject:
        _subject(cursor, kind, subject, registered)
        return
    page_head(
        say("Measured leakage"),
        say("What attacks have shown, from 0 (nothing shown) to 100 (somebody fully exposed). They show a floor, never a ceiling."),
        [Link(say("Projects"), "projects")],
    )  # fmt: skip
    projects = {ALL: say("All")} | dict(sorted(names_of("project").items(), key=lambda p: p[1]))
    project = choice(say("Project"), projects, "project")
    found = standings(cursor, project)
    waiting = [each for each in registered if project in (ALL, each.project_id)]
    if can_register:
        params = {"project": project} if project else {}
        notice_link(Link(say("Register a result file"), "leakage_register", params))
    if not found:
        empty(say("Nothing to show"), say("No model and no measured dataset belongs to this project."))  # fmt: skip
    else:
        _scores(found, {each.id: each for each in registered})
    _waiting(waiting)


def notice_link(link: Link) -> None:
    """One thing to do."""
    from dashboard.components.markup import link_node, node, show

    show(node("p", "", link_node(link, "pw-button")), key="register-link")


def _scores(found: list[Standing], registered: Mapping[str, Registered]) -> None:
    name = naming()
    over = sum(each.is_over for each in found)
    grey = sum(each.score is None for each in found)
    st.write(
        say(
            "{all}: {over} above their limit, {grey} not measured. The mark on a bar is the limit of its class of data, as of {version}.",
            all=counted(len(found), "model or dataset", "models and datasets"),
            over=over, grey=grey, version=day(load_policy().version),
        )
    )  # fmt: skip
    score_list(
        [_line(each, registered.get(each.measurement_id or ""), name) for each in found],
        key="scores",
    )


def _line(
    found: Standing, row: Registered | None, name: Callable[[str, str], str]
) -> tuple[Link, list[Tag], Share, list[Cell]]:
    link = Link(found.name, "leakage", {"subject": f"{found.kind}:{found.id}"})
    where = [Link(name("project", each), "project", {"id": each}) for each in found.project_ids]
    if found.score is None:
        share = Share("", None, say("Not measured"))
        return link, [Tag(say("Not measured"))], share, [[*where, ceiling_words(found.epsilon, None)] if where else ceiling_words(found.epsilon, None)]  # fmt: skip
    share = Share(
        "", found.score / 100,
        say("{score} of limit {limit}", score=number(found.score, 1), limit=number(found.limit)),
        found.limit / 100, found.is_over,
    )  # fmt: skip
    judged = standing_verdict(found, row)
    people = say("{share} of the people concerned", share=percent(found.extent))
    driver = say("{channel}, measured {when}", channel=channel_words(found.channel or ""), when=day(found.measured_on))  # fmt: skip
    said = f"{driver}; {people}"
    notes: list[Cell] = [[*where, said] if where else said]
    if found.kind == "model":
        notes.append(ceiling_words(found.epsilon, found.score))
    notes.append(judged.reason)
    return link, [judged.tag], share, notes


def _waiting(registered: list[Registered]) -> None:
    """What the register holds beside what counts: inconclusive, unsigned, withdrawn."""
    st.header(say("Registered measurements"), anchor=False)
    if not registered:
        empty(
            say("No measurement is registered"),
            say("Results that are registered here have their curves, checks and recommendation on a page of their own."),
            key="none-registered",
        )  # fmt: skip
        return
    name = naming()
    table(
        say("Registered measurements"),
        [say("Measurement"), say("Subject"), Column(say("Score"), True), say("State"), say("Measured")],
        [
            [
                Link(channel_words(each.channel), "leakage_result", {"id": each.id}),
                name(each.subject_kind, each.subject_id),
                None if each.score is None else number(each.score, 1),
                registered_tags(each),
                day(each.measured_on),
            ]
            for each in sorted(registered, key=lambda each: each.registered_at, reverse=True)[:200]
        ],
        key="registered",
    )  # fmt: skip


def registered_tags(found: Registered) -> list[Tag]:
    """Signed or not, and whether it counts."""
    if found.withdrawn_at is not None:
        return [Tag(say("Withdrawn"), "bad")]
    shown = [Tag(say("Signed by a build"), "good") if found.key_id else Tag(say("Unsigned"))]
    if not found.is_trusted:
        shown.append(Tag(say("Waits for acceptance"), "warn"))
    elif found.severity is None:
        shown.append(Tag(say("Not measured")))
    elif not found.is_evidence:
        shown.append(Tag(say("Inconclusive"), "warn"))
    return shown


def _subject(
    cursor: DuckDBPyConnection, kind: str, subject_id: str, registered: list[Registered]
) -> None:
    title = naming()(kind, subject_id)
    page_head(
        say("Leakage of {name}", name=title),
        say("Every channel that was measured, the worst first; the worst one is the score."),
        [Link(say("Measured leakage"), "leakage")],
    )
    found = results_of(cursor, kind, subject_id)
    if found:
        table(
            say("Newest result of every channel"),
            [say("Channel"), say("Measure"), Column(say("Score"), True),
             Column(say("Interval of the measure"), True), say("Planted leak"), say("Null"), say("Measured")],
            [_channel(row) for row in found],
            key="channels",
        )  # fmt: skip
    else:
        empty(
            say("Nothing measured yet"),
            say("Measure with: privacy leakage …, then register the result file."),
            Link(say("Register a result file"), "leakage_register"),
        )
    own = [
        each for each in registered if (each.subject_kind, each.subject_id) == (kind, subject_id)
    ]
    _waiting(own)


def _channel(row: Row) -> list[Cell]:
    title = channel_words(row["channel"])
    link: Cell = title
    if row["measurement_id"]:
        link = Link(title, "leakage_result", {"id": row["measurement_id"]})
    checks = [Tag(words(row[each]), "good" if row[each] == "passed" else "warn") for each in ("power_check", "null_check")]  # fmt: skip
    between = f"{number(row['low'], 3)} – {number(row['high'], 3)}"
    return [
        link, row["measure"], number(row["score"], 1), between, checks[0], checks[1],
        day(row["measured_on"]),
    ]  # fmt: skip
