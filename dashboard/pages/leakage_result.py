"""One measurement: what it means, whether it is below its limit, its plots, checks, and what would help."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from duckdb import DuckDBPyConnection

from assessments.leakage.measurement import Measurement
from assessments.leakage.policy import load as load_policy
from assessments.leakage.register.reading import (
    READ,
    Registered,
    find_registered,
    list_registered,
    read_measurement,
    what_changed,
)
from assessments.records.permissions import check_permission, has_permission
from dashboard import identity, state
from dashboard.charts_leakage import (
    attribute_bars,
    class_sizes_plot,
    group_bars,
    history_plot,
    percent,
    roc_plot,
)
from dashboard.components import Column, Link, empty, facts, page_head, table, tags
from dashboard.components.choice import choice
from dashboard.components.plots import bars, plot
from dashboard.inventory.leakage import standing_of
from dashboard.leakage_words import (
    ceiling_words,
    changed_words,
    channel_words,
    meaning,
    verdict,
)
from dashboard.pages import leakage_parts as parts
from dashboard.pages import on_warehouse
from dashboard.pages.leakage import registered_tags
from dashboard.parameters import required
from dashboard.reading import naming
from dashboard.text import day, number, say

MOST_FIGURES = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """A measurement with what the inventory says about its subject."""

    row: Registered
    content: Measurement
    name: str
    data_class: str
    limit: float
    epsilon: float | None
    sees_people: bool


@on_warehouse
def render(cursor: DuckDBPyConnection) -> None:
    """The measurement in the address, for those who may read its project."""
    actor = identity.current_actor()
    with state.records().read() as connection:
        row = find_registered(connection, required("id"))
        check_permission(connection, actor, READ, row.project_id)
        content = read_measurement(connection, row)
        sees = has_permission(connection, actor, "measurement.people", row.project_id)
        history = [
            each
            for each in list_registered(
                connection, subject=(row.subject_kind, row.subject_id), channel=row.channel
            )
            if each.withdrawn_at is None
            and has_permission(connection, actor, READ, each.project_id)
        ]
    known = standing_of(cursor, row.subject_kind, row.subject_id)
    data_class = str(known["data_class"])
    epsilon = known["epsilon"]
    shown = Shown(
        row, content, str(known["name"]), data_class, load_policy().limit(data_class),
        float(str(epsilon)) if epsilon is not None else None, sees,
    )  # fmt: skip
    _head(shown)
    _facts(shown)
    _plots(shown)
    _history(shown, history)
    if sees:
        parts.most_exposed(content)
    parts.checks(content)
    parts.options(shown.row, content, shown.name, shown.limit)
    parts.risks(row)
    parts.honesty(content)
    parts.figures(content)
    parts.steps(row, sees)


def _head(shown: Shown) -> None:
    row = shown.row
    name = naming()
    page_head(
        f"{channel_words(row.channel)}: {shown.name}",
        meaning(shown.content),
        [
            Link(say("Measured leakage"), "leakage"),
            Link(name("project", row.project_id), "project", {"id": row.project_id}),
            Link(shown.name, "leakage", {"subject": f"{row.subject_kind}:{row.subject_id}"}),
        ],
    )
    judged = verdict(shown.content, shown.limit)
    tags([judged.tag, *registered_tags(row)], key="verdict")
    st.write(judged.reason)


def _facts(shown: Shown) -> None:
    row, content, policy = shown.row, shown.content, load_policy()
    high = content.severity if content.severity_high is None else content.severity_high
    score = say("Not measured") if row.score is None else say(
        "{score} of 100, upper end {high}", score=number(row.score, 1), high=number(100 * (high or 0), 1)
    )  # fmt: skip
    classes = {"public": say("public data"), "personal": say("personal data"), "special": say("special categories of data")}  # fmt: skip
    limit = say("{limit} for {data_class}, limits of {version}", limit=number(shown.limit),
                data_class=classes[shown.data_class], version=day(policy.version))  # fmt: skip
    facts(
        [
            (say("Score"), score),
            (say("Limit"), limit),
            (say("People concerned"), percent(row.extent)),
            (say("Second number"), ceiling_words(shown.epsilon, row.score)),
            (say("Measured"), day(row.measured_on)),
            (say("Sample"), number(row.n)),
            (say("Method"), f"{row.method}, {row.method_version}"),
            (say("Registered"), parts.registered_words(row)),
            (say("Signature"), parts.signature_words(row)),
            (say("SHA-256 of the result file"), row.sha256),
        ],
        key="facts",
    )


def _plots(shown: Shown) -> None:
    content = shown.content
    curve, sizes = roc_plot(content), class_sizes_plot(content)
    attributes, groups = attribute_bars(content), group_bars(content)
    if curve is not None:
        st.header(say("Curve of the attack that decides"), anchor=False)
        plot(curve, key="roc")
    if sizes is not None:
        st.header(say("Class sizes"), anchor=False)
        plot(sizes, key="sizes")
    if attributes:
        st.header(say("Risk by attribute"), anchor=False)
        sentence = say(
            "If {name} were left out, {share} of those who stand alone no longer would.",
            name=attributes[0].name, share=attributes[0].text,
        )  # fmt: skip
        bars(say("Risk by attribute"), sentence, say("Attribute"), say("Fewer alone without it"), attributes, key="attributes")  # fmt: skip
    if groups:
        st.header(say("Risk by group"), anchor=False)
        sentence = say("Most was shown for the group {name}: {score}.", name=groups[0].name, score=groups[0].text)  # fmt: skip
        bars(say("Risk by group"), sentence, say("Group"), say("Score"), groups, key="groups")
    if curve is None and sizes is None and not attributes and not groups:
        empty(say("No plot"), say("The result file has no curve, class sizes or groups; its figures stand below."), key="no-plot")  # fmt: skip


def _history(shown: Shown, history: list[Registered]) -> None:
    st.header(say("Before and after"), anchor=False)
    others = [each for each in history if each.id != shown.row.id]
    if not others:
        empty(
            say("The first measurement of its kind"),
            say("When this channel is measured again, the two are compared here."),
            key="no-history",
        )
        return
    drawn = history_plot(history, shown.limit)
    if drawn is not None:
        plot(drawn, key="history")
    earlier = sorted(others, key=lambda each: (each.measured_on <= shown.row.measured_on, each.measured_on), reverse=True)  # fmt: skip
    options = {each.id: f"{day(each.measured_on)}, {each.method} {each.method_version}" for each in earlier}  # fmt: skip
    chosen = choice(say("Compare with"), options, "against")
    with state.records().read() as connection:
        other = find_registered(connection, chosen)
        before = read_measurement(connection, other)
    changed = what_changed(before, shown.content)
    st.write(
        say("Not comparable: {what} changed between the two.", what=changed_words(changed))
        if changed
        else say("Comparable: same method, version and settings.")
    )
    _compared(shown.content, before, other)


def _compared(now: Measurement, before: Measurement, other: Registered) -> None:
    said = now.params.get("attacks")
    attacks = tuple(f"{each}_" for each in said) if isinstance(said, list) else ()
    names = [
        name for name in now.results if name in before.results and not name.startswith(attacks)
    ]
    rows = [[say("Score"), _score(before), _score(now)]] + [
        [name, _figure(before, name), _figure(now, name)] for name in names[:MOST_FIGURES]
    ]
    table(
        say("Figures of both measurements"),
        [say("Figure"), Column(day(other.measured_on), True), Column(say("This one"), True)],
        rows,
        key="compared",
    )


def _score(found: Measurement) -> str:
    return "–" if found.severity is None else number(100 * found.severity, 1)


def _figure(found: Measurement, name: str) -> str:
    value = found.results[name].value
    return "–" if value is None else number(value, 4)
