"""Two thousand answers: a save stays under 100 ms and what a page needs under 200 ms (medians)."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from time import perf_counter

import pytest

from assessments import questionnaire as q
from assessments.questionnaire import beginning, current, stored
from assessments.records import Records
from tests.assessments.questionnaire.cases import join

SIZE = 2_000


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
        start = perf_counter()
        assert q.save_answer(records, ann, assessment_id, f"q{n}", f"new {n}").is_changed
        saves.append(perf_counter() - start)
        start = perf_counter()
        found = q.load(records, assessment_id)
        assert len(q.tasks(template, found.answers)) == 1
        assert q.next_question(template, found.answers, f"q{n}") is not None
        pages.append(perf_counter() - start)
    assert median(saves) < 0.1
    assert median(pages) < 0.2
