"""Answers, clears, conditions and undos in any order: hidden answers never count, none is lost."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from assessments import questionnaire as q
from assessments.records import Actor, Records, people

TEMPLATE = q.find_template("screening")
NAMES = ["personal_data", "new_or_changed", "any_country", "listed_operations", "countries", "outside_eea", "transfer_ground", "c1", "c2", "art35_3_a"]  # fmt: skip
SWITCHES = {
    "new_or_changed": ["personal_data"],
    "any_country": ["personal_data"],
    "listed_operations": ["personal_data", "any_country"],
    "countries": ["personal_data"],
    "outside_eea": ["personal_data"],
    "transfer_ground": ["personal_data", "outside_eea"],
    "c1": ["personal_data"],
    "c2": ["personal_data"],
    "art35_3_a": ["personal_data"],
}


def values_for(name: str) -> st.SearchStrategy[Any]:
    options = [option.id for option in TEMPLATE.question(name).options]
    if TEMPLATE.question(name).type is q.Type.MULTIPLE_CHOICE:
        return st.lists(st.sampled_from(options), min_size=1, max_size=4, unique=True)
    return st.sampled_from(options or ["yes", "no", "unknown"])


class AnyOrder(RuleBasedStateMachine):
    """The stored assessment beside a plain model of what was saved."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.records = Records.open(f"sqlite:///{Path(self.folder.name) / 'records.sqlite'}")
        with self.records.change(Actor.system("setup")) as change:
            people.add_person(change, "ann", "Ann")
            people.grant_role(change, "ann", "author", reason="test")
        self.ann = Actor.person("ann")
        self.id = q.start(self.records, self.ann, "screening", "p", "Title")
        self.model: dict[str, q.Answer] = {}
        self.past: dict[str, list[q.Answer | None]] = {}

    def teardown(self) -> None:
        self.records.close()
        self.folder.cleanup()

    def remember(self, name: str, answer: q.Answer | None) -> None:
        if self.model.get(name) == answer:
            return
        self.past.setdefault(name, []).append(answer)
        if answer is None:
            self.model.pop(name, None)
        else:
            self.model[name] = answer

    @rule(data=st.data(), name=st.sampled_from(NAMES))
    def save(self, data: st.DataObject, name: str) -> None:
        raw = data.draw(values_for(name))
        q.save_answer(self.records, self.ann, self.id, name, raw)
        self.remember(name, q.check_answer(TEMPLATE.question(name), raw))

    @rule(name=st.sampled_from(NAMES))
    def clear(self, name: str) -> None:
        q.clear_answer(self.records, self.ann, self.id, name)
        self.remember(name, None)

    @precondition(lambda self: bool(self.past))
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.past)))
        past = self.past[name]
        q.undo(self.records, self.ann, self.id, name)
        self.remember(name, past[-2] if len(past) > 1 else None)

    @rule()
    def reopen(self) -> None:
        url = str(self.records.engine.url)
        self.records.close()
        self.records = Records.open(url)

    @invariant()
    def nothing_is_lost(self) -> None:
        assert dict(q.load(self.records, self.id).answers) == self.model
        for name, past in self.past.items():
            assert [r.answer for r in q.history(self.records, self.id, name)] == past

    @invariant()
    def hidden_answers_never_count(self) -> None:
        answers = q.load(self.records, self.id).answers
        aside = q.set_aside(TEMPLATE, answers)
        for name in set(self.model) & set(SWITCHES):
            is_on = all(self.model.get(s) == q.Answer("yes") for s in SWITCHES[name])
            assert (name in aside) is (not is_on)
        counted = {name: answer for name, answer in answers.items() if name not in aside}
        assert q.screening_outcome(TEMPLATE, answers) == q.screening_outcome(TEMPLATE, counted)
        assert q.lint(TEMPLATE, answers) == q.lint(TEMPLATE, counted)
        assert q.blockers(TEMPLATE, answers) == q.blockers(TEMPLATE, counted)
        assert q.tasks(TEMPLATE, answers) == q.tasks(TEMPLATE, counted)
        assert q.record_sections(TEMPLATE, answers) == q.record_sections(TEMPLATE, counted)


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(
    max_examples=12,
    stateful_step_count=14,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
