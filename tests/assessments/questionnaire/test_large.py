"""Two thousand answers: a save takes under 100 ms and what a page needs under 200 ms of CPU (medians)."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from time import process_time

import pytest

from assessments import questionnaire as q
from assessments.questionnaire import beginning, current, stored
from assessments.records import Records
from tests.assessments.questionnaire.cases import join

SIZE = 2_000
INSTANCES = 20


def large_template() -> q.Template:
    """Groups of ten: a switch and nine questions behind it."""
    lines = [
        f"      - {{id: q{n}, type: yes_no_unknown, title: Q, source: s}}"
        if n % 10 == 0
        else f"      - {{id: q{n}, type: text, title: Q, source: s, show_if: q{n // 10 * 10} = yes}}"
        for n in range(SIZE)
    ]
    head = "id: large\nversion: '1'\ntitle: Large\nkind: test\nsource: s\nroles: [author]\n"
    section = "sections:\n  - id: one\n    title: Say\n    source: s\n    questions:\n"
    return q.read_template((head + section + "\n".join(lines)).encode(), "large.yaml")


def repeated_template() -> q.Template:
    """A hundred questions about each of twenty things; every tenth hides the nine after it."""
    lines = [
        f"      - {{id: q{n}, type: text, title: Q, source: s}}"
        if n % 10 == 0
        else f"      - {{id: q{n}, type: text, title: Q, source: s, show_if: q{n // 10 * 10} != 'no'}}"
        for n in range(SIZE // INSTANCES)
    ]
    head = "id: large\nversion: '1'\ntitle: Large\nkind: test\nsource: s\nroles: [author]\n"
    section = (
        "sections:\n  - id: part\n    title: Say\n    source: s\n"
        "    repeat: {title: Which, label: name}\n    questions:\n"
        "      - {id: name, type: text, title: Name, source: s}\n"
    )
    return q.read_template((head + section + "\n".join(lines)).encode(), "repeated.yaml")


@pytest.mark.slow
def test_twenty_instances_of_a_hundred_questions_stay_quick(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = repeated_template()
    for library in (beginning, current):
        monkeypatch.setattr(library, "find_template", lambda *_, **__: template)
    records = Records.open(f"sqlite:///{tmp_path / 'records.sqlite'}")
    ann = join(records, "ann", "author")
    made = q.start(records, ann, "large", "p", "Large")
    rows = [{"id": f"i{n}", "name": f"Part {n}"} for n in range(INSTANCES)]
    q.save_answer(records, ann, made, "part", rows)
    paths = [f"part/i{n}/q{m}" for n in range(INSTANCES) for m in range(SIZE // INSTANCES)]
    with records.change(ann) as change:
        for path in paths:
            for statement in stored.writing(made, path, q.Answer("x"), None, "ann", change.now):
                change.connection.execute(statement)
    saves, pages = [], []
    for path in paths[1::197]:
        start = process_time()
        assert q.save_answer(records, ann, made, path, f"new {path}").is_changed
        saves.append(process_time() - start)
        start = process_time()
        found = q.load(records, made)
        assert q.tasks(found.template, found.answers)[0].asked == SIZE + 1
        q.next_question(found.template, found.answers, path)
        pages.append(process_time() - start)
    assert median(saves) < 0.1
    assert median(pages) < 0.2


@pytest.mark.slow
def test_a_large_assessment_stays_quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    template = large_template()
    for library in (beginning, current):
        monkeypatch.setattr(library, "find_template", lambda *_, **__: template)
    records = Records.open(f"sqlite:///{tmp_path / 'records.sqlite'}")
    ann = join(records, "ann", "author")
    assessment_id = q.start(records, ann, "large", "p", "Large")
    with records.change(ann) as change:
        for n in range(SIZE):
            answer = q.Answer("yes" if n % 10 == 0 else "text")
            for statement in stored.writing(
                assessment_id, f"q{n}", answer, None, "ann", change.now
            ):
                change.connection.execute(statement)
    saves, pages = [], []
    for n in range(1, 400, 20):
        start = process_time()
        assert q.save_answer(records, ann, assessment_id, f"q{n}", f"new {n}").is_changed
        saves.append(process_time() - start)
        start = process_time()
        found = q.load(records, assessment_id)
        assert len(q.tasks(template, found.answers)) == 1
        assert q.next_question(template, found.answers, f"q{n}") is not None
        pages.append(process_time() - start)
    assert median(saves) < 0.1
    assert median(pages) < 0.2
