"""Instances added, renamed, moved, removed, brought back and answered in any order: each keeps its own."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from assessments import questionnaire as q
from assessments.questionnaire import current
from assessments.questionnaire.groups import expand
from assessments.records import Records
from tests.assessments.questionnaire.cases import join
from tests.assessments.questionnaire.test_groups import BASE

Rows = list[dict[str, Any]]


class AnyOrder(RuleBasedStateMachine):
    """The stored assessment beside a plain model: rows, and the answers of every instance ever."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.library = patch.object(current, "find_template", lambda *_: BASE)
        self.library.start()
        self.records = Records.open(f"sqlite:///{Path(self.folder.name) / 'records.sqlite'}")
        self.ann = join(self.records, "ann", "author")
        self.id = q.start(self.records, self.ann, "screening", "p", "Title")
        q.save_answer(self.records, self.ann, self.id, "has_processors", "yes")
        self.past: list[Rows] = []
        self.said: dict[str, dict[str, str]] = {}
        self.count = 0

    def teardown(self) -> None:
        self.library.stop()
        self.records.close()
        self.folder.cleanup()

    @property
    def rows(self) -> Rows:
        return self.past[-1] if self.past else []

    def list_again(self, rows: Rows) -> None:
        if rows == self.rows:
            return
        if rows:
            q.save_answer(self.records, self.ann, self.id, "processor", rows)
        else:
            q.clear_answer(self.records, self.ann, self.id, "processor")
        self.past.append(rows)

    @precondition(lambda self: len(self.rows) < 3)
    @rule()
    def add(self) -> None:
        self.count += 1
        self.list_again([*self.rows, {"id": f"i{self.count}", "processor_name": f"N{self.count}"}])

    @precondition(lambda self: bool(self.rows))
    @rule(data=st.data())
    def change_the_list(self, data: st.DataObject) -> None:
        at = data.draw(st.integers(0, len(self.rows) - 1))
        others = [*self.rows[:at], *self.rows[at + 1 :]]
        how = data.draw(st.sampled_from(["remove", "first", "rename"]))
        renamed = self.rows[at] | {"processor_name": f"R{len(self.past)}"}
        changed = {
            "remove": others,
            "first": [self.rows[at], *others],
            "rename": [*self.rows[:at], renamed, *self.rows[at + 1 :]],
        }
        self.list_again(changed[how])

    @precondition(lambda self: bool(self.past))
    @rule()
    def undo(self) -> None:
        q.undo(self.records, self.ann, self.id, "processor")
        self.past.append(self.past[-2] if len(self.past) > 1 else [])

    @precondition(lambda self: bool(self.rows))
    @rule(data=st.data(), country=st.sampled_from(["eea", "other"]))
    def answer(self, data: st.DataObject, country: str) -> None:
        instance = data.draw(st.sampled_from([row["id"] for row in self.rows]))
        said = {"country": country, "safeguard": f"secret of {instance}"}
        for name, value in said.items():
            q.save_answer(self.records, self.ann, self.id, f"processor/{instance}/{name}", value)
        self.said[instance] = said

    @invariant()
    def every_instance_has_its_own_answers_and_no_other_counts(self) -> None:
        found = q.load(self.records, self.id)
        view = q.View(found.template, found.answers)
        listed = [row["id"] for row in self.rows]
        aside = set(q.set_aside(found.template, found.answers))
        record = str(q.record_sections(found.template, found.answers))
        for instance, said in self.said.items():
            paths = {name: f"processor/{instance}/{name}" for name in said}
            assert {n: found.answers[path].value for n, path in paths.items()} == said
            is_asked = instance in listed and said["country"] == "other"
            assert (paths["safeguard"] in aside) is (not is_asked)
            assert (paths["country"] in aside) is (instance not in listed)
            assert (said["safeguard"] in record) is is_asked
        answered = {i for i in listed if i in self.said}
        assert {i for i in listed if view.answer(f"processor/{i}/country")} == answered

    @invariant()
    def the_questions_follow_the_list(self) -> None:
        found = q.load(self.records, self.id)
        section = found.template.section("processor")
        order = [each.id.split("/")[1] for each in section.questions[1:]]
        assert list(dict.fromkeys(order)) == [row["id"] for row in self.rows]
        assert expand(found.template, found.answers, found.versions) == found.template


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(
    max_examples=10,
    stateful_step_count=10,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
