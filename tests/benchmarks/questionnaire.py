"""A save and a page of an assessment of two thousand answers, with deviations; prints the figures.

Run it with ``python -m tests.benchmarks.questionnaire``.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from unittest.mock import patch

from assessments import questionnaire as q
from assessments.questionnaire import beginning, current, stored
from assessments.records import Actor, Records, people

SIZE = 2_000
TIMES = 20
LINTS = """lints:
  - {id: said, severity: blocking, require: q1 = 'never', question: q1, source: s, text: T}
  - {id: hinted, severity: warning, require: q2 = 'never', question: q2, source: s, text: T}
"""


def template() -> q.Template:
    """Groups of ten: a switch and nine questions behind it; two rules that are broken."""
    lines = [
        f"      - {{id: q{n}, type: yes_no_unknown, title: Q, source: s}}"
        if n % 10 == 0
        else f"      - {{id: q{n}, type: text, title: Q, source: s, show_if: q{n // 10 * 10} = yes}}"
        for n in range(SIZE)
    ]
    head = "id: large\nversion: '1'\ntitle: Large\nkind: test\nsource: s\nroles: [author]\n"
    section = "sections:\n  - id: one\n    title: Say\n    source: s\n    questions:\n"
    text = head + section + "\n".join(lines) + "\n" + LINTS
    return q.read_template(text.encode(), "large.yaml")


def prepare(folder: Path) -> tuple[Records, Actor, str]:
    records = Records.open(f"sqlite:///{folder / 'records.sqlite'}")
    with records.change(Actor.system("setup")) as change:
        people.add_person(change, "ann", "Ann")
        people.grant_role(change, "ann", "author", reason="benchmark")
    ann = Actor.person("ann")
    made = q.start(records, ann, "large", "p", "Large")
    with records.change(ann) as change:
        for n in range(SIZE):
            answer = q.Answer("yes" if n % 10 == 0 else "text")
            for statement in stored.writing(made, f"q{n}", answer, None, "ann", change.now):
                change.connection.execute(statement)
    return records, ann, made


def page(records: Records, made: str) -> None:
    """What the page of a question reads."""
    found = q.load(records, made)
    q.tasks(found.template, found.answers)
    q.next_question(found.template, found.answers, "q17")
    q.history(records, made, "q17")


def answers_page(records: Records, made: str) -> None:
    """What the page of all answers reads: everything above, findings, open points, the record."""
    found = q.load(records, made)
    q.gaps(found.template, found.answers)
    q.judge(found.template, found.answers, found.deviations)
    q.set_aside(found.template, found.answers)
    q.record_sections(found.template, found.answers)


def timed(act: Callable[[int], object]) -> float:
    taken = []
    for n in range(TIMES):
        start = perf_counter()
        act(n)
        taken.append(perf_counter() - start)
    return median(taken) * 1000


def main() -> None:
    large = template()
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.object(beginning, "find_template", lambda *_, **__: large),
        patch.object(current, "find_template", lambda *_, **__: large),
    ):
        records, ann, made = prepare(Path(folder))
        switch = ("no", "yes")
        figures = {
            "save a text": timed(lambda n: q.save_answer(records, ann, made, "q17", f"new {n}")),
            "save a switch": timed(
                lambda n: q.save_answer(records, ann, made, "q10", switch[n % 2])
            ),
            "page of a question": timed(lambda n: page(records, made)),
            "page of all answers": timed(lambda n: answers_page(records, made)),
            "compare with the start": timed(lambda n: compare(records, made)),
        }
        records.close()
    for name, milliseconds in figures.items():
        print(f"{name:24} {milliseconds:7.1f} ms (median of {TIMES}, {SIZE} answers)")


def compare(records: Records, made: str) -> None:
    found = q.load(records, made)
    with records.read() as connection:
        known = q.milestones(connection, found)
    q.compare_revisions(records, found, known[0], known[-1])


if __name__ == "__main__":
    main()
