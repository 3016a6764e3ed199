"""The record as a graph of DPV concepts; the context is in the file, so that nothing is fetched.

Concepts and properties are those of DPV 2.x and its GDPR extension. What DPV has no term for stays
out and is reported: answers in prose, notes, reviews, measured leakage.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import quote

from assessments.exchange.frame import Format, Subject
from assessments.exchange.loss import Exported, Loss
from assessments.exchange.vocabulary import vocabulary

Record = Mapping[str, Any]
Node = dict[str, Any]
BASE = "urn:privacy-workbench:"
HIGH = 3
_NO_TERM = "DPV has no term for it; it stays in the record."


def write(subject: Subject) -> Exported:
    """The JSON-LD file with its loss report."""
    record = subject.record
    graph = make_graph(record)
    data = json.dumps({"@context": context(), **graph}, indent=1, ensure_ascii=False).encode()
    name = f"{record['assessment']['id']}.jsonld"
    return Exported("dpv", name, data, tuple(_losses(record)))


@cache
def context() -> Mapping[str, Any]:
    """Our own context for the terms that are written, kept in this folder."""
    text = resources.files(__package__).joinpath("context.json").read_text("utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found


def make_graph(record: Record) -> Node:
    """A process, what it uses and risks, and the assessment of it."""
    about, project = record["assessment"], record["project"]
    process: Node = {
        "id": _iri("process", about["id"]),
        "type": "dpv:Process",
        "identifier": project["id"],
        "title": project["name"],
        "hasImpactAssessment": _assessment(record),
    }
    if project["description"]:
        process["description"] = project["description"]
    if about["organisation"]:
        process["hasDataController"] = {
            "id": _iri("organisation", about["organisation"]),
            "type": "dpv:DataController",
            "title": about["organisation"],
        }
    for question in _questions(record):
        mapped = vocabulary("dpv")["tables"].get(question["id"])
        if mapped and (rows := _rows(question)):
            process[mapped["property"]] = [
                _entry(about["id"], question["id"], mapped, row) for row in rows
            ]
    risks = [_risk(record, risk) for risk in record["risks"]]
    return process | ({"hasRisk": risks} if risks else {})


def _assessment(record: Record) -> Node:
    about, template = record["assessment"], record["template"]
    words = vocabulary("dpv")
    node: Node = {
        "id": _iri("assessment", about["id"]),
        "type": words["assessments"].get(template["id"], words["other_assessment"]),
        "identifier": about["id"],
        "title": about["title"],
        "language": about["language"],
        "created": about["created_at"],
        "source": f"{template['title']}, version {template['version']}",
    }
    statuses = _statuses(record)
    decision = record.get("decision")
    return node | ({"hasStatus": statuses} if statuses else {}) | (
        {"date": decision["at"]} if decision else {}
    )  # fmt: skip


def _statuses(record: Record) -> list[str]:
    """Necessity, risk status, outcome and recommendation, as far as the record says them."""
    words, decision = vocabulary("dpv"), record.get("decision")
    screening = record.get("screening") or {}
    found = [words["necessity"].get(screening.get("outcome"))]
    if record["risks"]:
        found.append(_risk_status(record["risks"]))
    if record["template"]["id"] not in words["recommending"]:
        return [status for status in found if status]
    if record["assessment"]["state"] == "prior_consultation":
        found.append("gdpr:DPIAOutcomeDPAConsultation")
    if decision:
        found += [_outcome(record["risks"]), words["recommendations"][decision["outcome"]]]
    return [status for status in found if status]


def _risk_status(risks: Sequence[Mapping[str, Any]]) -> str:
    """High when a risk before measures is in the upper half of both scales."""
    is_high = any(risk["severity"] >= HIGH and risk["likelihood"] >= HIGH for risk in risks)
    return "gdpr:DPIAIndicatesHighRisk" if is_high else "gdpr:DPIAIndicatesLowRisk"


def _outcome(risks: Sequence[Mapping[str, Any]]) -> str | None:
    if not risks:
        return None
    acceptable = all(risk["acceptable"] for risk in risks)
    name = "DPIAOutcomeRisksAcceptable" if acceptable else "DPIAOutcomeHighResidualRisk"
    return f"gdpr:{name}"


def _entry(assessment: str, table: str, mapped: Mapping[str, str], row: Mapping[str, Any]) -> Node:
    words = vocabulary("dpv")
    is_special = row.get(mapped.get("special", "")) == "yes"
    node: Node = {
        "id": _iri(table, assessment, row["id"]),
        "type": words["special"] if is_special else mapped["class"],
        "title": str(row.get(mapped["title"]) or ""),
    }
    if text := row.get(mapped.get("description", "")):
        node["description"] = str(text)
    if basis := words["bases"].get(row.get(mapped.get("basis", ""))):
        node["hasLegalBasis"] = basis
    return node


def _risk(record: Record, risk: Mapping[str, Any]) -> Node:
    about, scale = record["assessment"]["id"], record["scale"]
    node = _rated(risk, scale, "dpv:Risk", _iri("risk", about, risk["id"]), "")
    node["title"] = risk["title"]
    if risk["impact"]:
        node["hasConsequence"] = {
            "id": _iri("impact", about, risk["id"]), "type": "dpv:Impact", "title": risk["impact"],
        }  # fmt: skip
    residual = _iri("residual-risk", about, risk["id"])
    node["hasResidualRisk"] = _rated(risk, scale, "dpv:ResidualRisk", residual, "residual_")
    titles = {measure["id"]: measure for measure in record["measures"]}
    measures = [titles[m] for m in risk["measures"] if m in titles]
    if measures:
        node["isMitigatedByMeasure"] = [
            {"id": _iri("measure", about, m["id"]), "type": "dpv:RiskMitigationMeasure",
             "title": m["title"]} for m in measures
        ]  # fmt: skip
    return node


def _rated(
    risk: Mapping[str, Any], scale: Mapping[str, Any], concept: str, iri: str, part: str
) -> Node:
    node: Node = {"id": iri, "type": concept}
    for name, class_ in (("severity", "Severity"), ("likelihood", "Likelihood")):
        level = risk[f"{part}{name}"]
        node[f"has{class_}"] = {
            "id": _iri("scale", scale["id"], name, str(level)),
            "type": f"dpv:{class_}",
            "title": scale[name][level - 1],
            "value": level,
        }
    return node


def _questions(record: Record) -> list[Mapping[str, Any]]:
    return [question for section in record["sections"] for question in section["questions"]]


def _rows(question: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The raw rows of an answered table."""
    value = question["value"] if question["status"] == "answered" else None
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _losses(record: Record) -> list[Loss]:
    """Everything answered that is in no table that DPV has terms for, and what goes with it."""
    mapped = vocabulary("dpv")["tables"]
    losses = [
        Loss(f"{question['id']}", "an answer", _NO_TERM)
        for question in _questions(record)
        if question["status"] == "answered" and question["id"] not in mapped
    ]
    for part in ("reviews", "leakage", "sources"):
        if record.get(part):
            losses.append(Loss(part, f"{len(record[part])} entries", _NO_TERM))
    if record.get("opinion"):
        losses.append(Loss("opinion", "the officer's opinion", _NO_TERM))
    return losses


def _iri(*parts: str) -> str:
    return BASE + ":".join(quote(part, safe="") for part in parts)


FORMAT = Format("dpv", "DPV JSON-LD", write=write)
