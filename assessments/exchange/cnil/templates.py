"""The tool's templates ("structures") and knowledge bases: what they propose, as a beginning.

A template holds questions with proposed answers and measures. Read here, it becomes a PIA that has
just been begun from it, as their tool does. A knowledge base holds texts to choose from.
"""

from __future__ import annotations

from typing import Any

from assessments.exchange.cnil.structure import resolve, suggested_measures
from assessments.exchange.frame import ForeignFile, Reading
from assessments.exchange.loss import Loss

BEGUN = "It is a template, no assessment; a PIA was begun from what it proposes."
NO_BASE = "A knowledge base of your own has no place here. The original is kept."


def is_template(content: Any) -> bool:
    """A template as their tool exports it."""
    found = content.get("structure") if isinstance(content, dict) else None
    data = found.get("data") if isinstance(found, dict) else None
    return isinstance(data, dict) and isinstance(data.get("sections"), list)


def is_knowledge_base(content: Any) -> bool:
    """A knowledge base as their tool exports it."""
    return isinstance(content, dict) and isinstance(content.get("knowledges"), list)


def begun_from(structure: dict[str, Any]) -> tuple[dict[str, Any], Loss]:
    """The PIA that their tool would begin from a template."""
    data = structure["data"]
    answers = [
        {"id": number, "reference_to": question, "data": _proposed(asked.answer)}
        for number, (question, asked) in enumerate(resolve(data).items(), start=1)
        if asked.answer
    ]
    measures = [
        {"id": number, "title": measure.get("title"), "content": measure.get("content")}
        for number, measure in enumerate(suggested_measures(data), start=1)
    ]
    pia = {
        "name": structure.get("name"),
        "status": 0,
        "structure_id": structure.get("id"),
        "structure_name": structure.get("name"),
        "structure_sector_name": structure.get("sector_name"),
        "structure_data": data,
    }
    root = {
        "pia": pia,
        "answers": answers,
        "measures": measures,
        "evaluations": [],
        "comments": [],
    }
    return root, Loss("structure", "a template", BEGUN)


def _proposed(answer: Any) -> dict[str, Any]:
    if isinstance(answer, list):
        return {"text": None, "gauge": None, "list": answer}
    return {"text": answer, "gauge": None, "list": []}


def read_knowledge_base(file: ForeignFile) -> Reading:
    """How much it holds; nothing of it becomes an answer."""
    entries = file.content["knowledges"]
    lost = Loss(f"{file.place}: knowledges", f"{len(entries)} entries", NO_BASE)
    name = str(file.content.get("name") or "Knowledge base")[:300]
    return Reading(name, "CNIL PIA", {"knowledge_entries": len(entries)}, losses=(lost,))
