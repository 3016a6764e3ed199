"""The record of an assessment as a Word file. Comments made in Word do not come back by themselves."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assessments.exchange.frame import Format, Subject
from assessments.exchange.loss import Exported, Loss
from assessments.exchange.word.parts import (
    add_field,
    add_heading,
    add_table,
    add_text,
    clean,
    new_document,
)
from assessments.language import say, say_count, sentence
from assessments.reports import words
from assessments.reports.record import moment

Record = Mapping[str, Any]
LOSSES = (
    Loss("history", "who changed what when", "Word shows the answers as they stand."),
    Loss("evidence", "attached files", "They are named in the answers; the files stay here."),
    Loss("signatures", "signatures and ledger proof", "Only the signed report and its pack carry them."),
    Loss("provenance", "digests of sources", "Names of the sources are printed, their digests are not."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """The document that is being written, and its language."""

    document: Any
    language: str

    def say(self, text: str) -> str:
        """A sentence that is marked where it stands."""
        return say(self.language, text)

    def day(self, text: str | None) -> str:
        return words.day(text, self.language)

    def moment(self, text: str) -> str:
        return words.date_time(text, self.language)

    def number(self, value: float | None) -> str:
        return words.number(value, self.language)

    def table(
        self, title: str, header: Sequence[str], rows: Sequence[Sequence[str]], about: str = ""
    ) -> None:
        """A table whose title, description and header are said in the language."""
        told = about or say(self.language, "One entry a row, {count} in all.", count=len(rows))
        names = [self.say(name) for name in header]
        add_table(self.document, self.say(title), told, names, rows)

    def text(self, text: str, style: str | None = None) -> None:
        add_text(self.document, text, style)

    def heading(self, text: str) -> None:
        add_heading(self.document, self.say(text), 1)


def write(subject: Subject) -> Exported:
    """The Word file with its loss report."""
    record = subject.record
    return Exported("docx", f"{record['assessment']['id']}.docx", make_docx(record), LOSSES)


def make_docx(record: Record) -> bytes:
    """Every part that the record has, in the order of the signed report."""
    about = record["assessment"]
    document = new_document(
        about["title"], about["language"], about["organisation"], moment(about["frozen_at"])
    )
    draft = Draft(document, about["language"])
    _add_head(draft, record)
    for section in record["sections"]:
        _add_section(draft, section)
    _add_risks(draft, record)
    _add_measures(draft, record["measures"])
    _add_leakage(draft, record["leakage"])
    _add_review(draft, record)
    _add_decision(draft, record.get("decision"))
    _add_footer(draft, record)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _add_head(draft: Draft, record: Record) -> None:
    about, project = record["assessment"], record["project"]
    add_heading(draft.document, about["title"], 0)
    facts = [
        (say(draft.language, "Project"), f"{project['name']} ({project['id']})"),
        (
            say(draft.language, "Template"),
            say(draft.language, "{title}, version {version}", **_template(record)),
        ),
        (say(draft.language, "State"), draft.say(words.state(about["state"])).replace("_", " ")),
        (say(draft.language, "Organisation"), about["organisation"]),
        (say(draft.language, "As it stood on"), draft.moment(about["frozen_at"])),
        *[(draft.say(words.ROLES[who["role"]]), _person(who)) for who in record["people"]],
    ]
    rows = [(name, value) for name, value in facts if value]
    draft.table(sentence("About this assessment"), (sentence("What"), sentence("Value")), rows)
    screening = record.get("screening")
    if screening:
        draft.heading(sentence("Outcome"))
        draft.text(screening["title"])
        for reason in screening["reasons"]:
            draft.text(reason["text"], "List Bullet")


def _template(record: Record) -> dict[str, str]:
    return {name: record["template"][name] for name in ("title", "version")}


def _person(who: Mapping[str, str]) -> str:
    return f"{who['name']}, {who['title']}" if who["title"] else who["name"]


def _add_section(draft: Draft, section: Mapping[str, Any]) -> None:
    heading = add_heading(draft.document, section["title"], 1)
    if section["source"]:
        draft.text(section["source"], "Intense Quote")
    for question in section["questions"]:
        add_heading(draft.document, question["title"], 2)
        _add_answer(draft, question)
    verdict = section.get("verdict")
    if verdict and verdict["comment"] and heading.runs:
        text = f"{draft.say(words.VERDICTS[verdict['verdict']])}: {clean(verdict['comment'])}"
        author = clean(verdict["reviewer"]) or "Reviewer"
        draft.document.add_comment(
            heading.runs, text=text, author=author, initials=_initials(author)
        )


def _initials(name: str) -> str:
    return "".join(part[0] for part in name.split()[:3]).upper() or "R"


def _add_answer(draft: Draft, question: Mapping[str, Any]) -> None:
    columns = question.get("columns") or []
    if question["status"] != "answered":
        draft.text(draft.say(words.MISSING.get(question["status"], question["status"])))
    elif columns:
        header = [column["title"] for column in columns]
        rows = question.get("rows") or []
        what = say_count(draft.language, len(rows), "row", "rows")
        add_table(draft.document, question["title"], what, header, rows)
    else:
        draft.text(question["text"])
    if question.get("note"):
        draft.text(say(draft.language, "Note: {text}", text=question["note"]))
    if question.get("source"):
        draft.text(
            say(draft.language, "Source: {name}", name=question["source"]["name"]), "Caption"
        )


def _add_risks(draft: Draft, record: Record) -> None:
    risks, scale = record["risks"], record["scale"]
    if not risks:
        return
    titles = {measure["id"]: measure["title"] for measure in record["measures"]}
    draft.heading(sentence("Risks"))
    rows = [
        [risk["title"], draft.say(words.KINDS[risk["kind"]]),
         _level(scale, risk["severity"], risk["likelihood"]),
         "; ".join(titles.get(m, m) for m in risk["measures"]),
         _level(scale, risk["residual_severity"], risk["residual_likelihood"]),
         say(draft.language, "yes" if risk["acceptable"] else "no")]
        for risk in risks
    ]  # fmt: skip
    header = (
        sentence("Risk"),
        sentence("Kind"),
        sentence("Severity, likelihood"),
        sentence("Measures"),
        sentence("After measures"),
        sentence("Acceptable"),
    )
    draft.table(sentence("Risks before and after measures"), header, rows)


def _level(scale: Mapping[str, Any], severity: int, likelihood: int) -> str:
    return f"{scale['severity'][severity - 1]}, {scale['likelihood'][likelihood - 1]}"


def _add_measures(draft: Draft, measures: Sequence[Mapping[str, Any]]) -> None:
    if not measures:
        return
    draft.heading(sentence("Measures"))
    rows = [
        [m["title"], draft.say(words.MEASURES[m["status"]]), m["owner"], draft.day(m["due_on"])]
        for m in measures
    ]
    header = (sentence("Measure"), sentence("Status"), sentence("Owner"), sentence("Due"))
    draft.table(sentence("Measures"), header, rows)


def _add_leakage(draft: Draft, results: Sequence[Mapping[str, Any]]) -> None:
    if not results:
        return
    draft.heading(sentence("Measured leakage"))
    rows = [
        [r["subject"], r["measure"], draft.number(r["value"]),
         say(draft.language, "{low} to {high}", low=draft.number(r["low"]), high=draft.number(r["high"])), draft.number(r["limit"]),
         draft.day(r["measured_on"])]
        for r in results
    ]  # fmt: skip
    header = (
        sentence("Subject"),
        sentence("Measure"),
        sentence("Value"),
        sentence("Interval"),
        sentence("Limit"),
        sentence("Measured on"),
    )
    draft.table(sentence("Measured leakage"), header, rows)


def _add_review(draft: Draft, record: Record) -> None:
    reviews, opinion = record["reviews"], record.get("opinion")
    if reviews:
        draft.heading(sentence("Review rounds"))
        rows = [
            [str(r["round"]), r["reviewer"], draft.say(words.VERDICTS.get(r["outcome"], r["outcome"])),
             draft.moment(r["at"])]
            for r in reviews
        ]  # fmt: skip
        header = (sentence("Round"), sentence("Reviewer"), sentence("Outcome"), sentence("At"))
        draft.table(sentence("Review rounds"), header, rows)
    if opinion:
        draft.heading(sentence("Opinion of the data protection officer"))
        draft.text(opinion["text"])
        draft.text(f"{opinion['by']}, {draft.moment(opinion['at'])}")
        draft.text(draft.say(words.FOLLOWED[opinion["followed"]]))


def _add_decision(draft: Draft, decision: Mapping[str, Any] | None) -> None:
    if decision is None:
        return
    draft.heading(sentence("Decision"))
    draft.text(draft.say(words.OUTCOMES[decision["outcome"]]))
    draft.text(decision["reason"])
    draft.text(f"{decision['by']}, {draft.moment(decision['at'])}")
    if decision["conditions"]:
        rows = [
            [c["id"], c["text"], c["owner"], draft.day(c["due_on"])] for c in decision["conditions"]
        ]
        header = (sentence("No."), sentence("Condition"), sentence("Owner"), sentence("Due"))
        draft.table(sentence("Conditions"), header, rows)


def _add_footer(draft: Draft, record: Record) -> None:
    about = record["assessment"]
    paragraph = draft.document.sections[0].footer.paragraphs[0]
    state = draft.say(words.state(about["state"])).replace("_", " ")
    paragraph.add_run(clean(f"{about['id']} · {state} · {say(draft.language, 'page')} "))
    add_field(paragraph, "PAGE")


FORMAT = Format("docx", "Word document", write=write)
