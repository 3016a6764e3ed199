"""An assessment as a workbook: answers on one sheet, and each table on a sheet of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from assessments.exchange.frame import Format, Subject
from assessments.exchange.loss import Exported, Loss
from assessments.exchange.workbook import Page, write_workbook

Record = Mapping[str, Any]
_LOSSES = (
    Loss("history", "earlier answers and who gave them", "A workbook holds the answers as they stand."),
    Loss("signatures", "signatures and ledger proof", "Only the signed report and its pack carry them."),
)  # fmt: skip
_RISKS = ("Id", "Risk", "Kind", "Source", "Impact", "Severity", "Likelihood", "Residual severity",
          "Residual likelihood", "Measures", "Acceptable")  # fmt: skip


def write(subject: Subject) -> Exported:
    """The workbook with its loss report."""
    record = subject.record
    about = record["assessment"]
    properties = {"title": about["title"], "company": about["organisation"]}
    data = write_workbook(_unique(pages(record)), properties)
    return Exported("xlsx", f"{about['id']}.xlsx", data, _LOSSES)


def pages(record: Record) -> list[Page]:
    """One sheet for what is not a table, then every table, risks, measures and conditions."""
    found = [_about(record), _answers(record)]
    for section in record["sections"]:
        for question in section["questions"]:
            columns = question.get("columns") or []
            if columns and question["status"] == "answered":
                header = [column["title"] for column in columns]
                rows = question.get("rows") or []
                found.append(
                    Page(question["id"].replace("_", " "), header, rows, (question["title"],))
                )
    found += [_risks(record), _measures(record["measures"]), _leakage(record["leakage"])]
    decision = record.get("decision")
    if decision and decision["conditions"]:
        rows = [[c["id"], c["text"], c["owner"], _day(c["due_on"])] for c in decision["conditions"]]
        found.append(Page("Conditions", ("No.", "Condition", "Owner", "Due"), rows))
    return [page for page in found if page.rows]


def _about(record: Record) -> Page:
    about, project, template = record["assessment"], record["project"], record["template"]
    rows = [
        ("Assessment", about["id"]), ("Title", about["title"]), ("State", about["state"]),
        ("Project", f"{project['name']} ({project['id']})"),
        ("Template", f"{template['title']}, version {template['version']}"),
        ("As it stood on", about["frozen_at"]),
        *[(who["role"], who["name"]) for who in record["people"]],
    ]  # fmt: skip
    return Page("About", ("What", "Value"), rows)


def _answers(record: Record) -> Page:
    rows = [
        [section["title"], question["id"], question["title"], question["status"],
         question["text"], question["note"], (question["source"] or {}).get("name")]
        for section in record["sections"]
        for question in section["questions"]
        if not question.get("columns")
    ]  # fmt: skip
    header = ("Section", "Id", "Question", "Status", "Answer", "Note", "Source")
    return Page("Answers", header, rows)


def _risks(record: Record) -> Page:
    titles = {measure["id"]: measure["title"] for measure in record["measures"]}
    rows = [
        [r["id"], r["title"], r["kind"], r["source"], r["impact"], r["severity"], r["likelihood"],
         r["residual_severity"], r["residual_likelihood"],
         "; ".join(titles.get(m, m) for m in r["measures"]), r["acceptable"]]
        for r in record["risks"]
    ]  # fmt: skip
    return Page("Risks", _RISKS, rows, (f"Levels on the scale {record['scale']['id']}.",))


def _measures(measures: Sequence[Mapping[str, Any]]) -> Page:
    rows = [[m["id"], m["title"], m["status"], m["owner"], _day(m["due_on"])] for m in measures]
    return Page("Measures", ("Id", "Measure", "Status", "Owner", "Due"), rows)


def _leakage(results: Sequence[Mapping[str, Any]]) -> Page:
    columns = ("subject", "measure", "value", "low", "high", "limit", "measured_on")
    rows = [[*[r[name] for name in columns[:-1]], _day(r["measured_on"])] for r in results]
    return Page("Leakage", [name.replace("_", " ").capitalize() for name in columns], rows)


def _day(text: str | None) -> date | str | None:
    """A typed date where the text is one."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return text


def _unique(found: Sequence[Page]) -> list[Page]:
    """Sheet titles differ, whatever a template calls its tables; 31 characters and no case count."""
    taken: set[str] = set()
    made = []
    for page in found:
        title, number = page.title[:28], 2
        while title.casefold() in taken:
            title, number = f"{page.title[:25]} {number}", number + 1
        taken.add(title.casefold())
        made.append(Page(title, page.header, page.rows, page.notes))
    return made


FORMAT = Format("xlsx", "Workbook of an assessment", write=write)
